"""What is asked, how often, and as people type it."""

from __future__ import annotations

import random
from dataclasses import replace

from training.idefics2.names import Values, present
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
    ask_count,
    ask_daytime,
    ask_glasses,
    ask_ground,
    ask_has_color,
    ask_held,
    ask_item,
    ask_other_animal,
    ask_other_place,
    ask_place,
    ask_worn,
)
from training.language.wording import vary
from training.language.words import WORDS
from training.world.scene import ANIMALS, BACKGROUNDS, COLORS, HELD

ASKED: tuple[tuple[Asker, float], ...] = (
    (ask_animal, 12), (ask_other_animal, 5), (ask_place, 9), (ask_other_place, 3),
    (ask_daytime, 2), (ask_worn, 7), (ask_item, 14), (ask_color, 11), (ask_has_color, 3),
    (ask_glasses, 10), (ask_held, 4), (ask_ground, 3), (ask_count, 2), (ask_the_unknowable, 4),
    (ask_of_the_world, 3), (ask_what_is_not_there, 2), (ask_who, 1), (ask_caption, 8),
    (ask_short_caption, 3), (ask_json, 6), (ask_limerick, 13),
)  # fmt: skip
"""What is asked, and how often."""
ASKERS = [asker for asker, _ in ASKED]
WEIGHTS = [weight for _, weight in ASKED]
OF_A_MISSING_PICTURE: tuple[Asker, ...] = (
    ask_animal, ask_place, ask_worn, ask_item, ask_color, ask_caption, ask_limerick, ask_json,
    ask_glasses,
)  # fmt: skip
"""What people ask who forgot to send their picture."""


def exchange_about(values: Values, rng: random.Random) -> Exchange:
    """A question that fits the picture, with its answer."""
    while True:
        asker = rng.choices(ASKERS, WEIGHTS)[0]
        asked = asker(values, rng)
        if asked is not None:
            animal = values["animal"] if present(values, "animal") else "animal"
            return _as_typed(asked, animal, rng)


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
    return _as_typed(asked, "animal", rng)


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


def _as_typed(asked: Exchange, animal: str, rng: random.Random) -> Exchange:
    """With every choice made, the animal named, and the question perhaps a little untidy."""
    question = vary(rng, asked.question, animal=animal)
    return replace(asked, question=_untidy(question, rng))


def _untidy(question: str, rng: random.Random) -> str:
    """As people type: without capitals or the mark at the end, or with something before it."""
    draw = rng.random()
    if draw < 0.08:
        question = question.lower()
    elif draw < 0.16:
        question = question.rstrip("?.")
    elif draw < 0.21:
        # A word that means nothing here, as the model must not trip over one.
        words = question.split(" ")
        words.insert(rng.randrange(len(words)), rng.choice(WORDS))
        question = " ".join(words)
    elif draw < 0.25:
        question = rng.choice(("Please tell me: ", "Look at this. ", "Hi! ", "Hello. ")) + question
    return question
