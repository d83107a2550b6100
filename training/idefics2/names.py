"""How the pocket Idefics2 names what it sees, one way for each thing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from training.language.articles import with_article
from training.world.scene import NOTHING

Values = Mapping[str, str]
"""Value by attribute of ``pictures.CLASSES``; empty where nobody is sure."""

PLACES: dict[str, str] = {
    "rustic wood": "in front of a wooden wall",
    "starry night": "under a starry night sky",
    "field": "in a green field",
    "snow": "in the snow",
    "beach": "on the beach",
    "sky": "high up in the sky",
}
PLACE_NOUNS: dict[str, str] = {
    "rustic wood": "a wooden wall",
    "starry night": "a starry night",
    "field": "a green field",
    "snow": "a snowy place",
    "beach": "a beach",
    "sky": "the sky with clouds",
}
PLACE_WORDS: dict[str, tuple[str, ...]] = {
    "rustic wood": ("wood", "wooden"),
    "starry night": ("star", "stars", "starry"),
    "field": ("field", "fields"),
    "snow": ("snow", "snowy", "snowflakes"),
    "beach": ("beach",),
    "sky": ("sky",),
}
"""A text names a place when it has one of these words; no two places share one."""


def places_in(text: str) -> list[str]:
    """The places that a text names. A "night sky" is a starry night's."""
    words = set(re.findall(r"[a-z]+", text.lower().replace("night sky", "night")))
    return [place for place, names in PLACE_WORDS.items() if words & set(names)]


def colored(values: Values, key: str) -> str:
    """Clothing, hat or held object with its colour where there is one and it is known:
    "red scarf"."""
    color = values.get(f"{key}_color", "")
    return f"{color} {values[key]}" if color else values[key]


def item(values: Values, key: str) -> str:
    """The same with its article: "a red scarf"."""
    return with_article(colored(values, key))


def sure(values: Values, *keys: str) -> bool:
    """Whether all of these attributes are certain."""
    return all(values[key] for key in keys)


def present(values: Values, key: str) -> bool:
    """Whether the picture surely shows an animal, clothing, a hat or a held object."""
    return values[key] not in ("", NOTHING)


def worn(values: Values) -> list[str]:
    """Everything worn, with articles: ["a red scarf", "a straw hat", "glasses"]."""
    items = [item(values, key) for key in ("clothing", "hat") if present(values, key)]
    return [*items, "glasses"] if values["glasses"] == "yes" else items


def listed(items: list[str]) -> str:
    """Items as a sentence part: "a scarf, a hat and glasses"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[0].upper()}{text[1:]}."
