"""Pairs of functions of which the second takes what the first one gave, and tasks that need both.

``texts/pairs/`` holds them: the first function, its arguments, the second, its arguments,
requests (``?``) and what may be said at the end (``=``). The kind ``@`` marks the argument that is
fed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from training.language.blocks import blocks, rooms
from training.language.chat import keep
from training.language.drills.catalog import restyled
from training.language.drills.errands import Plan, bare_value, number
from training.language.drills.exchange import (
    between,
    exchanger,
    named,
    new_word,
    reordered,
    shared_words,
)
from training.language.functions import Function, argument
from training.language.lexicon import Draw
from training.language.tools import Use, draw_argument, draw_result
from training.language.wording import vary

FED = "@"


@dataclass(frozen=True)
class Pair:
    """Two functions, how people ask for both at once, and what is said when both are done."""

    first: Function
    second: Function
    asked: tuple[str, ...]
    told: tuple[str, ...]


def _pair(block: str) -> Pair:
    functions: list[Function] = []
    asked: list[str] = []
    told: list[str] = []
    for line in block.splitlines():
        mark, rest = line[:2], line[2:]
        if mark == "- ":
            last = functions[-1]
            functions[-1] = replace(last, arguments=(*last.arguments, argument(rest)))
        elif mark == "? ":
            asked.append(rest)
        elif mark == "= ":
            told.append(rest)
        else:
            names, description, result = line.split(" | ")
            functions.append(Function(tuple(names.split()), description, (), (), ("{r}",), result))
    first, second = functions
    return Pair(first, second, tuple(asked), tuple(told))


@cache
def pairs() -> tuple[Pair, ...]:
    """Those written by hand; none of them is ever drawn for a measure."""
    return tuple(_pair(block) for name in rooms("pairs") for block in blocks(name))


def errands(draw: Draw, count: int) -> list[Plan]:
    """Plans for the same two functions, with other values and other words: steps with their
    observations, the task that needs them, and the answer."""
    pair = draw.rng.choice(pairs())
    if draw.chance(0.45):
        pair = replace(pair, second=_fed_first(pair.second))
    elif draw.chance(0.4):
        pair = replace(pair, second=reordered(draw, pair.second))
    first, second = pair.first, pair.second
    if draw.chance(0.5):
        pair, first, second = _exchanged(draw, pair)
    shown = _shown(draw, first), _shown(draw, second)
    return [_errand(draw, pair, *shown) for _ in range(count)]


def _fed_first(function: Function) -> Function:
    """The function with what is fed before its other arguments, as most who write one have it."""
    arguments = sorted(function.arguments, key=lambda each: each.kind != FED)
    return replace(function, arguments=tuple(arguments))


def _exchanged(draw: Draw, pair: Pair) -> tuple[Pair, Function, Function]:
    """The pair with requests that have another word for one of its nouns, and both functions as a
    chat then shows them. All as it is where no word can be exchanged."""
    words = _shared_words(pair)
    if not words:
        return pair, pair.first, pair.second
    stem = draw.rng.choice(words)
    change = exchanger(stem, new_word(draw, stem))

    def said(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(between(text, change) for text in texts)

    def shown(function: Function) -> Function:
        arguments = tuple(
            replace(each, name=change(each.name), description=change(each.description))
            for each in function.arguments
        )
        names, description = tuple(map(change, function.names)), change(function.description)
        return replace(function, names=names, description=description, arguments=arguments)

    # A request without the word would ask for what the functions do no longer.
    asked = tuple(text for text in pair.asked if between(text, change) != text)
    worded = replace(pair, asked=said(asked), told=said(pair.told))
    return worded, shown(pair.first), shown(pair.second)


@cache
def _shared_words(pair: Pair) -> tuple[str, ...]:
    return shared_words((*named(pair.first), *named(pair.second)), pair.asked)


_Shown = tuple[str, Function]


def _shown(draw: Draw, function: Function) -> _Shown:
    """The name and the form that a function has in this chat."""
    name = draw.rng.choice(function.names)
    return restyled(draw, name, function) if draw.chance(0.5) else (name, function)


def _errand(draw: Draw, pair: Pair, first_shown: _Shown, second_shown: _Shown) -> Plan:
    said: dict[str, str] = {}
    first = _use(draw, pair.first, first_shown, said, fed="")
    value, _ = draw_result(draw, first)
    second = _use(draw, pair.second, second_shown, said, fed=bare_value(value))
    last, _ = draw_result(draw, second)
    asked = vary(draw.rng, draw.rng.choice(pair.asked)).strip().replace("  ", " ")
    told = vary(draw.rng, draw.rng.choice(pair.told))
    asked, told = draw.fitted(asked, said), draw.fitted(told, said)
    for name, text in said.items():
        asked = asked.replace("{" + name + "}", keep(text))
        told = told.replace("{" + name + "}", text)
    acted = pair.second.result == "done"
    result = bare_value(value if acted else last)
    told = told.replace("{r}", result)
    answer = draw.rng.choice((told, told, "Done.") if acted else (told, result, result))
    return [(first, value), (second, last)], asked, answer


def _use(draw: Draw, function: Function, shown: _Shown, said: dict[str, str], *, fed: str) -> Use:
    """A call of the function; ``said`` gets how the task says each argument."""
    values: list[Any] = []
    for each in function.arguments:
        if each.kind == FED:
            values.append(number(fed) if each.type in ("number", "integer") else fed)
            continue
        value, said[each.name] = draw_argument(draw, each)
        values.append(value)
    name, form = shown
    keys = [each.name for each in form.arguments]
    return Use(name, form, "", dict(zip(keys, values, strict=True)), {})
