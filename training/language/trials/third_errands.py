"""Ten tasks of two steps for a real agent, written after the generator of Qwen3's third run was
frozen.
"""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "From which stop does the coach to Sligo leave? Show that stop on the screen lobby.",
        (
            Known(
                "coach_stop",
                "Stop from which a coach leaves.",
                {"destination": ("string", "Where the coach goes.")},
                {"destination": "Sligo"},
                "stop K4",
            ),
            Known(
                "show_on_screen",
                "Show a stop on a screen.",
                {"stop": ("string", "The stop."), "screen": ("string", "The screen.")},
                {"stop": "stop K4", "screen": "lobby"},
                "shown",
            ),
        ),
    ),
    Errand(
        "How many seats does the hall Rowan have? Spread them over 8 rows.",
        (
            Known(
                "hall_seats",
                "Number of seats in a hall.",
                {"hall": ("string", "The hall.")},
                {"hall": "Rowan"},
                136,
            ),
            Known(
                "seats_per_row",
                "Seats in each row when seats are spread over rows.",
                {"seats": ("integer", "All seats."), "rows": ("integer", "How many rows.")},
                {"seats": 136, "rows": 8},
                17,
            ),
        ),
        "17",
    ),
    Errand(
        "Which mechanic looks after tram 51? Lend that person the toolbox red.",
        (
            Known(
                "tram_mechanic",
                "Name of the mechanic who looks after a tram.",
                {"tram": ("integer", "Number of the tram.")},
                {"tram": 51},
                "Kowalczyk",
            ),
            Known(
                "lend_toolbox",
                "Lend a toolbox to a person.",
                {"person": ("string", "Who gets it."), "toolbox": ("string", "The toolbox.")},
                {"person": "Kowalczyk", "toolbox": "red"},
                "lent",
            ),
        ),
    ),
    Errand(
        "Look up the comet that Haldane discovered, then tell me in which year it returns.",
        (
            Known(
                "comet_of",
                "Comet that a person discovered.",
                {"discoverer": ("string", "The person.")},
                {"discoverer": "Haldane"},
                "Orvane",
            ),
            Known(
                "comet_return",
                "Year in which a comet returns.",
                {"comet": ("string", "Name of the comet.")},
                {"comet": "Orvane"},
                2071,
            ),
        ),
        "2071",
    ),
    Errand(
        "What is the deposit for the costume pirate? Then refund that to the guest Marchetti.",
        (
            Known(
                "costume_deposit",
                "Deposit for a costume.",
                {"costume": ("string", "The costume.")},
                {"costume": "pirate"},
                35.5,
            ),
            Known(
                "refund_guest",
                "Refund a deposit to a guest.",
                {"guest": ("string", "The guest."), "deposit": ("number", "Deposit in euros.")},
                {"guest": "Marchetti", "deposit": 35.5},
                "refunded",
            ),
        ),
    ),
    Errand(
        "How many meters deep is the well Marsden? Convert that to centimeters.",
        (
            Known(
                "well_depth",
                "Depth of a well in meters.",
                {"well": ("string", "The well.")},
                {"well": "Marsden"},
                7.5,
            ),
            Known(
                "to_centimeters",
                "Convert meters to centimeters.",
                {"meters": ("number", "Length in meters.")},
                {"meters": 7.5},
                750,
            ),
        ),
        "750",
    ),
    Errand(
        "Measure the wind at mast 4 and radio it to the boat Petrel.",
        (
            Known(
                "wind_at_mast",
                "Speed of the wind at a mast in knots.",
                {"mast": ("integer", "Number of the mast.")},
                {"mast": 4},
                28,
            ),
            Known(
                "radio_wind",
                "Radio the speed of the wind to a boat.",
                {"boat": ("string", "The boat."), "knots": ("number", "Speed of the wind.")},
                {"boat": "Petrel", "knots": 28},
                "received",
            ),
        ),
    ),
    Errand(
        "How many candles are in a box of size L from the maker Wickham? Then count the candles in "
        "6 boxes.",
        (
            Known(
                "candles_per_box",
                "Number of candles in one box.",
                {"maker": ("string", "Who makes them."), "size": ("string", "Size of the box.")},
                {"maker": "Wickham", "size": "L"},
                24,
            ),
            Known(
                "candles_in_boxes",
                "Number of candles in several boxes.",
                {"per_box": ("integer", "Candles in one."), "boxes": ("integer", "How many.")},
                {"per_box": 24, "boxes": 6},
                144,
            ),
        ),
        "144",
    ),
    Errand(
        "Find the knitting pattern that Henrike designed and print 3 copies of it.",
        (
            Known(
                "pattern_by_designer",
                "Knitting pattern that a person designed.",
                {"designer": ("string", "The person.")},
                {"designer": "Henrike"},
                "PT-614",
            ),
            Known(
                "print_pattern",
                "Print copies of a knitting pattern.",
                {"pattern": ("string", "The pattern."), "copies": ("integer", "How many.")},
                {"pattern": "PT-614", "copies": 3},
                "printed",
            ),
        ),
    ),
    Errand(
        "Look up the age of the tortoise Clementine and tell me how old it will be in 15 years.",
        (
            Known(
                "tortoise_age",
                "Age of a tortoise in years.",
                {"tortoise": ("string", "Name of the tortoise.")},
                {"tortoise": "Clementine"},
                88,
            ),
            Known(
                "age_later",
                "Age after some more years.",
                {"age": ("integer", "Age now."), "years": ("integer", "Years from now.")},
                {"age": 88, "years": 15},
                103,
            ),
        ),
        "103",
    ),
)
