"""Words of functions and records exchanged for any others, so that only looking helps.

Whoever has seen two thousand descriptions need not read them. Here a noun or a verb that a request
shares with what it asks for changes in both, each time to another one: "the ferry times of a port"
become "the zither times of a port", and only who compares the words finds the function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from training.language.articles import article
from training.language.functions import Argument, Function
from training.language.lexicon import Draw
from training.language.records import Record, Slot

_WORD = re.compile(r"[A-Z]?[a-z]+")
_PLACE = re.compile(r"(\{\w+\})")
_SHORT = 4
_COMMON = frozenset(
    """
    about after also anything around away back been before being between both call call can come
    comes could description does done down each every find finds first from function gets give
    given gives have here into item its just kind know last like list long look looks made make
    makes many mine more most much must name named names need needs new next number once only open
    other over please possible returns same says sees sets should show shows some somebody someone
    something such take takes tell tells than that the their them then there these they thing things
    this those time times today tomorrow under until using value want wants was were what when where
    whether which while who whole whom whose will with without word words would your
    """.split()
)
"""Too plain to tell one function from another."""


def _stem(word: str) -> str:
    """The singular of a word, as far as letters tell."""
    word = word.lower()
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _plain(text: str) -> str:
    """A text without the names of its places."""
    return _PLACE.sub("", text)


def stems(texts: Iterable[str]) -> set[str]:
    """The singulars of all words that can tell one thing from another."""
    found = {_stem(word) for text in texts for word in _WORD.findall(text)}
    return {stem for stem in found if len(stem) >= _SHORT and stem not in _COMMON}


def _pattern(stem: str) -> re.Pattern[str]:
    """The word alone, in a name of several words, or as a later part of ``camelCase``."""
    end = r"(e?s)?(?![a-z])"
    if stem.endswith("y"):
        stem, end = stem[:-1], "(?:y|(ies|ys))(?![a-z])"
    alone = rf"(?:\b([Aa]n?) )?(?<![A-Za-z])([{stem[0]}{stem[0].upper()}]{stem[1:]}){end}"
    return re.compile(rf"{alone}|(?<=[a-z])({stem.capitalize()}){end}")


def exchanger(stem: str, new: str) -> Callable[[str], str]:
    """Put ``new`` for a word wherever it stands; articles, capitals and plurals follow."""
    pattern = _pattern(stem)

    def exchanged(found: re.Match[str]) -> str:
        before, word, plural, inner, plural_inner = found.groups()
        old = word or inner
        many = "s" if (plural or plural_inner) and not new.endswith("s") else ""
        text = (new.capitalize() if old[0].isupper() else new) + many
        if before:
            text = f"{before[0]}{article(new)[1:]} {text}"
        return text

    return lambda text: pattern.sub(exchanged, text)


def between(text: str, change: Callable[[str], str]) -> str:
    """Change a text, but not the names of its places."""
    parts = _PLACE.split(text)
    return "".join(part if _PLACE.fullmatch(part) else change(part) for part in parts)


def new_word(draw: Draw, old: str = "") -> str:
    """Any noun, any English word, or a made-up one, but not the old one, nor several of it."""
    while True:
        kind = draw.rng.random()
        word = (draw.thing if kind < 0.5 else draw.word if kind < 0.8 else draw.strange)()
        word = re.sub("[^a-z]", "", word.lower())
        if len(word) > 2 and not (old and _pattern(old).fullmatch(word)):
            return word


def shared_words(shown: Iterable[str], asked: tuple[str, ...]) -> tuple[str, ...]:
    """Words of what a chat shows of functions that at least a third of the requests have."""
    found = {stem: _pattern(stem) for stem in stems(shown)}
    return tuple(
        sorted(
            stem
            for stem, pattern in found.items()
            if sum(bool(pattern.search(_plain(text))) for text in asked) >= len(asked) / 3
        )
    )


def named(function: Function) -> tuple[str, ...]:
    """What tells a function: its description and the words of its names."""
    return (function.description, *(part for n in function.names for part in n.split("_")))


@cache
def _shared_words(function: Function) -> tuple[str, ...]:
    return shared_words(named(function), function.asked)


def exchanged_function(draw: Draw, function: Function) -> Function:
    """The same function of something else; its requests name what it is about.

    As it is where no word can be exchanged.
    """
    words = _shared_words(function)
    if not words:
        return function
    chosen = draw.rng.sample(words, min(len(words), draw.rng.choice((1, 1, 2))))
    changes = [exchanger(stem, new_word(draw, stem)) for stem in chosen]

    def change(text: str) -> str:
        for each in changes:
            text = each(text)
        return text

    def changed(argument: Argument) -> Argument:
        about = change(argument.description)
        return replace(argument, name=change(argument.name), description=about)

    asked = tuple(change(text) for text in function.asked if change(_plain(text)) != _plain(text))
    arguments = tuple(map(changed, function.arguments))
    if not asked or len({argument.name for argument in arguments}) < len(arguments):
        return function
    return replace(
        function,
        names=tuple(map(change, function.names)),
        description=change(function.description),
        arguments=arguments,
        asked=asked,
        told=tuple(map(change, function.told)),
    )


@cache
def _shared_keys(record: Record) -> tuple[tuple[int, str], ...]:
    """Places of slots, each with a word that a key of it shares with a sentence."""
    texts = " ".join(map(_plain, record.sentences))
    return tuple(
        (place, stem)
        for place, slot in enumerate(record.slots)
        for stem in sorted(stems(slot.keys))
        if _pattern(stem).search(texts)
    )


def exchanged_record(draw: Draw, record: Record) -> Record:
    """The same record with another word for what one of its facts is a fact of.

    As it is where no word can be exchanged.
    """
    shared = _shared_keys(record)
    if not shared:
        return record
    place, stem = draw.rng.choice(shared)
    change = exchanger(stem, new_word(draw, stem))

    def changed(at: int, slot: Slot) -> Slot:
        if at != place:
            return slot
        return replace(slot, keys=tuple(change(key) for key in slot.keys if change(key) != key))

    sentences = tuple(
        between(text, change) for text in record.sentences if between(text, change) != text
    )
    slots = tuple(changed(at, slot) for at, slot in enumerate(record.slots))
    if not sentences or not slots[place].keys:
        return record
    return replace(
        record,
        slots=slots,
        sentences=sentences,
        leads=(),
        lacking=(),
    )


def any_value(draw: Draw, word: str) -> str:
    """Something else in place of a listed value, of one word or two, written like it."""
    words = [new_word(draw) for _ in range(draw.rng.choice((1, 1, 1, 2)))]
    if word[:1].isupper():
        words = [each.capitalize() for each in words]
    return " ".join(words)


def reordered(draw: Draw, function: Function) -> Function:
    """The function with its arguments in another order: which is which, only their names tell."""
    arguments = function.arguments
    return replace(function, arguments=tuple(draw.rng.sample(arguments, len(arguments))))
