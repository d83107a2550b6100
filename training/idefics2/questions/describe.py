"""Requests for everything at once: descriptions, JSON, limericks."""

from __future__ import annotations

import json
import random

from training.idefics2.limericks import limerick
from training.idefics2.names import (
    PLACE_NOUNS,
    PLACES,
    Values,
    colored,
    item,
    listed,
    present,
    sentence,
    sure,
    worn,
)
from training.idefics2.questions.phrases import (
    NO_ANIMAL,
    NO_PLACE,
    PICTURE,
    Exchange,
    shows_no_animal,
)
from training.idefics2.questions.sights import ground_of, on_the_ground
from training.language.articles import with_article


def ask_caption(values: Values, rng: random.Random) -> Exchange | None:
    """Everything in a sentence or two."""
    text = description(values)
    if text is None:
        return None
    return Exchange(
        f"[Describe [this|the] {PICTURE}.|What do you see?|What is in this {PICTURE}?|"
        f"What does the {PICTURE} show?|Describe what you see.|Caption this {PICTURE}.|"
        f"Can you describe [this|the] {PICTURE}?|Describe the {PICTURE} in detail.|"
        f"What's in this {PICTURE}?|Write a caption for this {PICTURE}.|What is happening here?|"
        f"Tell me about this {PICTURE}.|Explain this {PICTURE}.|What is going on here?]",
        text,
    )


def ask_short_caption(values: Values, rng: random.Random) -> Exchange | None:
    """Animal and place."""
    text = short_description(values)
    if text is None:
        return None
    return Exchange(
        f"[Describe [this|the] {PICTURE} [briefly|in a few words|in one short sentence].|"
        f"Give a short caption.|A short [caption|description], please.]",
        text,
    )


def ask_json(values: Values, rng: random.Random) -> Exchange | None:
    """Everything as JSON."""
    text = json_description(values)
    if text is None:
        return None
    return Exchange(
        f"[Describe [this|the] {PICTURE} [as|in] JSON.|JSON, please.|"
        f"Give me [a|the] JSON [description|object] of [this|the] {PICTURE}.|"
        f"Return [a|] JSON [description|that describes the {PICTURE}].|"
        f"Describe the {PICTURE} as a JSON object.]",
        text,
    )


def ask_limerick(values: Values, rng: random.Random) -> Exchange | None:
    """A limerick; the course's own wording is the most usual one."""
    text = limerick(values, rng)
    if text is None:
        return None
    if rng.random() < 0.3:
        return Exchange("Write a short limerick about this image.", text)
    return Exchange(
        f"[Write|Please write|Write me|Compose|Make up|Give me|I want|Can you write] "
        f"[a|a short|a funny|a little] [limerick|limerick|poem|rhyme|verse] "
        f"about [this|the|my] {PICTURE}[.|!|, please.|]",
        text,
    )


def description(values: Values) -> str | None:
    """One or two sentences about everything; None where something is not certain."""
    if not sure(values, "animal", "background", "clothing", "hat", "held"):
        return None
    place = values["background"]
    if place not in PLACES:
        return f"{NO_ANIMAL} {NO_PLACE}"
    below = f" {ground_of(values)}." if on_the_ground(values) else ""
    if shows_no_animal(values):
        return f"{sentence(PLACE_NOUNS[place])} {NO_ANIMAL}{below}"
    parts = with_article(values["animal"])
    items = worn(values)
    comma = "," if items else ""
    if items:
        parts += f" wearing {listed(items)}"
    if present(values, "held"):
        parts += f"{comma} holding {item(values, 'held')}"
    return sentence(f"{parts}{comma} {PLACES[place]}") + below


def short_description(values: Values) -> str | None:
    """Animal and place: "A fox in the snow."; None where one of them is not surely seen."""
    place = values["background"]
    if not present(values, "animal") or place not in PLACES:
        return None
    return sentence(f"{with_article(values['animal'])} {PLACES[place]}")


def json_description(values: Values) -> str | None:
    """Everything as one line of JSON; None where something is not certain."""
    if not sure(values, "animal", "background", "clothing", "hat", "held", "glasses"):
        return None
    items = [colored(values, key) for key in ("clothing", "hat") if present(values, key)]
    place = values["background"]
    return json.dumps(
        {
            "animal": None if shows_no_animal(values) else values["animal"],
            "place": place if place in PLACES else None,
            "wearing": [*items, "glasses"] if values["glasses"] == "yes" else items,
            "holding": colored(values, "held") if present(values, "held") else None,
        }
    )
