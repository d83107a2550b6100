"""Ten tasks of two steps for a real agent; no function of theirs is known to the generator."""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "What is the fee for 9 days late? Then charge it to the member Lindqvist.",
        (
            Known(
                "library_fee",
                "Fee for a book that came back late.",
                {"days_late": ("integer", "Days after the due date.")},
                {"days_late": 9},
                4.5,
            ),
            Known(
                "charge_member",
                "Charge a fee to a member of the library.",
                {"member": ("string", "Name of the member."), "fee": ("number", "Fee in euros.")},
                {"member": "Lindqvist", "fee": 4.5},
                "charged",
            ),
        ),
    ),
    Errand(
        "Who is the captain of the Falcons? Send a fax to that person: practice at noon.",
        (
            Known(
                "team_captain",
                "Name of the captain of a team.",
                {"team": ("string", "The team.")},
                {"team": "Falcons"},
                "Oyelaran",
            ),
            Known(
                "send_fax",
                "Send a fax to a person.",
                {"to": ("string", "Who gets it."), "text": ("string", "What it says.")},
                {"to": "Oyelaran", "text": "practice at noon"},
                "sent",
            ),
        ),
    ),
    Errand(
        "Weigh the wheel B7 and add an offset of 12 to its weight.",
        (
            Known(
                "weigh_wheel",
                "Weight of a wheel of cheese in kilograms.",
                {"wheel": ("string", "Mark of the wheel.")},
                {"wheel": "B7"},
                37,
            ),
            Known(
                "add_offset",
                "Add an offset to a value.",
                {"value": ("number", "The value."), "offset": ("number", "The offset.")},
                {"value": 37, "offset": 12},
                49,
            ),
        ),
        "49",
    ),
    Errand(
        "What is the fare of the ferry from Turku to Mariehamn? Then get the total for 5 "
        "passengers.",
        (
            Known(
                "ferry_fare",
                "Fare of a ferry for one passenger.",
                {"start": ("string", "First port."), "end": ("string", "Last port.")},
                {"start": "Turku", "end": "Mariehamn"},
                18,
            ),
            Known(
                "fare_total",
                "Total of a fare for several passengers.",
                {"fare": ("number", "Fare of one."), "passengers": ("integer", "How many.")},
                {"fare": 18, "passengers": 5},
                90,
            ),
        ),
        "90",
    ),
    Errand(
        "Find the lighthouse nearest to Baltimore, then tell me the range of its lamp.",
        (
            Known(
                "nearest_lighthouse",
                "Lighthouse that is nearest to a port.",
                {"port": ("string", "The port.")},
                {"port": "Baltimore"},
                "Fastnet",
            ),
            Known(
                "lamp_range",
                "Range of the lamp of a lighthouse in kilometers.",
                {"lighthouse": ("string", "Name of the lighthouse.")},
                {"lighthouse": "Fastnet"},
                50,
            ),
        ),
        "50",
    ),
    Errand(
        "Decode the badge QX-118 and grant that person access to the zone north.",
        (
            Known(
                "decode_badge",
                "Name of the person to whom a badge belongs.",
                {"badge": ("string", "Number of the badge.")},
                {"badge": "QX-118"},
                "Marisol Quint",
            ),
            Known(
                "grant_access",
                "Grant a person access to a zone.",
                {"person": ("string", "The person."), "zone": ("string", "The zone.")},
                {"person": "Marisol Quint", "zone": "north"},
                "granted",
            ),
        ),
    ),
    Errand(
        "Measure the humidity in greenhouse 3 and log the reading under the sensor G3.",
        (
            Known(
                "greenhouse_humidity",
                "Humidity in a greenhouse in percent.",
                {"greenhouse": ("integer", "Number of the greenhouse.")},
                {"greenhouse": 3},
                61,
            ),
            Known(
                "log_reading",
                "Write the reading of a sensor into the log.",
                {"sensor": ("string", "The sensor."), "reading": ("number", "The reading.")},
                {"sensor": "G3", "reading": 61},
                "logged",
            ),
        ),
    ),
    Errand(
        "Which paint has the code 8FA? Order 4 cans of it.",
        (
            Known(
                "paint_name",
                "Name of a paint by its code.",
                {"code": ("string", "Code of the paint.")},
                {"code": "8FA"},
                "sea foam",
            ),
            Known(
                "order_cans",
                "Order cans of a paint.",
                {"paint": ("string", "Name of the paint."), "cans": ("integer", "How many.")},
                {"paint": "sea foam", "cans": 4},
                "ordered",
            ),
        ),
    ),
    Errand(
        "Get the latest build of the project Heron and promote it to staging.",
        (
            Known(
                "latest_build",
                "Newest build of a project.",
                {"project": ("string", "The project.")},
                {"project": "Heron"},
                "build-2291",
            ),
            Known(
                "promote_build",
                "Promote a build to a stage.",
                {"build": ("string", "The build."), "stage": ("string", "The stage.")},
                {"build": "build-2291", "stage": "staging"},
                "promoted",
            ),
        ),
    ),
    Errand(
        "How many foxes live in Kinver? Halve that number.",
        (
            Known(
                "fox_count",
                "Number of foxes in a forest.",
                {"forest": ("string", "The forest.")},
                {"forest": "Kinver"},
                23,
            ),
            Known(
                "halve",
                "Half of a number.",
                {"number": ("number", "The number.")},
                {"number": 23},
                11.5,
            ),
        ),
        "11.5",
    ),
)
