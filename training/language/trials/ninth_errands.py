"""Ten tasks of two steps for a real agent, written during Qwen3's eighth run; see `sets`."""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Who restored fresco 53? Recommend that person for the post curator.",
        (
            Known(
                "fresco_restorer",
                "Name of the person who restored a fresco.",
                {"fresco": ("integer", "Number of the fresco.")},
                {"fresco": 53},
                "Halvorsen",
            ),
            Known(
                "recommend_expert",
                "Recommend a person for a post.",
                {"expert": ("string", "Who is recommended."), "post": ("string", "The post.")},
                {"expert": "Halvorsen", "post": "curator"},
                "recommended",
            ),
        ),
    ),
    Errand(
        "How many hands high is the stallion Mercutio? Tell me that in inches.",
        (
            Known(
                "stallion_hands",
                "Height of a stallion in hands.",
                {"stallion": ("string", "The stallion.")},
                {"stallion": "Mercutio"},
                14.5,
            ),
            Known(
                "hands_in_inches",
                "Tell hands in inches.",
                {"hands": ("number", "Height in hands.")},
                {"hands": 14.5},
                58,
            ),
        ),
        "58",
    ),
    Errand(
        "On which terrace does the falconer Drummond wait? Guide the photographer Lisle to that "
        "terrace.",
        (
            Known(
                "terrace_of_falconer",
                "Terrace on which a falconer waits.",
                {"falconer": ("string", "The falconer.")},
                {"falconer": "Drummond"},
                "terrace Q8",
            ),
            Known(
                "guide_photographer",
                "Guide a photographer to a terrace.",
                {
                    "terrace": ("string", "The terrace."),
                    "photographer": ("string", "The photographer."),
                },
                {"terrace": "terrace Q8", "photographer": "Lisle"},
                "guided",
            ),
        ),
    ),
    Errand(
        "How many skeins did the spinnery Oakhurst spin? Divide them equally among 9 weavers and "
        "tell me how many each of them gets.",
        (
            Known(
                "skeins_spun",
                "Number of skeins that a spinnery spun.",
                {"spinnery": ("string", "The spinnery.")},
                {"spinnery": "Oakhurst"},
                189,
            ),
            Known(
                "skeins_per_weaver",
                "Number of skeins that each weaver gets.",
                {
                    "skeins": ("integer", "All skeins."),
                    "weavers": ("integer", "How many weavers."),
                },
                {"skeins": 189, "weavers": 9},
                21,
            ),
        ),
        "21",
    ),
    Errand(
        "Measure the voltage of generator 36 and text it to the electrician Ostrander.",
        (
            Known(
                "voltage_of_generator",
                "Voltage of a generator in volts.",
                {"generator": ("integer", "Number of the generator.")},
                {"generator": 36},
                231,
            ),
            Known(
                "text_electrician",
                "Text a voltage to an electrician.",
                {
                    "electrician": ("string", "The electrician."),
                    "voltage": ("number", "The voltage."),
                },
                {"electrician": "Ostrander", "voltage": 231},
                "texted",
            ),
        ),
    ),
    Errand(
        "Which aviary belongs to the park Linmere? I would also like to hear how many parrots "
        "live in it.",
        (
            Known(
                "aviary_of_park",
                "Aviary that belongs to a park.",
                {"park": ("string", "The park.")},
                {"park": "Linmere"},
                "Feather Court",
            ),
            Known(
                "parrots_in",
                "Number of parrots that live in an aviary.",
                {"aviary": ("string", "Name of the aviary.")},
                {"aviary": "Feather Court"},
                43,
            ),
        ),
        "43",
    ),
    Errand(
        "Search for the tapestry that Ambrosine wove and hang it at a height of 180 centimeters.",
        (
            Known(
                "tapestry_woven_by",
                "Tapestry that a person wove.",
                {"weaver": ("string", "The person.")},
                {"weaver": "Ambrosine"},
                "TY-519",
            ),
            Known(
                "hang_tapestry",
                "Hang a tapestry at a height.",
                {
                    "tapestry": ("string", "The tapestry."),
                    "centimeters": ("integer", "Height in centimeters."),
                },
                {"tapestry": "TY-519", "centimeters": 180},
                "hung",
            ),
        ),
    ),
    Errand(
        "How many liters of paint does the sprayer Calypso need per wall with the nozzle wide? "
        "Then calculate the liters for 6 walls.",
        (
            Known(
                "liters_per_wall",
                "Liters of paint that a sprayer needs for one wall.",
                {"sprayer": ("string", "The sprayer."), "nozzle": ("string", "The nozzle.")},
                {"sprayer": "Calypso", "nozzle": "wide"},
                3.75,
            ),
            Known(
                "liters_for_walls",
                "Liters needed for several walls.",
                {"per_wall": ("number", "Liters for one."), "walls": ("integer", "How many.")},
                {"per_wall": 3.75, "walls": 6},
                22.5,
            ),
        ),
        "22.5",
    ),
    Errand(
        "What is the royalty for the genre fable? Then remit that to the novelist Iqbal.",
        (
            Known(
                "royalty_for_genre",
                "Royalty for a genre.",
                {"genre": ("string", "The genre.")},
                {"genre": "fable"},
                94.5,
            ),
            Known(
                "remit_royalty",
                "Remit a royalty to a novelist.",
                {
                    "novelist": ("string", "The novelist."),
                    "royalty": ("number", "Royalty in euros."),
                },
                {"novelist": "Iqbal", "royalty": 94.5},
                "remitted",
            ),
        ),
    ),
    Errand(
        "Ask how many sledges are in the depot Kvitfjell and tell me how many are still there "
        "once 37 are lent out.",
        (
            Known(
                "sledges_in_depot",
                "Number of sledges in a depot.",
                {"depot": ("string", "The depot.")},
                {"depot": "Kvitfjell"},
                112,
            ),
            Known(
                "sledges_still_there",
                "Sledges that are still there after some are lent out.",
                {
                    "sledges": ("integer", "All sledges."),
                    "lent_out": ("integer", "How many are lent out."),
                },
                {"sledges": 112, "lent_out": 37},
                75,
            ),
        ),
        "75",
    ),
)
