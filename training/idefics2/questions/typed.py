"""Questions as people type them: in small letters, without marks or with too many, misspelled."""

from __future__ import annotations

import random
import re

from training.language.words import WORDS

_LONG_WORD = re.compile(r"[A-Za-z]{3,}")
_OPENERS = (
    "Please tell me: ",
    "Look at this. ",
    "Hi! ",
    "Hello. ",
    "hey, ",
    "ok, ",
    "So, ",
    "pls ",
)


def typed(question: str, rng: random.Random) -> str:
    """The question as somebody might type it; two thirds stay as they are."""
    draw = rng.random()
    if draw < 0.05:
        # A word that means nothing here, as the model must not trip over one.
        words = question.split(" ")
        words.insert(rng.randrange(len(words)), rng.choice(WORDS))
        question = " ".join(words)
    elif draw < 0.09:
        question = rng.choice(_OPENERS) + question
    elif draw < 0.11:
        question = question.replace(" ", "  ", 1)
    if rng.random() < 0.09:
        question = misspelled(question, rng)
    if rng.random() < 0.1:
        question = question.lower()
    elif rng.random() < 0.01:
        question = question.upper()
    if rng.random() < 0.13:
        question = question.rstrip("?.") or question
        if rng.random() < 0.25:
            question += rng.choice(("??", " ?", "!", "?!", "..."))
    return question


def misspelled(text: str, rng: random.Random) -> str:
    """With one letter of one word left out, doubled, changed for a neighbour or with it."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    place = rng.randrange(word.start(), word.end() - 1)
    before, letter, following, after = text[:place], text[place], text[place + 1], text[place + 2 :]
    middle = rng.choice(
        (following, letter + letter + following, following + letter, letter + following * 2)
    )
    return before + middle + after
