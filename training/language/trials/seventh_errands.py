"""Ten tasks of two steps for a real agent, written after the generator of Qwen3's seventh run was
frozen.
"""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Who is the keeper of aquarium 46? Enroll that person in the course first aid.",
        (
            Known(
                "aquarium_keeper",
                "Name of the keeper of an aquarium.",
                {"aquarium": ("integer", "Number of the aquarium.")},
                {"aquarium": 46},
                "Mbatha",
            ),
            Known(
                "enroll_person",
                "Enroll a person in a course.",
                {"person": ("string", "Who is enrolled."), "course": ("string", "The course.")},
                {"person": "Mbatha", "course": "first aid"},
                "enrolled",
            ),
        ),
    ),
    Errand(
        "How many stone does the bell Ethelburga weigh? Say that in pounds.",
        (
            Known(
                "bell_stone",
                "Weight of a bell in stone.",
                {"bell": ("string", "The bell.")},
                {"bell": "Ethelburga"},
                5.5,
            ),
            Known(
                "stone_in_pounds",
                "Say stone in pounds.",
                {"stone": ("number", "Weight in stone.")},
                {"stone": 5.5},
                77,
            ),
        ),
        "77",
    ),
    Errand(
        "In which cabin does the violinist Esterhazy sleep? Dispatch the steward Pomeroy to that "
        "cabin.",
        (
            Known(
                "cabin_of_violinist",
                "Cabin in which a violinist sleeps.",
                {"violinist": ("string", "The violinist.")},
                {"violinist": "Esterhazy"},
                "cabin N5",
            ),
            Known(
                "dispatch_steward",
                "Dispatch a steward to a cabin.",
                {"cabin": ("string", "The cabin."), "steward": ("string", "The steward.")},
                {"cabin": "cabin N5", "steward": "Pomeroy"},
                "dispatched",
            ),
        ),
    ),
    Errand(
        "How many bottles did the cidery Appledore fill? Pack them into crates of 12 and tell me "
        "how many crates that makes.",
        (
            Known(
                "bottles_filled",
                "Number of bottles that a cidery filled.",
                {"cidery": ("string", "The cidery.")},
                {"cidery": "Appledore"},
                168,
            ),
            Known(
                "crates_for_bottles",
                "Number of crates into which bottles are packed.",
                {
                    "bottles": ("integer", "All bottles."),
                    "per_crate": ("integer", "Bottles in one crate."),
                },
                {"bottles": 168, "per_crate": 12},
                14,
            ),
        ),
        "14",
    ),
    Errand(
        "Test the salinity of pond 31 and pass it on to the biologist Ferreira.",
        (
            Known(
                "salinity_of_pond",
                "Salinity of a pond in grams per liter.",
                {"pond": ("integer", "Number of the pond.")},
                {"pond": 31},
                26,
            ),
            Known(
                "tell_biologist",
                "Pass a salinity on to a biologist.",
                {
                    "biologist": ("string", "The biologist."),
                    "salinity": ("number", "The salinity."),
                },
                {"biologist": "Ferreira", "salinity": 26},
                "passed on",
            ),
        ),
    ),
    Errand(
        "Which observatory belongs to the college Stanmere? I also want to know how many "
        "telescopes it has.",
        (
            Known(
                "observatory_of_college",
                "Observatory that belongs to a college.",
                {"college": ("string", "The college.")},
                {"college": "Stanmere"},
                "Cold Ridge",
            ),
            Known(
                "telescopes_in",
                "Number of telescopes that an observatory has.",
                {"observatory": ("string", "Name of the observatory.")},
                {"observatory": "Cold Ridge"},
                17,
            ),
        ),
        "17",
    ),
    Errand(
        "Look up the vase that Leontine glazed and insure it for 640 euros.",
        (
            Known(
                "vase_glazed_by",
                "Vase that a person glazed.",
                {"potter": ("string", "The person.")},
                {"potter": "Leontine"},
                "VS-482",
            ),
            Known(
                "insure_vase",
                "Insure a vase for a sum.",
                {"vase": ("string", "The vase."), "euros": ("integer", "Sum in euros.")},
                {"vase": "VS-482", "euros": 640},
                "insured",
            ),
        ),
    ),
    Errand(
        "How many liters does the fountain Undine use per hour in the mode dance? Then figure out "
        "the liters of 5 hours.",
        (
            Known(
                "liters_per_hour",
                "Liters that a fountain uses in one hour.",
                {"fountain": ("string", "The fountain."), "mode": ("string", "The mode.")},
                {"fountain": "Undine", "mode": "dance"},
                34.5,
            ),
            Known(
                "liters_in_hours",
                "Liters used in several hours.",
                {"per_hour": ("number", "Liters in one."), "hours": ("integer", "How many.")},
                {"per_hour": 34.5, "hours": 5},
                172.5,
            ),
        ),
        "172.5",
    ),
    Errand(
        "What is the prize money for the category leeks? Then hand that over to the grower "
        "Nystrom.",
        (
            Known(
                "prize_money",
                "Prize money for a category.",
                {"category": ("string", "The category.")},
                {"category": "leeks"},
                115.5,
            ),
            Known(
                "hand_over_money",
                "Hand an amount over to a grower.",
                {"grower": ("string", "The grower."), "amount": ("number", "Amount in euros.")},
                {"grower": "Nystrom", "amount": 115.5},
                "handed over",
            ),
        ),
    ),
    Errand(
        "Count the tents on the fairground Halloway and let me know how many remain after the "
        "crew takes down 39.",
        (
            Known(
                "tents_on_fairground",
                "Number of tents on a fairground.",
                {"fairground": ("string", "The fairground.")},
                {"fairground": "Halloway"},
                124,
            ),
            Known(
                "tents_remaining",
                "Tents that remain after some are taken down.",
                {"tents": ("integer", "All tents."), "down": ("integer", "How many are down.")},
                {"tents": 124, "down": 39},
                85,
            ),
        ),
        "85",
    ),
)
