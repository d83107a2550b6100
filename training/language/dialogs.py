"""Whole little chats, written by hand, with places for other values.

A line of ``texts/dialogs/KIND/`` is one: the turns of user and assistant between ``=>``. A value
stands as ``{name=kind}`` where it is said first (see `values.draw_value`; ``things`` is a plural,
``@(a|b)`` one of the words listed) and as ``{name}`` wherever it is said again; ``{Name}`` writes
it with a capital.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from training.language.blocks import read, rooms
from training.language.chat import Chat, keep, turns
from training.language.extraction import slot_value
from training.language.lexicon import Draw, many
from training.language.records import Slot
from training.language.wording import vary

_SLOT = re.compile(r"\{(\w+)=(@\([^)]*\)|\w+)\}")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Dialog:
    """Turns of user and assistant, with ``{name}`` where a value stands."""

    texts: tuple[str, ...]
    slots: tuple[Slot, ...]


def parse(line: str) -> Dialog:
    """The dialog of a line.

    Raises:
        ValueError: it ends with a turn of the user, or says a value that has no kind.
    """
    text = line.replace("\\n", "\n")
    slots = tuple(Slot(name, kind) for name, kind in _SLOT.findall(text))
    texts = tuple(_SLOT.sub(r"{\1}", text).split(" => "))
    said = {name for turn in texts for name in _PLACE.findall(turn)}
    known = {slot.name for slot in slots}
    if len(texts) % 2:
        raise ValueError(f"no answer in: {line}")
    if unknown := {name for name in said if name[:1].lower() + name[1:] not in known}:
        raise ValueError(f"no kind of {sorted(unknown)} in: {line}")
    return Dialog(texts, slots)


@cache
def dialogs(kind: str) -> tuple[Dialog, ...]:
    """All of a kind; none is ever drawn for a measure."""
    texts = map(read, rooms(f"dialogs/{kind}"))
    return tuple(parse(line) for text in texts for line in text.split("\n"))


def _said(draw: Draw, slot: Slot) -> str:
    """How a value is said. It makes sense in most chats, other than where JSON is copied."""
    if slot.values:
        return draw.rng.choice(slot.values)
    if slot.kind in ("thing", "things"):
        noun = draw.ordinary() if draw.chance(0.6) else draw.thing()
        return many(noun) if slot.kind == "things" else noun
    return slot_value(draw, slot)[1]


def talk(draw: Draw) -> Chat:
    """Greetings, thanks, who is there, small joys and sorrows."""
    return _chat(draw, "talk")


def told(draw: Draw) -> Chat:
    """Something is told, and asked for later."""
    return _chat(draw, "told")


def exact(draw: Draw) -> Chat:
    """Numbers, words, and facts that a child knows."""
    return _chat(draw, "exact")


def able(draw: Draw) -> Chat:
    """What it can do and what not; jokes."""
    return _chat(draw, "able")


def course(draw: Draw) -> Chat:
    """Questions about inference endpoints."""
    return _chat(draw, "course")


def lists(draw: Draw) -> Chat:
    """So many things of a kind or for an occasion; praise or complaint; yes or no."""
    return _chat(draw, "lists")


def verses(draw: Draw) -> Chat:
    """Haiku and short poems about anything."""
    return _chat(draw, "verses")


def tales(draw: Draw) -> Chat:
    """Stories of three sentences about anybody."""
    return _chat(draw, "tales")


def rewording(draw: Draw) -> Chat:
    """The user's own sentences shorter, joined, politer, under a title, as a note."""
    return _chat(draw, "rewording")


TASKS = (talk, told, exact, able, course, lists, verses, tales, rewording)
"""One for each folder of ``texts/dialogs/``."""


def _chat(draw: Draw, kind: str) -> Chat:
    """A chat whose answers take up what the user says."""
    chosen = draw.rng.choice(dialogs(kind))
    said = {slot.name: _said(draw, slot) for slot in chosen.slots}
    said |= {name.capitalize(): text[:1].upper() + text[1:] for name, text in said.items()}
    texts = []
    for number, turn in enumerate(chosen.texts):
        asked = number % 2 == 0
        text = draw.fitted(vary(draw.rng, turn) if asked else turn, said)
        shown = {name: keep(value) for name, value in said.items()} if asked else said
        texts.append(_filled(text, shown))
    return turns(*texts)


def _filled(text: str, said: dict[str, str]) -> str:
    return _PLACE.sub(lambda found: said[found[1]], text)
