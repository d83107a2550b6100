"""Questions about two or three pictures together. What each shows is said before any verdict."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from training.idefics2.names import PLACES, Values, item, listed, present, sentence
from training.idefics2.questions.counts import NUMBERS, plural
from training.idefics2.questions.describe import short_description
from training.idefics2.questions.phrases import Exchange, shows_no_animal, so
from training.language.articles import with_article
from training.language.wording import vary
from training.world.scene import ANIMALS, CLOTHING, HATS, HELD

ORDINALS = ("first", "second", "third")
NO_ANIMAL_THERE = "no animal that I know"
NO_PLACE_THERE = "in no place that I know"
ABSENT = {"clothing": "no clothing", "hat": "no hat", "held": "nothing"}
VERBS = {
    "animal": "shows",
    "background": "is",
    "clothing": "wears",
    "hat": "wears",
    "held": "holds",
}
"""By attribute, what a picture does with its value: "the first wears a red scarf"."""
NAMES = {
    "animal": ANIMALS,
    "background": tuple(PLACES),
    "clothing": CLOTHING,
    "hat": HATS,
    "held": HELD,
}


def exchange_about_several(pictures: Sequence[Values], rng: random.Random) -> Exchange | None:
    """A question about two or three pictures together; None where something is not certain."""
    asked = _asked(pictures, rng)
    return asked and replace(asked, question=vary(rng, asked.question))


def _asked(pictures: Sequence[Values], rng: random.Random) -> Exchange | None:
    draw = rng.random()
    if draw < 0.05:
        return Exchange("How many [pictures|images] [are there|do you see]?",
                        sentence(NUMBERS[len(pictures)]))  # fmt: skip
    if draw < 0.55:
        return _which(pictures, rng)
    if draw < 0.67:
        return _one(pictures, rng)
    if not all(values["animal"] for values in pictures):
        return None
    names = _list([animal_in(values) for values in pictures])
    animals = [values["animal"] for values in pictures]
    if draw < 0.8:
        question = ("[What|Which] animals [are in these pictures|do you see|are these|"
                    "are in the pictures|do the images show]?")  # fmt: skip
        return Exchange(question, f"{names}.")
    if draw < 0.86 and not any(shows_no_animal(values) for values in pictures):
        question = (
            "[Is it the same animal in all pictures?|Do [all|the] pictures show the same animal?]"
        )
        return Exchange(question, so(names, "yes" if len({*animals}) == 1 else "no"))
    named = rng.choice(animals) if rng.random() < 0.5 else rng.choice(ANIMALS)
    named = named if named in ANIMALS else rng.choice(ANIMALS)
    if draw < 0.93:
        question = f"[Is there|Do you see] {with_article(named)} in [any|one] of the pictures?"
        return Exchange(question, so(names, "yes" if named in animals else "no"))
    if draw < 0.97:
        count = sum(animal in ANIMALS for animal in animals)
        return Exchange("How many animals [are there|do you see]?",
                        so(names, NUMBERS[count]))  # fmt: skip
    question = f"How many {plural(named)} [are there|do you see]?"
    return Exchange(question, so(names, NUMBERS[animals.count(named)]))


def animal_in(values: Values) -> str:
    """The animal of a picture as a part of a list."""
    return NO_ANIMAL_THERE if shows_no_animal(values) else with_article(values["animal"])


def _list(parts: list[str]) -> str:
    text = listed(parts)
    return text[0].upper() + text[1:]


def _seen(values: Values, key: str) -> str:
    """What a picture shows of one attribute, as a part of a list."""
    if key == "animal":
        return animal_in(values)
    if key == "background":
        return PLACES.get(values[key], NO_PLACE_THERE)
    return item(values, key) if present(values, key) else ABSENT[key]


def _one_by_one(pictures: Sequence[Values], key: str) -> str:
    """What each picture shows, after its place: "The first is in the snow and the second ...".

    Whoever looks for a phrase finds its place in front of it. Without that the places must be
    counted, which a small model learns very late where there are three.
    """
    verb = f" {VERBS[key]}"
    parts = [
        f"the {ORDINALS[place]}{'' if place else verb} {_seen(picture, key)}"
        for place, picture in enumerate(pictures)
    ]
    return _list(parts)


def _which(pictures: Sequence[Values], rng: random.Random) -> Exchange | None:
    """In which of them something is to be seen."""
    key = rng.choice(("animal", "animal", "background", "background", "background",
                      "clothing", "hat", "held", "held"))  # fmt: skip
    values = [picture[key] for picture in pictures]
    if not all(values):
        return None
    there = [value for value in values if value in NAMES[key]]
    named = rng.choice(there if there and rng.random() < 0.88 else NAMES[key])
    shown = [value == named for value in values]
    question = _question(key, named)
    if key == "hat" and rng.random() < 0.4:
        shown = [value in HATS for value in values]
        question = _question(key, "hat")
    places = [ORDINALS[place] for place, found in enumerate(shown) if found]
    return Exchange(
        question, so(_one_by_one(pictures, key), f"the {listed(places)}" if places else "none")
    )


def _question(key: str, named: str) -> str:
    picture = "[picture|image|one|photo]"
    if key == "background":
        at_night = "|was taken at night" if named == "starry night" else ""
        return f"Which {picture} [is {PLACES[named]}|was taken {PLACES[named]}{at_night}]?"
    an = with_article(named)
    if key == "animal":
        return (
            f"[In which picture is the {named}?|Where is the {named}?|Which {picture} shows "
            f"[the {named}|{an}]?|Which [one|picture] is the {named}?|In which one is {an}?]"
        )
    if key == "held":
        return f"[Which {picture} shows {an}?|In which picture does it hold {an}?]"
    return f"[Which {picture} shows {an}?|In which picture does it wear {an}?]"


def _one(pictures: Sequence[Values], rng: random.Random) -> Exchange | None:
    """What one of them shows."""
    which = rng.randrange(len(pictures))
    caption = short_description(pictures[which])
    if caption is None:
        return None
    question = (
        f"[What is in|Describe|What do you see in] the {ORDINALS[which]} [picture|image][?|.|]"
    )
    return Exchange(question, caption)
