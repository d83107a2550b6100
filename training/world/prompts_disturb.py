"""What real prompts have besides words about the picture: style words, odd words, typing errors."""

from __future__ import annotations

import random
import string

from training.world.phrases_filler import STRANGE_WORDS, TAILS

STRANGE_SHARE = 0.06
TYPO_SHARE = 0.03
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwz", "aeiou"
_MISSPELT = """
    wearing holding carrying clutching dressed with standing posing scattered around
    nearby ground beside foreground proudly illustration painting picture
    drawing watercolor cartoon image portrait photo whimsical charming adorable friendly cute
    detailed cinematic lighting digital masterpiece colorful beautiful little lovely there which
    """
_UNIMPORTANT = frozenset(_MISSPELT.split())
"""Words in which a wrong letter leaves the meaning clear."""


def disturb(text: str, rng: random.Random, *, plain: bool) -> str:
    """Add style words, strange words, typing errors, and change letter case and the full stop.

    Args:
        text: the prompt.
        rng: source of every choice.
        plain: whether to leave out style words, as in very short prompts.
    """
    if rng.random() < (0.06 if plain else 0.28):
        text = _with_tail(text, rng)
    if rng.random() < STRANGE_SHARE:
        for _ in range(rng.randint(1, 2)):
            text = _with_strange_word(text, rng)
    if rng.random() < TYPO_SHARE:
        text = _with_typo(text, rng)
    return _dressed(text, rng)


def _with_tail(text: str, rng: random.Random) -> str:
    tail = ", ".join(rng.sample(TAILS, rng.choice((1, 1, 2, 2, 3, 4))))
    if rng.random() < 0.12:
        return f"{tail}, {text}"
    mark = "." if text.endswith(".") and rng.random() < 0.5 else ","
    return f"{text.removesuffix('.')}{mark} {tail}"


def _with_strange_word(text: str, rng: random.Random) -> str:
    word = rng.choice(STRANGE_WORDS) if rng.random() < 0.6 else invented(rng)
    commas = [place for place, letter in enumerate(text) if letter == ","]
    draw = rng.random()
    if draw < 0.3:
        return f"{word} {text}" if rng.random() < 0.5 else f"{word}, {text}"
    if draw < 0.6 and commas:
        place = rng.choice(commas)
        return f"{text[:place]}, {word}{text[place:]}"
    return f"{text.removesuffix('.')}{rng.choice((',', ' and', ''))} {word}"


def invented(rng: random.Random) -> str:
    """A word that nobody knows, such as "zorvik"."""
    syllables = (rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(rng.randint(1, 3)))
    return "".join(syllables) + rng.choice(_CONSONANTS)


def _with_typo(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    places = [place for place, word in enumerate(words) if word.lower() in _UNIMPORTANT]
    if not places:
        return text
    place = rng.choice(places)
    word = words[place]
    letter = rng.randrange(1, len(word) - 1)
    if rng.random() < 0.5:
        words[place] = word[:letter] + word[letter + 1 :]
    else:
        words[place] = word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :]
    return " ".join(words)


def _dressed(text: str, rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.4:
        text = text[0].upper() + text[1:]
    elif draw < 0.42:
        text = text.upper()
    elif draw < 0.45:
        text = string.capwords(text)
    elif draw < 0.65:
        text = text.lower()
    draw = rng.random()
    if draw < 0.25:
        text = text.removesuffix(".")
    elif draw < 0.45 and not text.endswith("."):
        text += "."
    elif draw < 0.46:
        text = text.removesuffix(".") + rng.choice(("!", "...", " !", "\n"))
    return text
