"""Ten tasks of two steps for a real agent, written after the generator of Qwen3's fifth run was
frozen.
"""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Who tuned organ pipe 38? Put that person on the roster Sunday.",
        (
            Known(
                "pipe_tuner",
                "Name of the person who tuned an organ pipe.",
                {"pipe": ("integer", "Number of the pipe.")},
                {"pipe": 38},
                "Vandersloot",
            ),
            Known(
                "put_on_roster",
                "Put a person on a roster.",
                {"person": ("string", "Who is put on it."), "roster": ("string", "The roster.")},
                {"person": "Vandersloot", "roster": "Sunday"},
                "entered",
            ),
        ),
    ),
    Errand(
        "How many leagues long is the trail Hollowmoor? Express that in miles.",
        (
            Known(
                "trail_leagues",
                "Length of a trail in leagues.",
                {"trail": ("string", "The trail.")},
                {"trail": "Hollowmoor"},
                4.5,
            ),
            Known(
                "leagues_in_miles",
                "Express leagues in miles.",
                {"leagues": ("number", "Length in leagues.")},
                {"leagues": 4.5},
                13.5,
            ),
        ),
        "13.5",
    ),
    Errand(
        "In which bay is the van of the puppeteer Varga parked? Direct the helper Quill to that "
        "bay.",
        (
            Known(
                "bay_of_van",
                "Bay in which the van of a puppeteer is parked.",
                {"puppeteer": ("string", "The puppeteer.")},
                {"puppeteer": "Varga"},
                "bay T6",
            ),
            Known(
                "direct_helper",
                "Direct a helper to a bay.",
                {"bay": ("string", "The bay."), "helper": ("string", "The helper.")},
                {"bay": "bay T6", "helper": "Quill"},
                "directed",
            ),
        ),
    ),
    Errand(
        "How many postcards did the museum Ellesmere print? Split them evenly over 7 stands.",
        (
            Known(
                "postcards_printed",
                "Number of postcards that a museum printed.",
                {"museum": ("string", "The museum.")},
                {"museum": "Ellesmere"},
                161,
            ),
            Known(
                "postcards_per_stand",
                "Postcards on each stand when postcards are split evenly over stands.",
                {"postcards": ("integer", "All postcards."), "stands": ("integer", "How many.")},
                {"postcards": 161, "stands": 7},
                23,
            ),
        ),
        "23",
    ),
    Errand(
        "Check the water level at sluice 12 and announce it to the barge Marigold.",
        (
            Known(
                "level_at_sluice",
                "Water level at a sluice in centimeters.",
                {"sluice": ("integer", "Number of the sluice.")},
                {"sluice": 12},
                183,
            ),
            Known(
                "announce_level",
                "Announce a water level to a barge.",
                {"barge": ("string", "The barge."), "level": ("number", "The water level.")},
                {"barge": "Marigold", "level": 183},
                "announced",
            ),
        ),
    ),
    Errand(
        "Which windmill stands on the dyke Oostvliet? After that, tell me how many sacks it grinds "
        "per day.",
        (
            Known(
                "windmill_on_dyke",
                "Windmill that stands on a dyke.",
                {"dyke": ("string", "The dyke.")},
                {"dyke": "Oostvliet"},
                "Grey Heron",
            ),
            Known(
                "sacks_per_day",
                "Number of sacks that a windmill grinds per day.",
                {"windmill": ("string", "Name of the windmill.")},
                {"windmill": "Grey Heron"},
                58,
            ),
        ),
        "58",
    ),
    Errand(
        "Look for the quilt that Philomena sewed and wash it at 30 degrees.",
        (
            Known(
                "quilt_sewn_by",
                "Quilt that a person sewed.",
                {"person": ("string", "The person.")},
                {"person": "Philomena"},
                "QL-208",
            ),
            Known(
                "wash_quilt",
                "Wash a quilt at a temperature.",
                {"quilt": ("string", "The quilt."), "degrees": ("integer", "The temperature.")},
                {"quilt": "QL-208", "degrees": 30},
                "washed",
            ),
        ),
    ),
    Errand(
        "How many rides does the carousel Pegasus make per hour in summer? Then work out the rides "
        "of 9 hours.",
        (
            Known(
                "rides_per_hour",
                "Number of rides that a carousel makes in one hour.",
                {"carousel": ("string", "The carousel."), "season": ("string", "The season.")},
                {"carousel": "Pegasus", "season": "summer"},
                14,
            ),
            Known(
                "rides_in_hours",
                "Number of rides in several hours.",
                {"per_hour": ("integer", "Rides in one."), "hours": ("integer", "How many.")},
                {"per_hour": 14, "hours": 9},
                126,
            ),
        ),
        "126",
    ),
    Errand(
        "Find out the reward for a lost ferret, then pay that out to the finder Ibarra.",
        (
            Known(
                "reward_for_animal",
                "Reward for a lost animal.",
                {"animal": ("string", "The animal.")},
                {"animal": "ferret"},
                47.5,
            ),
            Known(
                "pay_finder",
                "Pay an amount out to a finder.",
                {"finder": ("string", "The finder."), "amount": ("number", "Amount in euros.")},
                {"finder": "Ibarra", "amount": 47.5},
                "paid",
            ),
        ),
    ),
    Errand(
        "See how many lanterns hang on the pier Seabourne and tell me how many still burn after "
        "the storm put out 46 of them.",
        (
            Known(
                "lanterns_on_pier",
                "Number of lanterns that hang on a pier.",
                {"pier": ("string", "The pier.")},
                {"pier": "Seabourne"},
                132,
            ),
            Known(
                "lanterns_burning",
                "Lanterns that still burn after some were put out.",
                {"lanterns": ("integer", "All lanterns."), "out": ("integer", "How many are out.")},
                {"lanterns": 132, "out": 46},
                86,
            ),
        ),
        "86",
    ),
)
