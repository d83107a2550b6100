"""Choices inside a text, ``"[Hello|Hi] there"``, and requests that are not quite tidy."""

from __future__ import annotations

import random
import re

from training.language.words import WORDS

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def vary(rng: random.Random, text: str, /, **values: str) -> str:
    """Make every choice in ``[a|b]`` (innermost first), then fill ``{name}`` from ``values``."""
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def disturb(rng: random.Random, text: str) -> str:
    """Drop some words of a request and put strange ones in, but keep every ``{slot}``.

    A model that has seen such requests relies on what matters in them, not on exact phrasings.
    """
    words: list[str] = []
    for word in text.split(" "):
        if "{" in word or rng.random() > 0.15:
            words.append(word)
        if rng.random() < 0.06:
            words.append(rng.choice(WORDS))
    return " ".join(words)
