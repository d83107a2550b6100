"""Questions of how many, with what is counted before the number."""

from __future__ import annotations

import random

from training.idefics2.names import PLACES, Values, present, sure
from training.idefics2.questions.phrases import (
    IT,
    NO_PLACE,
    PICTURE,
    Exchange,
    shows_no_animal,
    so,
)
from training.idefics2.questions.sights import animal_of, ground_of, item_of, place_of
from training.world.scene import ANIMALS, HELD

PLURALS = {"fox": "foxes", "cup of tea": "cups of tea"}
"""Where the plural is not just an s more."""
FLOWERS = 4
"""So many grow where there are any: see `world.ground`."""
NUMBERS = ("none", "one", "two", "three", "four", "five")
THERE = f"[are there|do you see|are in the {PICTURE}|can you count]"


def plural(noun: str) -> str:
    """More than one of them."""
    return PLURALS.get(noun, f"{noun}s")


def ask_count(values: Values, rng: random.Random) -> Exchange | None:
    """How many animals there are, of any kind or of one."""
    seen = values["animal"]
    if not seen:
        return None
    if rng.random() < 0.5:
        number = 0 if shows_no_animal(values) else 1
        return Exchange(f"How many animals {THERE}?", _counted(animal_of(values), number))
    named = seen if seen in ANIMALS and rng.random() < 0.5 else rng.choice(ANIMALS)
    return Exchange(
        f"How many {plural(named)} {THERE}?", _counted(animal_of(values), int(named == seen))
    )


def ask_count_of_things(values: Values, rng: random.Random) -> Exchange | None:
    """How many hats, trees, flowers, cookies, cups or other things there are."""
    if values["held"] == "flower" and values["flowers"] == "yes" and rng.random() < 0.6:
        # Seldom both: five would hardly ever be an answer.
        return ask_flowers(values, rng)
    return rng.choice((_hats, _trees, ask_flowers, _cookies, _cups, _held))(values, rng)


def _hats(values: Values, rng: random.Random) -> Exchange | None:
    if not sure(values, "animal", "hat"):
        return None
    number = int(present(values, "hat"))
    return Exchange(
        f"How many hats [are there|do you see|does {IT} wear]?",
        _counted(item_of(values, "hat"), number),
    )


def _trees(values: Values, rng: random.Random) -> Exchange | None:
    """Two firs stand in the snow, and no tree anywhere else."""
    place = values["background"]
    # One place in six: asked as often there as everywhere else together.
    if not place or (place != "snow" and rng.random() < 0.7):
        return None
    question = f"How many trees {THERE}?"
    if place not in PLACES:
        return Exchange(question, NO_PLACE)
    return Exchange(question, _counted(place_of(values), 2 if place == "snow" else 0))


def ask_flowers(values: Values, rng: random.Random) -> Exchange | None:
    """How many flowers there are: those on the ground and the one in its paw, added up.

    Only then is the number a matter of two words; of what is held and what lies around it was
    learned late.
    """
    if not sure(values, "animal", "held", "flowers", "treats", "tea"):
        return None
    held, growing = values["held"] == "flower", values["flowers"] == "yes"
    # All numbers about equally often.
    if rng.random() < {0: 0.75, 1: 0.5, 2: 0.0}[held + growing]:
        return None
    # Always both: where to look first would have to be known before anything is seen.
    parts = f"{NUMBERS[held].capitalize()} and {NUMBERS[FLOWERS * growing]}"
    evidence = f"{item_of(values, 'held')}. {ground_of(values)}. {parts}"
    return Exchange(f"How many flowers {THERE}?", _counted(evidence, held + FLOWERS * growing))


def _cookies(values: Values, rng: random.Random) -> Exchange | None:
    """Two lie on the plate of treats."""
    if not sure(values, "flowers", "treats", "tea"):
        return None
    lie_there = values["treats"] == "yes"
    if not lie_there and rng.random() < 0.6:
        return None
    return Exchange(f"How many cookies {THERE}?", _counted(ground_of(values), 2 * lie_there))


def _cups(values: Values, rng: random.Random) -> Exchange | None:
    """One on the ground or in its paw, never both."""
    if not sure(values, "animal", "held", "flowers", "treats", "tea"):
        return None
    held, stands = values["held"] == "cup of tea", values["tea"] == "yes"
    if not held and not stands and rng.random() < 0.5:
        return None
    evidence = f"{item_of(values, 'held')}. {ground_of(values)}"
    return Exchange(f"How many cups of tea {THERE}?", _counted(evidence, int(held or stands)))


def _held(values: Values, rng: random.Random) -> Exchange | None:
    if not sure(values, "animal", "held"):
        return None
    names = [name for name in HELD if name not in ("flower", "cup of tea")]
    seen = values["held"]
    named = seen if seen in names and rng.random() < 0.7 else rng.choice(names)
    question = f"How many {plural(named)} [are there|do you see|is {IT} holding]?"
    return Exchange(question, _counted(item_of(values, "held"), int(named == seen)))


def _counted(evidence: str, number: int) -> str:
    return so(evidence, NUMBERS[number])
