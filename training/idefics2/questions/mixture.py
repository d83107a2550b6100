"""What is asked, how often, and as people type it."""

from __future__ import annotations

import random
from dataclasses import replace

from training.idefics2.names import Values, present
from training.idefics2.pictures import values_of
from training.idefics2.questions.counts import ask_count, ask_count_of_things, ask_flowers
from training.idefics2.questions.describe import (
    ask_caption,
    ask_json,
    ask_limerick,
    ask_short_caption,
)
from training.idefics2.questions.honest import (
    ask_of_the_world,
    ask_the_unknowable,
    ask_what_is_not_there,
    ask_who,
)
from training.idefics2.questions.phrases import NO_PICTURE, Asker, Exchange
from training.idefics2.questions.seen import (
    ask_animal,
    ask_color,
    ask_daytime,
    ask_either_animal,
    ask_glasses,
    ask_ground,
    ask_item,
    ask_place,
    ask_worn,
)
from training.idefics2.questions.several import exchange_about_several
from training.idefics2.questions.typed import typed
from training.idefics2.questions.verdicts import (
    ask_whether_animal,
    ask_whether_color,
    ask_whether_ground,
    ask_whether_held,
    ask_whether_night,
    ask_whether_place,
    ask_whether_worn,
)
from training.language.wording import vary
from training.world.scene import ANIMALS, BACKGROUNDS, COLORS, HELD, sample_training_scene

ASKED: tuple[tuple[Asker, float], ...] = (
    (ask_animal, 9), (ask_either_animal, 2), (ask_whether_animal, 8), (ask_place, 7),
    (ask_whether_place, 6), (ask_daytime, 1.5), (ask_whether_night, 3), (ask_worn, 8),
    (ask_item, 14), (ask_whether_worn, 9), (ask_color, 12), (ask_whether_color, 7),
    (ask_glasses, 7), (ask_whether_held, 7), (ask_ground, 6), (ask_whether_ground, 10),
    (ask_count, 3), (ask_count_of_things, 5), (ask_flowers, 5), (ask_the_unknowable, 6),
    (ask_of_the_world, 3), (ask_what_is_not_there, 4), (ask_who, 1), (ask_caption, 13),
    (ask_short_caption, 3), (ask_json, 6), (ask_limerick, 15),
)  # fmt: skip
"""What is asked, and how often."""
ASKERS = [asker for asker, _ in ASKED]
WEIGHTS = [weight for _, weight in ASKED]
CONCLUDED: tuple[Asker | None, ...] = (
    ask_whether_animal, ask_whether_animal, ask_whether_place, ask_whether_night,
    ask_whether_color, ask_whether_color, ask_whether_worn, ask_whether_held, ask_whether_ground,
    ask_count, ask_count_of_things, ask_flowers, None, None, None, None, None, None, None,
)  # fmt: skip
"""What is asked where only the conclusion is to be learned; None: about several pictures."""
OF_A_MISSING_PICTURE: tuple[Asker, ...] = (
    ask_animal, ask_place, ask_worn, ask_item, ask_color, ask_caption, ask_limerick, ask_json,
    ask_glasses, ask_whether_animal, ask_whether_worn, ask_whether_held, ask_count,
)  # fmt: skip
"""What people ask who forgot to send their picture."""


def exchange_about(values: Values, rng: random.Random) -> Exchange:
    """A question that fits the picture, perhaps a little untidy, with its answer."""
    return _as_typed(meant_about(values, rng), rng)


def meant_about(values: Values, rng: random.Random) -> Exchange:
    """The same before anybody typed it."""
    while True:
        asker = rng.choices(ASKERS, WEIGHTS)[0]
        asked = asker(values, rng)
        if asked is not None:
            animal = values["animal"] if present(values, "animal") else "animal"
            return _as_meant(asked, animal, rng)


def exchange_without_picture(rng: random.Random) -> Exchange:
    """What to say when there is nothing to see."""
    draw = rng.random()
    if draw < 0.2:
        asked = ask_of_the_world({}, rng)
    elif draw < 0.35:
        asked = ask_who({}, rng)
    elif draw < 0.45:
        asked = Exchange(
            "[Hello|Hi|Hey|Good morning|Thanks|Thank you|Hello there][.|!|]",
            "Hello! Send me a picture, and I will look at it.",
        )
    else:
        asked = _about_a_missing_picture(rng)
    return _as_typed(_as_meant(asked, "animal", rng), rng)


def exchange_to_conclude(rng: random.Random) -> Exchange:
    """A question whose answer ends in a verdict, a number or a place in a row: ", so no."."""
    while True:
        scenes = [values_of(sample_training_scene(rng)) for _ in range(rng.choice((2, 3, 3)))]
        if rng.random() < 0.3:
            # Whoever looks for what stands between two alike must not stop at either of them.
            scenes[-1] = scenes[0]
        asker = rng.choice(CONCLUDED)
        asked = asker(scenes[0], rng) if asker else exchange_about_several(scenes, rng)
        if asked is not None and ", so " in asked.answer:
            return _as_typed(_as_meant(asked, scenes[0]["animal"], rng), rng)


def _about_a_missing_picture(rng: random.Random) -> Exchange:
    """What might be asked about a picture, had it been sent."""
    shown = {
        "animal": rng.choice(ANIMALS), "background": rng.choice(BACKGROUNDS),
        "clothing": "scarf", "clothing_color": rng.choice(COLORS), "hat": "top hat",
        "hat_color": rng.choice(COLORS), "held": rng.choice(HELD), "held_color": "red",
        "glasses": "no", "flowers": "yes", "treats": "no", "tea": "no",
    }  # fmt: skip
    asked = rng.choice(OF_A_MISSING_PICTURE)(shown, rng) or ask_animal(shown, rng)
    assert asked is not None, "which animal it is can be asked about every animal"
    return replace(asked, answer=NO_PICTURE)


def _as_meant(asked: Exchange, animal: str, rng: random.Random) -> Exchange:
    """With every choice made, and the animal named."""
    return replace(asked, question=vary(rng, asked.question, animal=animal))


def _as_typed(meant: Exchange, rng: random.Random) -> Exchange:
    return replace(meant, question=typed(meant.question, rng))
