"""Questions that yes or no answers, half of them yes.

The answer says first what is seen, then what follows: "It is a bear, so no." A small model compares
two words of a text far sooner than a word with a picture, and whoever reads it sees why.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.idefics2.names import PLACE_NOUNS, PLACES, Values, present, sure
from training.idefics2.questions.phrases import (
    IT,
    NO_TELLING,
    PICTURE,
    Exchange,
    shows_no_animal,
    so,
)
from training.idefics2.questions.sights import animal_of, ground_of, item_of, place_of
from training.language.articles import with_article
from training.world.scene import (
    ANIMALS,
    CLOTHING,
    COLORED_HATS,
    COLORED_HELD,
    COLORS,
    HATS,
    HELD,
    NOTHING,
)

OTHER_ANIMALS = ("dog", "horse", "mouse", "lion", "duck", "pig", "fish", "snake", "cow", "bird")
"""Animals that no picture shows."""
SIGNS: dict[str, str] = {
    "rustic wood": "[a wooden wall|wooden boards]",
    "starry night": "[stars|the moon]",
    "field": "[grass|a field]",
    "snow": "[snow|fir trees]",
    "beach": "[the sea|sand|a beach]",
}
"""By place what is seen there and nowhere else."""
OTHER_COLORS = ("black", "brown", "grey", "gold")
"""Colours that nothing in a picture has."""
NAMES = {"clothing": CLOTHING, "hat": HATS, "held": HELD}
COLORED_NAMES = {"clothing": CLOTHING, "hat": COLORED_HATS, "held": COLORED_HELD}


def ask_whether_animal(values: Values, rng: random.Random) -> Exchange | None:
    """Whether it is this animal, or any."""
    seen = values["animal"]
    if not seen:
        return None
    if rng.random() < 0.12:
        question = f"[Is there|Do you see|Can you see] an animal[| in the {PICTURE}]?"
        return Exchange(question, so(animal_of(values), _yes(not shows_no_animal(values))))
    named = _named(rng, seen, (*ANIMALS, rng.choice(OTHER_ANIMALS)), chance=0.5)
    an = with_article(named)
    question = (
        f"[Is [this|it|that|the animal] {an}?|[Is there|Do you see|Can you see] {an}"
        f"[| in the {PICTURE}]?|Does the {PICTURE} show {an}?|Is it {an}?]"
    )
    return Exchange(question, so(animal_of(values), _yes(named == seen)))


def ask_whether_place(values: Values, rng: random.Random) -> Exchange | None:
    """Whether it is in this place or another."""
    place = values["background"]
    if not place:
        return None
    named = _named(rng, place, tuple(PLACES), chance=0.5)
    question = f"[Is [{IT}|this] {PLACES[named]}?|Is this {PLACE_NOUNS[named]}?]"
    if named in SIGNS and rng.random() < 0.35:
        question = f"[Do|Can] you see {SIGNS[named]}[| in the {PICTURE}| there]?"
    return Exchange(question, so(place_of(values), _yes(named == place)))


def ask_whether_night(values: Values, rng: random.Random) -> Exchange | None:
    """Whether it is night, or day."""
    place = values["background"]
    if place not in PLACES:
        return None
    night, asked_for_night = place == "starry night", rng.random() < 0.5
    question = (
        f"[Is it [night|dark|night time|at night]?|Was this {PICTURE} taken at night?]"
        if asked_for_night
        else f"[Is it [day|daytime|during the day]?|Was this {PICTURE} taken by day?]"
    )
    if place == "rustic wood":
        return Exchange(question, NO_TELLING)
    evidence = "It is night" if night else "It is day"
    return Exchange(question, so(evidence, _yes(night == asked_for_night)))


def ask_whether_color(values: Values, rng: random.Random) -> Exchange | None:
    """Whether something has a colour; now and then something that is not there."""
    key = rng.choice(("clothing", "clothing", "hat", "held"))
    if not sure(values, key, "animal"):
        return None
    seen, color = values[key], values[f"{key}_color"]
    noun = seen
    if not color or rng.random() < 0.1:
        noun = rng.choice([name for name in COLORED_NAMES[key] if name != seen])
    if noun == seen:
        named = _named(rng, color, (*COLORS, rng.choice(OTHER_COLORS)), chance=0.57)
    elif rng.random() < 0.8 and not shows_no_animal(values):
        # Often enough that what is not there has no colour.
        return None
    else:
        named = rng.choice(COLORS)
    right = _yes(noun == seen and named == color)
    if rng.random() < 0.6:
        evidence = f"It is {color}" if noun == seen else item_of(values, key)
        called = "hat" if key == "hat" and rng.random() < 0.3 else noun
        return Exchange(f"Is [the|its] {called} {named}?", so(evidence, right))
    verb = "holding" if key == "held" else "wearing"
    question = f"Is {IT} {verb} {with_article(f'{named} {noun}')}?"
    return Exchange(question, so(item_of(values, key), right))


def ask_whether_worn(values: Values, rng: random.Random) -> Exchange | None:
    """Whether it wears a certain thing, or a hat at all."""
    key = rng.choice(("clothing", "hat"))
    if not sure(values, key, "animal"):
        return None
    seen = values[key]
    if key == "hat" and rng.random() < 0.4:
        return _ask_whether_hat(values, rng)
    if key == "hat" and seen == NOTHING and rng.random() < 0.5:
        return None
    named = _named(rng, seen, NAMES[key], chance=0.68 if key == "hat" else 0.62)
    an = with_article(named)
    question = (
        f"[Does {IT} [wear|have] {an}?|Is {IT} wearing {an}?|Has {IT} {an}?|"
        f"Do you see {an}[| on {IT}]?|Is there {an}?]"
    )
    return Exchange(question, so(item_of(values, key), _yes(named == seen)))


def _ask_whether_hat(values: Values, rng: random.Random) -> Exchange:
    wears = present(values, "hat")
    if rng.random() < 0.15 and not shows_no_animal(values):
        question = "Is its head [bare|uncovered]?"
        return Exchange(question, so(item_of(values, "hat"), _yes(not wears)))
    question = (
        f"[Does {IT} [wear|have] [a hat|any hat]?|Is {IT} wearing a hat?|Is there a hat?|"
        f"Has {IT} a hat?|Is there something on its head?|Do you see a hat?]"
    )
    return Exchange(question, so(item_of(values, "hat"), _yes(wears)))


def ask_whether_held(values: Values, rng: random.Random) -> Exchange | None:
    """Whether it holds a certain thing, or anything."""
    if not sure(values, "held", "animal"):
        return None
    seen, holds = values["held"], present(values, "held")
    draw = rng.random()
    if draw < 0.1 and not shows_no_animal(values):
        question = "Are its [hands|paws] empty?"
        return Exchange(question, so(item_of(values, "held"), _yes(not holds)))
    if draw < 0.25:
        question = f"[Is {IT} holding|Does {IT} hold|Does {IT} carry] [something|anything]?"
        return Exchange(question, so(item_of(values, "held"), _yes(holds)))
    named = _named(rng, seen, (*HELD, rng.choice(HELD)), chance=0.64)
    an = with_article(named)
    question = (
        f"[Is {IT} [holding|carrying] {an}?|Does {IT} [hold|carry] {an}?|"
        f"Is there {an} in its [hand|paw]?]"
    )
    return Exchange(question, so(item_of(values, "held"), _yes(named == seen)))


def ask_whether_ground(values: Values, rng: random.Random) -> Exchange | None:
    """Whether something grows, lies or stands on the ground."""
    if not sure(values, "flowers", "treats", "tea"):
        return None
    key = rng.choice(("flowers", "treats", "tea"))
    # Each of them lies there seldom: what is there is asked about more often.
    if values[key] == "no" and rng.random() < 0.65:
        return None
    nouns = {"flowers": "flowers", "treats": "[treats|cookies]", "tea": "a cup of tea"}
    verb, noun = "Is" if key == "tea" else "Are", nouns[key]
    question = f"[{verb} there {noun}|Do you see {noun}|Can you see {noun}] on the ground?"
    return Exchange(question, so(ground_of(values), _yes(values[key] == "yes")))


def _yes(right: bool) -> str:
    return "yes" if right else "no"


def _named(rng: random.Random, seen: str, names: Sequence[str], *, chance: float) -> str:
    """What is seen, with that chance, or another of the names."""
    if seen in names and rng.random() < chance:
        return seen
    return rng.choice([name for name in names if name != seen])
