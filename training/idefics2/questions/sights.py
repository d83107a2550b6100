"""What is seen, as the first half of an answer: "It wears a red scarf" (", so yes.")."""

from __future__ import annotations

from training.idefics2.names import PLACES, Values, item, listed, present
from training.idefics2.questions.phrases import NO_ANIMAL, NO_PLACE, shows_no_animal
from training.language.articles import with_article

GROUND = {"flowers": "flowers", "treats": "treats", "tea": "a cup of tea"}
ABSENT = {
    "clothing": "It wears no clothing",
    "hat": "It wears no hat",
    "held": "It holds nothing",
}


def animal_of(values: Values) -> str:
    """Which animal it is."""
    if shows_no_animal(values):
        return NO_ANIMAL.rstrip(".")
    return f"It is {with_article(values['animal'])}"


def place_of(values: Values) -> str:
    """Where it is."""
    place = values["background"]
    return f"It is {PLACES[place]}" if place in PLACES else NO_PLACE.rstrip(".")


def item_of(values: Values, key: str) -> str:
    """Which clothing or hat it wears, or what it holds."""
    if shows_no_animal(values):
        return NO_ANIMAL.rstrip(".")
    if not present(values, key):
        return ABSENT[key]
    return f"It {'holds' if key == 'held' else 'wears'} {item(values, key)}"


def ground_of(values: Values) -> str:
    """Everything that lies, stands or grows on the ground."""
    things = on_the_ground(values)
    if not things:
        return "There is nothing on the ground"
    verb = "is" if things[:1] == [GROUND["tea"]] else "are"
    return f"There {verb} {listed(things)} on the ground"


def on_the_ground(values: Values) -> list[str]:
    """The same as a list."""
    return [words for key, words in GROUND.items() if values[key] == "yes"]
