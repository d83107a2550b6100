"""Ten tasks of two steps for a real agent, of the tenth set; see `tenth`."""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Who repaired clock 53? Propose that person for the rank master.",
        (
            Known(
                "clock_repairer",
                "Name of the person who repaired a clock.",
                {"clock": ("integer", "Number of the clock.")},
                {"clock": 53},
                "Ogunleye",
            ),
            Known(
                "propose_person",
                "Propose a person for a rank.",
                {"person": ("string", "Who is proposed."), "rank": ("string", "The rank.")},
                {"person": "Ogunleye", "rank": "master"},
                "proposed",
            ),
        ),
    ),
    Errand(
        "How many hands tall is the mare Galatea? Express that in inches.",
        (
            Known(
                "mare_hands",
                "Height of a mare in hands.",
                {"mare": ("string", "The mare.")},
                {"mare": "Galatea"},
                14.5,
            ),
            Known(
                "hands_in_inches",
                "Express hands in inches.",
                {"hands": ("number", "Height in hands.")},
                {"hands": 14.5},
                58,
            ),
        ),
        "58",
    ),
    Errand(
        "At which berth does the tugboat Marigold lie? Order the welder Castellanos to that berth.",
        (
            Known(
                "berth_of_tugboat",
                "Berth at which a tugboat lies.",
                {"tugboat": ("string", "The tugboat.")},
                {"tugboat": "Marigold"},
                "berth K7",
            ),
            Known(
                "order_welder",
                "Order a welder to a berth.",
                {"berth": ("string", "The berth."), "welder": ("string", "The welder.")},
                {"berth": "berth K7", "welder": "Castellanos"},
                "ordered",
            ),
        ),
    ),
    Errand(
        "How many pearls did the farm Tidewell harvest? String bracelets of 18 and tell me how "
        "many bracelets there are.",
        (
            Known(
                "pearls_harvested",
                "Number of pearls that a farm harvested.",
                {"farm": ("string", "The farm.")},
                {"farm": "Tidewell"},
                396,
            ),
            Known(
                "bracelets_of_pearls",
                "Number of bracelets that pearls make.",
                {
                    "pearls": ("integer", "All pearls."),
                    "per_bracelet": ("integer", "Pearls in one bracelet."),
                },
                {"pearls": 396, "per_bracelet": 18},
                22,
            ),
        ),
        "22",
    ),
    Errand(
        "Measure the tension of cable 64 and send it to the engineer Achterberg.",
        (
            Known(
                "tension_of_cable",
                "Tension of a cable in kilonewtons.",
                {"cable": ("integer", "Number of the cable.")},
                {"cable": 64},
                38,
            ),
            Known(
                "send_tension",
                "Send a tension to an engineer.",
                {
                    "engineer": ("string", "The engineer."),
                    "tension": ("number", "The tension."),
                },
                {"engineer": "Achterberg", "tension": 38},
                "sent",
            ),
        ),
    ),
    Errand(
        "Which vineyard supplies the inn Castlemere? After that, tell me how many rows of vines "
        "it has.",
        (
            Known(
                "vineyard_of_inn",
                "Vineyard that supplies an inn.",
                {"inn": ("string", "The inn.")},
                {"inn": "Castlemere"},
                "Saddler Slope",
            ),
            Known(
                "rows_of_vines",
                "Number of rows of vines that a vineyard has.",
                {"vineyard": ("string", "Name of the vineyard.")},
                {"vineyard": "Saddler Slope"},
                128,
            ),
        ),
        "128",
    ),
    Errand(
        "Find the quilt that Rosalba sewed and rent it out for 30 days.",
        (
            Known(
                "quilt_sewn_by",
                "Quilt that a person sewed.",
                {"sewer": ("string", "The person.")},
                {"sewer": "Rosalba"},
                "QT-618",
            ),
            Known(
                "rent_out_quilt",
                "Rent out a quilt for some days.",
                {"quilt": ("string", "The quilt."), "days": ("integer", "How many days.")},
                {"quilt": "QT-618", "days": 30},
                "rented out",
            ),
        ),
    ),
    Errand(
        "How many pages does the printer Cobalt print per minute in the quality draft? Then work "
        "out the pages of 9 minutes.",
        (
            Known(
                "pages_per_minute",
                "Number of pages that a printer prints in one minute.",
                {"printer": ("string", "The printer."), "quality": ("string", "The quality.")},
                {"printer": "Cobalt", "quality": "draft"},
                26,
            ),
            Known(
                "pages_in_minutes",
                "Number of pages in several minutes.",
                {"per_minute": ("integer", "Pages in one."), "minutes": ("integer", "How many.")},
                {"per_minute": 26, "minutes": 9},
                234,
            ),
        ),
        "234",
    ),
    Errand(
        "What is the fee for the workshop glassblowing? Then refund that to the member Haverkamp.",
        (
            Known(
                "workshop_fee",
                "Fee for a workshop.",
                {"workshop": ("string", "The workshop.")},
                {"workshop": "glassblowing"},
                73.5,
            ),
            Known(
                "refund_member",
                "Refund an amount to a member.",
                {"member": ("string", "The member."), "amount": ("number", "Amount in euros.")},
                {"member": "Haverkamp", "amount": 73.5},
                "refunded",
            ),
        ),
    ),
    Errand(
        "See how many canoes lie in the boathouse Tanglewood and tell me how many are still there "
        "once 18 of them are rented.",
        (
            Known(
                "canoes_in_boathouse",
                "Number of canoes in a boathouse.",
                {"boathouse": ("string", "The boathouse.")},
                {"boathouse": "Tanglewood"},
                45,
            ),
            Known(
                "canoes_still_there",
                "Canoes that are still there after some are rented.",
                {"canoes": ("integer", "All canoes."), "rented": ("integer", "How many are out.")},
                {"canoes": 45, "rented": 18},
                27,
            ),
        ),
        "27",
    ),
)
