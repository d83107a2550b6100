"""Whole prompts that want JSON, written by hand, with places for other values.

Elsewhere a sentence with facts meets any wording of the wish (`extraction`). People write both at
once: "hi! 3 bags of flour please, product and bags in json". A line of ``texts/prompts/`` is such a
prompt, ``=>`` and the keys of the answer in their order. A value stands as ``{key=kind}``, see
`values.draw_value`; ``@(a|b)`` is one of the words listed, ``list(kind)`` two to four values, and
without a key nobody asks for it. ``key=null``, ``=true``, ``=false`` and ``=0`` are constants.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from training.language.blocks import read, rooms
from training.language.chat import Chat, keep, turns
from training.language.drills.exchange import between, exchanger, new_word, stems
from training.language.extraction import slot_value
from training.language.lexicon import Draw
from training.language.records import Slot
from training.language.wording import vary

_SLOT = re.compile(r"\{([^{}=]*)=(@\([^)]*\)|list\(\w+\)|\w+)\}")


@dataclass(frozen=True)
class Prompt:
    """A prompt with ``{0}``, ``{1}`` where values stand, and the keys that it asks for.

    ``slots`` have the key for their name, or none if nobody asks for their values.
    ``constants`` are values that no place tells: null for what is missing, true for a shop that
    has opened.
    """

    text: str
    slots: tuple[Slot, ...]
    keys: tuple[str, ...]
    constants: dict[str, Any]


def parse(line: str) -> Prompt:
    """The prompt of a line.

    Raises:
        ValueError: the line has no keys, or a key without a value.
    """
    text, _, answer = line.replace("\\n", "\n").partition(" => ")
    slots = tuple(Slot(key, kind) for key, kind in _SLOT.findall(text))
    numbers = iter(range(len(slots)))
    keys, constants = [], {}
    for entry in answer.split(","):
        key, mark, constant = entry.strip().partition("=")
        keys.append(key)
        if mark:
            constants[key] = json.loads(constant)
    missing = set(keys) - set(constants) - {slot.name for slot in slots}
    if missing:
        raise ValueError(f"no value for {sorted(missing)} in: {line}")
    numbered = _SLOT.sub(lambda _: f"{{{next(numbers)}}}", text)
    return Prompt(numbered, slots, tuple(keys), constants)


@cache
def prompts() -> tuple[Prompt, ...]:
    """All of them; none is ever drawn for a measure."""
    return tuple(parse(line) for room in rooms("prompts") for line in read(room).split("\n"))


def _named(key: str) -> str:
    """Finds a key where a prompt names it, letter by letter."""
    return rf"(?<![A-Za-z0-9_]){re.escape(key)}(?![A-Za-z0-9_])"


def straight(given: Prompt) -> Prompt:
    """The same prompt that names its keys in the order in which it tells their values.

    As it is where a key is named more than once, or behind an article: then its place means more.
    """
    told = [slot.name for slot in given.slots if slot.name]
    asked = [key for key in given.keys if key not in given.constants]
    if asked == told or any(
        len(re.findall(_named(key), given.text)) != 1 or re.search(rf"\b[Aa]n? {key}", given.text)
        for key in asked
    ):
        return given
    places = re.compile("|".join(map(_named, asked)))
    # Constants are named in places of their own and stay there.
    order = iter(told)
    keys = tuple(key if key in given.constants else next(order) for key in given.keys)
    named = iter(told)
    return replace(given, text=places.sub(lambda _: next(named), given.text), keys=keys)


@cache
def _straight_prompts() -> tuple[Prompt, ...]:
    """Those that name their keys in the order of the values, after a mending where it needs one."""
    return tuple(
        each
        for each in map(straight, prompts())
        if [slot.name for slot in each.slots if slot.name]
        == [key for key in each.keys if key not in each.constants]
    )


def _marked(text: str, keys: Iterable[str]) -> str:
    """A prompt whose keys noise must leave as they are."""
    named = re.compile("|".join(_named(key) for key in keys))
    return between(text, lambda part: named.sub(lambda found: keep(found[0]), part))


def exchanged(draw: Draw, given: Prompt) -> Prompt:
    """The same prompt with another word for one of its keys, wherever that word stands.

    As it is where no key is a plain word.
    """
    plain = [key for key in given.keys if key.isalpha() and key.islower() and stems([key])]
    if not plain:
        return given
    old = draw.rng.choice(plain)
    (stem,) = stems([old])
    change = exchanger(stem, new_word(draw, old))
    keys = tuple(map(change, given.keys))
    if len(set(keys)) < len(keys) or change(old) == old:
        return given
    return Prompt(
        between(given.text, change),
        tuple(replace(slot, name=change(slot.name)) for slot in given.slots),
        keys,
        {change(key): value for key, value in given.constants.items()},
    )


def prompt(draw: Draw) -> Chat:
    """A prompt that wants JSON, and that JSON."""
    # Nine of ten people name keys in the order in which their text tells the values.
    chosen = draw.rng.choice(_straight_prompts() if draw.chance(0.75) else prompts())
    if draw.chance(0.3):
        chosen = exchanged(draw, chosen)
    values, spoken = dict(chosen.constants), {}
    for number, slot in enumerate(chosen.slots):
        value, spoken[str(number)] = slot_value(draw, slot)
        if slot.name:
            values[slot.name] = value
    text = vary(draw.rng, draw.fitted(chosen.text, spoken))
    if draw.chance(0.3):
        # Noise may change what is neither a key nor a value.
        marked = {number: keep(said) for number, said in spoken.items()}
        text = vary(draw.rng, _marked(text, chosen.keys), **marked)
    else:
        text = keep(vary(draw.rng, text, **spoken))
    answer = {key: values[key] for key in chosen.keys}
    return turns(text, json.dumps(answer, ensure_ascii=False))
