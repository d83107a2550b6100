"""Ten tasks of two steps for a real agent, written after the generator of Qwen3's eighth run was
frozen.
"""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Who takes care of bonsai 73? Register that person for the excursion moss temple.",
        (
            Known(
                "bonsai_caretaker",
                "Name of the person who takes care of a bonsai.",
                {"bonsai": ("integer", "Number of the bonsai.")},
                {"bonsai": 73},
                "Kuznetsova",
            ),
            Known(
                "register_person",
                "Register a person for an excursion.",
                {
                    "person": ("string", "Who is registered."),
                    "excursion": ("string", "The excursion."),
                },
                {"person": "Kuznetsova", "excursion": "moss temple"},
                "registered",
            ),
        ),
    ),
    Errand(
        "How many hands tall is the pony Thistledown? Put that in inches.",
        (
            Known(
                "pony_hands",
                "Height of a pony in hands.",
                {"pony": ("string", "The pony.")},
                {"pony": "Thistledown"},
                12.5,
            ),
            Known(
                "hands_in_inches",
                "Put hands in inches.",
                {"hands": ("number", "Height in hands.")},
                {"hands": 12.5},
                50,
            ),
        ),
        "50",
    ),
    Errand(
        "In which studio does the sculptor Bellweather work? Guide the collector Prakash to that "
        "studio.",
        (
            Known(
                "studio_of_sculptor",
                "Studio in which a sculptor works.",
                {"sculptor": ("string", "The sculptor.")},
                {"sculptor": "Bellweather"},
                "studio H8",
            ),
            Known(
                "guide_collector",
                "Guide a collector to a studio.",
                {"studio": ("string", "The studio."), "collector": ("string", "The collector.")},
                {"studio": "studio H8", "collector": "Prakash"},
                "guided",
            ),
        ),
    ),
    Errand(
        "How many buttons did the tailor Tarrant order? Sew them on coats with 9 buttons each and "
        "report how many coats that gives.",
        (
            Known(
                "buttons_ordered",
                "Number of buttons that a tailor ordered.",
                {"tailor": ("string", "The tailor.")},
                {"tailor": "Tarrant"},
                144,
            ),
            Known(
                "coats_for_buttons",
                "Number of coats on which buttons are sewn.",
                {
                    "buttons": ("integer", "All buttons."),
                    "per_coat": ("integer", "Buttons on one coat."),
                },
                {"buttons": 144, "per_coat": 9},
                16,
            ),
        ),
        "16",
    ),
    Errand(
        "Read off the tension of cable 64 and forward it to the engineer Dimitriou.",
        (
            Known(
                "tension_of_cable",
                "Tension of a cable in kilonewtons.",
                {"cable": ("integer", "Number of the cable.")},
                {"cable": 64},
                37,
            ),
            Known(
                "forward_tension",
                "Forward a tension to an engineer.",
                {
                    "engineer": ("string", "The engineer."),
                    "tension": ("number", "The tension."),
                },
                {"engineer": "Dimitriou", "tension": 37},
                "forwarded",
            ),
        ),
    ),
    Errand(
        "Which reef lies off the island Caldermouth? Please tell me as well how many species of "
        "sponge grow on it.",
        (
            Known(
                "reef_off_island",
                "Reef that lies off an island.",
                {"island": ("string", "The island.")},
                {"island": "Caldermouth"},
                "Pale Shoal",
            ),
            Known(
                "sponge_species",
                "Number of species of sponge that grow on a reef.",
                {"reef": ("string", "Name of the reef.")},
                {"reef": "Pale Shoal"},
                93,
            ),
        ),
        "93",
    ),
    Errand(
        "Get the kite that Ambrose stitched and rent it out for 4 days.",
        (
            Known(
                "kite_stitched_by",
                "Kite that a person stitched.",
                {"maker": ("string", "The person.")},
                {"maker": "Ambrose"},
                "KT-591",
            ),
            Known(
                "rent_out_kite",
                "Rent a kite out for some days.",
                {"kite": ("string", "The kite."), "days": ("integer", "How many days.")},
                {"kite": "KT-591", "days": 4},
                "rented out",
            ),
        ),
    ),
    Errand(
        "How many kilometers does the caravan Sirocco cover per day at the pace gentle? Then "
        "calculate the kilometers of 5 days.",
        (
            Known(
                "kilometers_per_day",
                "Kilometers that a caravan covers in one day.",
                {"caravan": ("string", "The caravan."), "pace": ("string", "The pace.")},
                {"caravan": "Sirocco", "pace": "gentle"},
                27.5,
            ),
            Known(
                "kilometers_in_days",
                "Kilometers covered in several days.",
                {"per_day": ("number", "Kilometers in one."), "days": ("integer", "How many.")},
                {"per_day": 27.5, "days": 5},
                137.5,
            ),
        ),
        "137.5",
    ),
    Errand(
        "What is the allowance for the route Carpathia? Then credit that to the courier Zielinski.",
        (
            Known(
                "route_allowance",
                "Allowance for a route.",
                {"route": ("string", "The route.")},
                {"route": "Carpathia"},
                138.5,
            ),
            Known(
                "credit_courier",
                "Credit an allowance to a courier.",
                {
                    "courier": ("string", "The courier."),
                    "allowance": ("number", "Allowance in euros."),
                },
                {"courier": "Zielinski", "allowance": 138.5},
                "credited",
            ),
        ),
    ),
    Errand(
        "Find out how many barrels lie in the vault Grimsdale and say how many stay behind once "
        "the innkeeper collects 48.",
        (
            Known(
                "barrels_in_vault",
                "Number of barrels that lie in a vault.",
                {"vault": ("string", "The vault.")},
                {"vault": "Grimsdale"},
                131,
            ),
            Known(
                "barrels_behind",
                "Barrels that stay behind after some are collected.",
                {
                    "barrels": ("integer", "All barrels."),
                    "collected": ("integer", "How many are collected."),
                },
                {"barrels": 131, "collected": 48},
                83,
            ),
        ),
        "83",
    ),
)
