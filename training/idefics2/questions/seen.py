"""Questions about one thing that a picture shows: animal, place, clothes, colours, ground."""

from __future__ import annotations

import random

from training.idefics2.names import (
    PLACE_NOUNS,
    PLACES,
    Values,
    item,
    listed,
    present,
    sentence,
    sure,
    worn,
)
from training.idefics2.questions.phrases import (
    IT,
    NO_ANIMAL,
    NO_PLACE,
    NO_TELLING,
    PICTURE,
    Exchange,
    shows_no_animal,
)
from training.idefics2.questions.sights import ground_of, item_of, on_the_ground
from training.language.articles import with_article
from training.world.scene import ANIMALS

WORN = ("animal", "clothing", "hat", "glasses")
"""What must be certain before anything is said of everything worn."""


def ask_animal(values: Values, rng: random.Random) -> Exchange | None:
    """Which animal it is."""
    if not values["animal"]:
        return None
    question = (
        f"[What|Which] animal [is this|is that|is it|do you see|is in the {PICTURE}|"
        f"is shown|can you see in this {PICTURE}]?"
        if rng.random() < 0.7
        else f"[Who is in the {PICTURE}?|What is this?|What kind of animal is [this|it]?|"
        f"Name the animal[| in the {PICTURE}].|Who is this?|What creature is this?]"
    )
    if shows_no_animal(values):
        return Exchange(question, NO_ANIMAL)
    animal = with_article(values["animal"])
    return Exchange(question, rng.choice((sentence(animal), sentence(animal), f"It is {animal}.")))


def ask_either_animal(values: Values, rng: random.Random) -> Exchange | None:
    """Which of two animals it is."""
    if not present(values, "animal"):
        return None
    names = [values["animal"], rng.choice([name for name in ANIMALS if name != values["animal"]])]
    rng.shuffle(names)
    first, second = (with_article(name) for name in names)
    question = f"[Is [this|it] {first} or {second}?|Do you see {first} or {second}?]"
    return Exchange(question, f"It is {with_article(values['animal'])}.")


def ask_place(values: Values, rng: random.Random) -> Exchange | None:
    """Where it is."""
    place = values["background"]
    if not place:
        return None
    behind = rng.random() < 0.35
    question = (
        f"What [is in the background|is behind {IT}|does the background show]?"
        if behind
        else f"[Where is {IT}?|Where is this?|What place is this?|Where was the {PICTURE} taken?|"
        f"Where does the scene take place?|What is the place?]"
    )
    if place not in PLACES:
        return Exchange(question, NO_PLACE)
    return Exchange(question, sentence(PLACE_NOUNS[place] if behind else PLACES[place]))


def ask_daytime(values: Values, rng: random.Random) -> Exchange | None:
    """Whether it is day or night."""
    place = values["background"]
    if place not in PLACES:
        return None
    question = "[Is it day or night?|Is it daytime or night?|What time of day is it?]"
    if place == "rustic wood":
        return Exchange(question, NO_TELLING)
    return Exchange(question, "It is night." if place == "starry night" else "It is day.")


def ask_worn(values: Values, rng: random.Random) -> Exchange | None:
    """Everything that it wears."""
    if not sure(values, *WORN):
        return None
    question = (
        f"[What is {IT} wearing?|What does {IT} wear?|What does {IT} have on?|"
        f"Describe [its|the] clothes.|What clothes does {IT} wear?|How is {IT} dressed?]"
    )
    if shows_no_animal(values):
        return Exchange(question, NO_ANIMAL)
    items = worn(values)
    return Exchange(question, sentence(listed(items)) if items else "It wears nothing.")


def ask_item(values: Values, rng: random.Random) -> Exchange | None:
    """About clothing, hat or held object by itself."""
    key = rng.choice(("clothing", "clothing", "hat", "hat", "hat", "held", "held"))
    if not sure(values, key, "animal"):
        return None
    question, absent = {
        "clothing": (
            f"[Does {IT} wear a scarf, a sweater or a bow tie?|What does {IT} wear below its head?|"
            f"What clothing does {IT} have?]",
            "It wears no clothing.",
        ),
        "hat": (
            f"[What hat is it?|What kind of hat does {IT} wear?|What is on its head?|"
            f"Which hat does {IT} wear?]",
            "It wears no hat.",
        ),
        "held": (
            f"What [is {IT} holding|does {IT} hold|is in its [hand|paw]|does {IT} have in its "
            f"[hand|paw]|is {IT} carrying]?",
            "It holds nothing.",
        ),
    }[key]
    if shows_no_animal(values):
        return Exchange(question, NO_ANIMAL)
    return Exchange(question, sentence(item(values, key)) if present(values, key) else absent)


def ask_color(values: Values, rng: random.Random) -> Exchange | None:
    """The colour of something; also of something that is not there."""
    # Two fifths of what is held have a colour: it is asked about as often as others all the same.
    key = rng.choice(("clothing", "clothing", "hat", "hat", "held", "held", "held"))
    if not sure(values, key, "animal"):
        return None
    colour = "[colour|color]"
    if not present(values, key):
        # Seldom: otherwise "balloon" in a question would be a reason to see nothing.
        if rng.random() < {"hat": 0.6, "clothing": 0.5, "held": 0.8}[key]:
            return None
        noun = {"hat": "hat", "clothing": "scarf", "held": rng.choice(("balloon", "flower"))}[key]
        absent = NO_ANIMAL if shows_no_animal(values) else f"{item_of(values, key)}."
        if key == "clothing" and absent != NO_ANIMAL:
            absent = "It wears no scarf."
        return Exchange(f"What {colour} is [the|its] {noun}?", absent)
    color = values[f"{key}_color"]
    usual = rng.random() < 0.85 or key == "held"
    noun = values[key] if usual else {"clothing": "clothing", "hat": "hat"}[key]
    question = f"[What|Which] {colour} [is|has] [the|its] {noun}?"
    if not color:
        return Exchange(question, "Yellow, like straw.") if values[key] == "straw hat" else None
    return Exchange(question, rng.choice((f"{color.capitalize()}.", f"It is {color}.")))


def ask_glasses(values: Values, rng: random.Random) -> Exchange | None:
    """Whether it wears glasses. The answer lists first and decides last: small models learn that
    far sooner than a "yes" out of nothing."""
    if not sure(values, *WORN):
        return None
    question = f"[Does {IT} wear glasses?|Is {IT} wearing glasses?|Are there glasses?|Glasses?]"
    if shows_no_animal(values):
        return Exchange(question, NO_ANIMAL)
    items = worn(values)
    if values["glasses"] == "yes":
        return Exchange(question, f"It wears {listed(items)}.")
    without = f"It wears {listed(items)}, but no glasses." if items else "It wears no glasses."
    return Exchange(question, without)


def ask_ground(values: Values, rng: random.Random) -> Exchange | None:
    """What grows, lies or stands on the ground."""
    if not sure(values, "flowers", "treats", "tea"):
        return None
    # Mostly nothing does: then it is asked about less.
    if not on_the_ground(values) and rng.random() < 0.5:
        return None
    question = f"What [is|lies|do you see] on the ground[| in the {PICTURE}]?"
    return Exchange(question, f"{ground_of(values)}.")
