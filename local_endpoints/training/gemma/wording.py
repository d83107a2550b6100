"""Choices inside a text: ``"[Hello|Hi] there"`` is "Hello there" or "Hi there"."""

from __future__ import annotations

import random
import re

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def vary(rng: random.Random, text: str, /, **values: str) -> str:
    """Make every choice in ``[a|b]`` (innermost first), then fill ``{name}`` from ``values``."""
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
