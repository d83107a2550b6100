"""Ten tasks of two steps for a real agent, written after the generator of Qwen3's fourth run was
frozen.
"""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Which diver inspected buoy 62? Award that person the medal silver.",
        (
            Known(
                "buoy_diver",
                "Name of the diver who inspected a buoy.",
                {"buoy": ("integer", "Number of the buoy.")},
                {"buoy": 62},
                "Nakagawa",
            ),
            Known(
                "hand_medal",
                "Award a medal to a person.",
                {"person": ("string", "Who gets it."), "medal": ("string", "The medal.")},
                {"person": "Nakagawa", "medal": "silver"},
                "awarded",
            ),
        ),
    ),
    Errand(
        "How many weeks does the voyage of the schooner Isolde last? Turn that into days.",
        (
            Known(
                "voyage_weeks",
                "Length of the voyage of a schooner in weeks.",
                {"schooner": ("string", "The schooner.")},
                {"schooner": "Isolde"},
                6.5,
            ),
            Known(
                "weeks_in_days",
                "Turn weeks into days.",
                {"weeks": ("number", "Time in weeks.")},
                {"weeks": 6.5},
                45.5,
            ),
        ),
        "45.5",
    ),
    Errand(
        "At which table does the chess player Fontaine sit? Send the referee Blom to that table.",
        (
            Known(
                "table_of_player",
                "Table at which a chess player sits.",
                {"player": ("string", "The chess player.")},
                {"player": "Fontaine"},
                "table R9",
            ),
            Known(
                "send_referee",
                "Send a referee to a table.",
                {"table": ("string", "The table."), "referee": ("string", "The referee.")},
                {"table": "table R9", "referee": "Blom"},
                "on the way",
            ),
        ),
    ),
    Errand(
        "How many bulbs did the nursery Aldersey deliver? Share them among 6 flower beds.",
        (
            Known(
                "bulbs_delivered",
                "Number of bulbs that a nursery delivered.",
                {"nursery": ("string", "The nursery.")},
                {"nursery": "Aldersey"},
                114,
            ),
            Known(
                "bulbs_per_bed",
                "Bulbs in each bed when bulbs are shared among flower beds.",
                {"bulbs": ("integer", "All bulbs."), "beds": ("integer", "How many beds.")},
                {"bulbs": 114, "beds": 6},
                19,
            ),
        ),
        "19",
    ),
    Errand(
        "Gauge the snow at hut 9 and post it for the slope Arvenhorn.",
        (
            Known(
                "snow_at_hut",
                "Depth of the snow at a hut in centimeters.",
                {"hut": ("integer", "Number of the hut.")},
                {"hut": 9},
                145,
            ),
            Known(
                "post_snow",
                "Post the depth of the snow for a slope.",
                {"slope": ("string", "The slope."), "depth": ("number", "Depth of the snow.")},
                {"slope": "Arvenhorn", "depth": 145},
                "posted",
            ),
        ),
    ),
    Errand(
        "Find the cave that lies under the hill Skarrow, then tell me how many bats sleep in it.",
        (
            Known(
                "cave_under",
                "Cave that lies under a hill.",
                {"hill": ("string", "The hill.")},
                {"hill": "Skarrow"},
                "Dunmere Hollow",
            ),
            Known(
                "bats_in_cave",
                "Number of bats that sleep in a cave.",
                {"cave": ("string", "Name of the cave.")},
                {"cave": "Dunmere Hollow"},
                340,
            ),
        ),
        "340",
    ),
    Errand(
        "Search for the song that Tamsin requested and play it 2 times.",
        (
            Known(
                "requested_song",
                "Song that a listener requested.",
                {"listener": ("string", "The listener.")},
                {"listener": "Tamsin"},
                "TR-927",
            ),
            Known(
                "broadcast_song",
                "Play a song several times.",
                {"song": ("string", "The song."), "times": ("integer", "How many times.")},
                {"song": "TR-927", "times": 2},
                "played",
            ),
        ),
    ),
    Errand(
        "How many loaves does the bakery Pellworm bake per night in winter? Then get the loaves of "
        "7 nights.",
        (
            Known(
                "loaves_per_night",
                "Number of loaves that a bakery bakes in one night.",
                {"bakery": ("string", "The bakery."), "season": ("string", "The season.")},
                {"bakery": "Pellworm", "season": "winter"},
                85,
            ),
            Known(
                "loaves_in_nights",
                "Number of loaves in several nights.",
                {"per_night": ("integer", "Loaves in one."), "nights": ("integer", "How many.")},
                {"per_night": 85, "nights": 7},
                595,
            ),
        ),
        "595",
    ),
    Errand(
        "What does the magazine pay for a crossword? Then transfer that to the author Szabo.",
        (
            Known(
                "magazine_pay",
                "What the magazine pays for a piece.",
                {"piece": ("string", "Kind of the piece.")},
                {"piece": "crossword"},
                62.5,
            ),
            Known(
                "transfer_to_author",
                "Transfer an amount to an author.",
                {"author": ("string", "The author."), "amount": ("number", "Amount in euros.")},
                {"author": "Szabo", "amount": 62.5},
                "transferred",
            ),
        ),
    ),
    Errand(
        "Check how many sheep graze on the meadow Lyngby and tell me how many are left once 27 of "
        "them are sold.",
        (
            Known(
                "sheep_on_meadow",
                "Number of sheep on a meadow.",
                {"meadow": ("string", "The meadow.")},
                {"meadow": "Lyngby"},
                96,
            ),
            Known(
                "sheep_left",
                "Sheep that are left after some are sold.",
                {"sheep": ("integer", "Sheep now."), "sold": ("integer", "How many are sold.")},
                {"sheep": 96, "sold": 27},
                69,
            ),
        ),
        "69",
    ),
)
