"""Words that rhyme with a word; which do, the CMU pronouncing dictionary knows."""

from __future__ import annotations

from functools import cache

import pronouncing

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw, common_words
from training.language.phrasings import phrasings
from training.language.rhymes import rhyme_sounds

_OFTEN = 4500
"""How many of the most frequent words are asked for and answered with."""
_ASK = (
    "What rhymes with {a}?",
    "[Find|Give me|Tell me] a [rhyme for|word that rhymes with] {a}[.|?]",
    "[A rhyme|Rhyme] for {a}[, please|]",
)
_SEVERAL = (
    "[Find|Give me|Tell me|Name|I need] {n} [rhymes for|words that rhyme with] {a}[.|, please.|]",
    "{n} rhymes for {a}[, please|]",
    "Which {n} words rhyme with {a}?",
)
_NUMBERS = {2: "two", 3: "three", 4: "four"}


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    """Frequent words by each sound that they rhyme on."""
    found: dict[str, list[str]] = {}
    for word in common_words()[:_OFTEN]:
        for sound in sorted(rhyme_sounds(word)):
            found.setdefault(sound, []).append(word)
    return {sound: tuple(words) for sound, words in found.items()}


@cache
def families() -> tuple[tuple[str, ...], ...]:
    """Words that rhyme with each other, the most frequent first; two or more in each.

    Of words that sound alike, and of one word inside another ("side", "inside"), the more
    frequent one is there.
    """
    found = []
    for words in _sounds().values():
        kept: list[str] = []
        said: set[str] = set()
        for word in words:
            phones = pronouncing.phones_for_word(word)[0]
            inside = any(word.endswith(other) or other.endswith(word) for other in kept)
            if phones not in said and not inside:
                kept.append(word)
                said.add(phones)
        if len(kept) > 1:
            found.append(tuple(kept))
    return tuple(found)


@cache
def _sizes() -> tuple[int, ...]:
    return tuple(map(len, families()))


def rhyme(draw: Draw) -> Chat:
    """A word, and one that rhymes with it, or as many as are asked for."""
    family = draw.rng.choices(families(), _sizes())[0]
    word = draw.one(family)
    others = [other for other in family[:12] if other != word]
    number = draw.rng.choice((1, 1, 1, 1, 2, 3, 4))
    if 1 < number <= len(others):
        said = draw.rng.choice((str(number), _NUMBERS[number]))
        asked = draw.phrase(_SEVERAL, a=keep(word), n=said)
        return turns(asked, ", ".join(draw.rng.sample(others, number)))
    other = draw.rng.choice(others)
    if not draw.held_out and draw.chance(0.7):
        return turns(draw.phrase(phrasings("rhyme"), w=keep(word)), f"{other.capitalize()}.")
    answers = ("{b}", "{B}.", "{B} rhymes with {a}.")
    said = draw.phrase(answers, a=word, b=other, B=other.capitalize())
    return turns(draw.phrase(_ASK, a=keep(word)), said)
