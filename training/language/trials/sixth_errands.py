"""Ten tasks of two steps for a real agent, written after the generator of Qwen3's sixth run was
frozen.
"""

from __future__ import annotations

from training.language.trials.errand import Errand, Known

ERRANDS = (
    Errand(
        "Who painted mural 27? Nominate that person for the prize Golden Brush.",
        (
            Known(
                "mural_painter",
                "Name of the person who painted a mural.",
                {"mural": ("integer", "Number of the mural.")},
                {"mural": 27},
                "Achebola",
            ),
            Known(
                "nominate_person",
                "Nominate a person for a prize.",
                {"person": ("string", "Who is nominated."), "prize": ("string", "The prize.")},
                {"person": "Achebola", "prize": "Golden Brush"},
                "nominated",
            ),
        ),
    ),
    Errand(
        "How many fathoms deep does the wreck Corisande lie? Give me that in feet.",
        (
            Known(
                "wreck_fathoms",
                "Depth at which a wreck lies in fathoms.",
                {"wreck": ("string", "The wreck.")},
                {"wreck": "Corisande"},
                6.5,
            ),
            Known(
                "fathoms_in_feet",
                "Give fathoms in feet.",
                {"fathoms": ("number", "Depth in fathoms.")},
                {"fathoms": 6.5},
                39,
            ),
        ),
        "39",
    ),
    Errand(
        "On which track does the steam engine Juniper stand? Call the stoker Rusk to that track.",
        (
            Known(
                "track_of_engine",
                "Track on which a steam engine stands.",
                {"engine": ("string", "The steam engine.")},
                {"engine": "Juniper"},
                "track W2",
            ),
            Known(
                "call_stoker",
                "Call a stoker to a track.",
                {"track": ("string", "The track."), "stoker": ("string", "The stoker.")},
                {"track": "track W2", "stoker": "Rusk"},
                "called",
            ),
        ),
    ),
    Errand(
        "How many stamps are in the album Corvina? Add the 57 that I bought today and tell me the "
        "new number.",
        (
            Known(
                "stamps_in_album",
                "Number of stamps in an album.",
                {"album": ("string", "The album.")},
                {"album": "Corvina"},
                236,
            ),
            Known(
                "stamps_with_new",
                "Number of stamps after some were added.",
                {"stamps": ("integer", "Stamps so far."), "added": ("integer", "How many more.")},
                {"stamps": 236, "added": 57},
                293,
            ),
        ),
        "293",
    ),
    Errand(
        "Take the pulse of horse 15 and report it to the groom Sandoval.",
        (
            Known(
                "pulse_of_horse",
                "Pulse of a horse in beats per minute.",
                {"horse": ("integer", "Number of the horse.")},
                {"horse": 15},
                41,
            ),
            Known(
                "report_pulse",
                "Report a pulse to a groom.",
                {"groom": ("string", "The groom."), "pulse": ("number", "The pulse.")},
                {"groom": "Sandoval", "pulse": 41},
                "reported",
            ),
        ),
    ),
    Errand(
        "Which orchard belongs to the estate Brackenhall? Then let me know how many plum trees "
        "grow in it.",
        (
            Known(
                "orchard_of_estate",
                "Orchard that belongs to an estate.",
                {"estate": ("string", "The estate.")},
                {"estate": "Brackenhall"},
                "Winterslow Acre",
            ),
            Known(
                "plum_trees",
                "Number of plum trees that grow in an orchard.",
                {"orchard": ("string", "Name of the orchard.")},
                {"orchard": "Winterslow Acre"},
                212,
            ),
        ),
        "212",
    ),
    Errand(
        "Find the puppet that Severin carved and offer it for 85 euros.",
        (
            Known(
                "puppet_carved_by",
                "Puppet that a person carved.",
                {"carver": ("string", "The person.")},
                {"carver": "Severin"},
                "PP-735",
            ),
            Known(
                "offer_puppet",
                "Offer a puppet at a price.",
                {"puppet": ("string", "The puppet."), "euros": ("integer", "Price in euros.")},
                {"puppet": "PP-735", "euros": 85},
                "offered",
            ),
        ),
    ),
    Errand(
        "What does one meter of green velvet cost? Then work out what 3 meters cost.",
        (
            Known(
                "price_per_meter",
                "Price of one meter of a fabric.",
                {"fabric": ("string", "The fabric."), "color": ("string", "The color.")},
                {"fabric": "velvet", "color": "green"},
                16.5,
            ),
            Known(
                "price_of_meters",
                "Price of several meters.",
                {"per_meter": ("number", "Price of one."), "meters": ("integer", "How many.")},
                {"per_meter": 16.5, "meters": 3},
                49.5,
            ),
        ),
        "49.5",
    ),
    Errand(
        "Find out the grant for a rooftop garden, then award that sum to the applicant Tyrell.",
        (
            Known(
                "grant_for_project",
                "Grant for a project.",
                {"project": ("string", "The project.")},
                {"project": "rooftop garden"},
                820.5,
            ),
            Known(
                "award_grant",
                "Award a sum to an applicant.",
                {"applicant": ("string", "The applicant."), "sum": ("number", "Sum in euros.")},
                {"applicant": "Tyrell", "sum": 820.5},
                "granted",
            ),
        ),
    ),
    Errand(
        "Look up how many chairs are in the pavilion Rosegarth and tell me how many stay free "
        "when 74 guests sit down.",
        (
            Known(
                "chairs_in_pavilion",
                "Number of chairs in a pavilion.",
                {"pavilion": ("string", "The pavilion.")},
                {"pavilion": "Rosegarth"},
                150,
            ),
            Known(
                "chairs_free",
                "Chairs that stay free when guests sit down.",
                {"chairs": ("integer", "All chairs."), "guests": ("integer", "How many guests.")},
                {"chairs": 150, "guests": 74},
                76,
            ),
        ),
        "76",
    ),
)
