"""Indefinite articles: the one that fits a noun, and those of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SILENT = re.compile(r"hour|honest|honou?r|heir")
"""Words that begin with a vowel's sound, though not with its letter."""
_SOUNDED = re.compile(
    r"e[uw]|on(?:e|ce)(?![a-z])|"
    r"u(?:bi|ga|k[eru]|ly|nanim|ni(?![dmn])|r[aeiou]|s(?:ab|ag|e|u)|t[aeio]|vu)"
)
"""Words that begin with a vowel's letter, though not with its sound: "European", "user"."""
_LETTERS = "aefhilmnorsx"
"""Letters whose names begin with a vowel's sound."""
_NO_NOUNS = frozenset("a an and as at before if in into is it its of ok on or".split())
"""Before these an "a" is a letter or a mark, not an article."""
_WORD = re.compile(r"\w[\w'-]*")
_BEFORE_WORD = re.compile(r"(?<![\w'’.-])([Aa])n? (?=[\"“']?(\w[\w'-]*))")
_BEFORE_NAME = re.compile(r"(?<![\w'’.-])([Aa])n? (?=[\"“']?\{(\w+)\})")


def article(noun: str) -> str:
    """ "a" or "an", as the noun sounds."""
    found = _WORD.search(noun)
    if not found:
        return "a"
    word = found[0]
    if word[0].isdigit():
        return "an" if word[0] == "8" or word in ("11", "18") else "a"
    if _is_spelt(word):
        return "an" if word[0].lower() in _LETTERS else "a"
    plain = _plain(word)
    sounded = plain[:1] in tuple("aeiou") and not _SOUNDED.match(plain)
    return "an" if sounded or _SILENT.match(plain) else "a"


def with_article(noun: str) -> str:
    """The noun with "a" or "an" in front."""
    return f"{article(noun)} {noun}"


def fitted(text: str, values: Mapping[str, str]) -> str:
    """A text whose articles fit what will stand for the ``{name}`` behind them.

    The values themselves stay as they are, whatever is in them: somebody may want them back.
    """

    def fit(found: re.Match[str]) -> str:
        before, name = found.groups()
        return f"{before}{article(values[name])[1:]} " if name in values else found[0]

    return _BEFORE_NAME.sub(fit, text)


def mended(text: str) -> str:
    """Running text whose articles fit the words behind them."""

    def fit(found: re.Match[str]) -> str:
        before, word = found.groups()
        if word in _NO_NOUNS or word[0].isdigit() or _is_spelt(word):
            return found[0]
        return f"{before}{article(word)[1:]} "

    return _BEFORE_WORD.sub(fit, text)


def measured(text: str) -> str:
    """As chats of measures have had it from the beginning, and keep it: the letter decides."""
    return re.sub(r"\ba (?=[aeiou])", "an ", text)


def _is_spelt(word: str) -> bool:
    """Whether a word is said letter by letter: "SQL", "x-ray", "mp3"."""
    first = re.split(r"[-']|\d", word)[0]
    return len(first) == 1 or not set("aeiouy") & set(_plain(first)) or word[:3].isupper()


def _plain(word: str) -> str:
    """In lower case and without accents."""
    letters = unicodedata.normalize("NFD", word.lower().replace("ø", "o"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
