"""Ten further tasks of two steps for a real agent, written after the generator was frozen.

A few functions happen to bear names that the generator has, too, beside other ones.
"""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Which tea is on shelf 2C? Reserve 6 boxes of it.",
        (
            Known(
                "tea_on_shelf",
                "Name of the tea on a shelf.",
                {"shelf": ("string", "The shelf.")},
                {"shelf": "2C"},
                "smoky oolong",
            ),
            Known(
                "reserve_boxes",
                "Reserve boxes of a tea.",
                {"tea": ("string", "Name of the tea."), "boxes": ("integer", "How many.")},
                {"tea": "smoky oolong", "boxes": 6},
                "reserved",
            ),
        ),
    ),
    Errand(
        "Read the water meter M-40 and subtract 150 from the reading.",
        (
            Known(
                "read_meter",
                "Reading of a water meter in cubic meters.",
                {"meter": ("string", "Mark of the meter.")},
                {"meter": "M-40"},
                412,
            ),
            Known(
                "subtract_amount",
                "Subtract an amount from a value.",
                {"value": ("number", "The value."), "amount": ("number", "The amount.")},
                {"value": 412, "amount": 150},
                262,
            ),
        ),
        "262",
    ),
    Errand(
        "Who is on duty in the ward Birch? Page that person with the message: bring the keys.",
        (
            Known(
                "nurse_on_duty",
                "Name of the nurse on duty in a ward.",
                {"ward": ("string", "The ward.")},
                {"ward": "Birch"},
                "Abernathy",
            ),
            Known(
                "page_person",
                "Page a person with a message.",
                {"person": ("string", "Who is paged."), "message": ("string", "The message.")},
                {"person": "Abernathy", "message": "bring the keys"},
                "paged",
            ),
        ),
    ),
    Errand(
        "Find the oldest bridge in Wexcombe, then tell me how long it is.",
        (
            Known(
                "oldest_bridge",
                "Oldest bridge in a town.",
                {"town": ("string", "The town.")},
                {"town": "Wexcombe"},
                "Millbrook Arch",
            ),
            Known(
                "bridge_length",
                "Length of a bridge in meters.",
                {"bridge": ("string", "Name of the bridge.")},
                {"bridge": "Millbrook Arch"},
                64,
            ),
        ),
        "64",
    ),
    Errand(
        "What does the repair of a cracked screen cost? Then put that on the bill of the customer "
        "Ekholm.",
        (
            Known(
                "repair_cost",
                "Cost of a repair.",
                {"damage": ("string", "What is to be repaired.")},
                {"damage": "cracked screen"},
                89.5,
            ),
            Known(
                "add_to_bill",
                "Put a cost on the bill of a customer.",
                {"customer": ("string", "The customer."), "cost": ("number", "Cost in euros.")},
                {"customer": "Ekholm", "cost": 89.5},
                "added",
            ),
        ),
    ),
    Errand(
        "How many kilograms of honey did the village Tolmin harvest? Triple that number.",
        (
            Known(
                "honey_harvest",
                "Honey that a village harvested in kilograms.",
                {"village": ("string", "The village.")},
                {"village": "Tolmin"},
                17.5,
            ),
            Known(
                "triple",
                "Three times a number.",
                {"number": ("number", "The number.")},
                {"number": 17.5},
                52.5,
            ),
        ),
        "52.5",
    ),
    Errand(
        "Take the temperature of kiln 5 and save it for the batch T12.",
        (
            Known(
                "kiln_temperature",
                "Temperature of a kiln in degrees.",
                {"kiln": ("integer", "Number of the kiln.")},
                {"kiln": 5},
                985,
            ),
            Known(
                "save_temperature",
                "Save the temperature of a batch.",
                {"batch": ("string", "The batch."), "degrees": ("number", "The temperature.")},
                {"batch": "T12", "degrees": 985},
                "saved",
            ),
        ),
    ),
    Errand(
        "Look up who owns the bike FN-7730 and invite that person to the workshop west.",
        (
            Known(
                "bike_owner",
                "Name of the person who owns a bike.",
                {"bike": ("string", "Number of the bike.")},
                {"bike": "FN-7730"},
                "Ottilie Crane",
            ),
            Known(
                "invite_person",
                "Invite a person to a workshop.",
                {"person": ("string", "The person."), "workshop": ("string", "The workshop.")},
                {"person": "Ottilie Crane", "workshop": "west"},
                "invited",
            ),
        ),
    ),
    Errand(
        "What does a kayak with 2 seats cost per hour in Ohrid? Then work out the price of 3 "
        "hours.",
        (
            Known(
                "kayak_rate",
                "What a kayak costs per hour.",
                {"place": ("string", "Where it is."), "seats": ("integer", "How many seats.")},
                {"place": "Ohrid", "seats": 2},
                14,
            ),
            Known(
                "rental_price",
                "Price of a rental for several hours.",
                {"rate": ("number", "Price of one hour."), "hours": ("integer", "How many.")},
                {"rate": 14, "hours": 3},
                42,
            ),
        ),
        "42",
    ),
    Errand(
        "Get the newest recording of the choir Larkspur and publish it on the channel friends.",
        (
            Known(
                "newest_recording",
                "Newest recording of a choir.",
                {"choir": ("string", "The choir.")},
                {"choir": "Larkspur"},
                "rec-0458",
            ),
            Known(
                "publish_recording",
                "Publish a recording on a channel.",
                {"recording": ("string", "The recording."), "channel": ("string", "The channel.")},
                {"recording": "rec-0458", "channel": "friends"},
                "published",
            ),
        ),
    ),
)
