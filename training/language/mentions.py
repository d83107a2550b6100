"""Something told in passing, in a sentence of everyday life, and asked for later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from training.language.blocks import blocks
from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.smalltalk import small_talk
from training.language.tables import ANIMALS, COLORS, FOODS, MONTHS, WEEKDAYS


@dataclass(frozen=True)
class Mention:
    """One block of ``texts/mentions.txt``; every text but a question may have ``{v}``.

    Attributes:
        kind: of the value, a key of `KINDS`.
        told: what the user says (lines with ``!``).
        reactions: what is answered to it (``=``).
        asked: how it is asked for (``?``).
        answers: what is right then (``>``).
    """

    kind: str
    told: tuple[str, ...]
    reactions: tuple[str, ...]
    asked: tuple[str, ...]
    answers: tuple[str, ...]


def _clock(draw: Draw) -> str:
    return f"{draw.rng.randint(0, 23)}:{draw.rng.randrange(0, 60, 5):02d}"


def _number(draw: Draw) -> str:
    return str(draw.rng.randint(2, draw.rng.choice((30, 99, 999, 9999))))


KINDS: dict[str, Callable[[Draw], str]] = {
    "city": Draw.city,
    "country": Draw.country,
    "name": Draw.name,
    "full": Draw.full_name,
    "number": _number,
    "age": lambda draw: str(draw.rng.randint(18, 99)),
    "word": Draw.thing,
    "strange": Draw.strange,
    "color": lambda draw: draw.rng.choice(COLORS),
    "day": lambda draw: draw.rng.choice(WEEKDAYS),
    "month": lambda draw: draw.rng.choice(MONTHS),
    "thing": Draw.thing,
    "animal": lambda draw: draw.rng.choice(ANIMALS),
    "food": lambda draw: draw.rng.choice(FOODS),
    "time": _clock,
    "price": lambda draw: f"{draw.rng.randint(1, 99)}.{draw.rng.randrange(0, 100, 10):02d}",
    "year": lambda draw: str(draw.rng.randint(1920, 2026)),
}
"""How each kind of value is drawn."""


@cache
def mentions() -> tuple[Mention, ...]:
    """All that is written by hand."""
    found = []
    for block in blocks("mentions.txt"):
        kind, *lines = block.splitlines()
        parts = (tuple(line[2:] for line in lines if line[:2] == f"{mark} ") for mark in "!=?>")
        found.append(Mention(kind, *parts))
    return tuple(found)


def mention(draw: Draw) -> Chat:
    """One thing told or two, sometimes other talk, and the question for one of them."""
    told = draw.rng.sample(mentions(), 2 if draw.chance(0.25) else 1)
    values = [KINDS[each.kind](draw) for each in told]
    chat: Chat | None = None
    for each, value in zip(told, values, strict=True):
        reaction = draw.phrase(each.reactions, v=value)
        turn = turns(draw.phrase(each.told, v=keep(value)), draw.begun(reaction, value))
        chat = chat.then(turn) if chat else turn
        if draw.chance(0.2):
            chat = chat.then(small_talk(draw))
    assert chat is not None
    chosen = draw.rng.randrange(len(told))
    answer = draw.phrase(told[chosen].answers, v=values[chosen])
    return chat.then(turns(draw.phrase(told[chosen].asked), draw.begun(answer, values[chosen])))
