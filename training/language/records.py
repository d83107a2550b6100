"""Sentences with facts in them, and under which keys each fact may be asked for.

A record is a block of lines in ``texts/records/``. The first names its slots:
``slot=kind:key,key,...``; the others are sentences that say all of them. What each kind draws is
told by ``values.draw_value``; ``@(a|b|c)`` is one of the words listed. A line with ``?`` is a
question that a person may put in front, one with ``! slot`` a sentence that leaves this slot out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from training.language.blocks import blocks, rooms

_PLAIN = "records/plain.txt"
_SLOT = re.compile(r"(\w+)=(@\([^)]*\)|\w+):([\w,]+)(?: |$)")


@dataclass(frozen=True)
class Slot:
    """A fact: what kind it is of, and the keys that may ask for it."""

    name: str
    kind: str
    keys: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """Of a kind that has words of its own, ``@(a|b)``; none of any other."""
        return tuple(self.kind[2:-1].split("|")) if self.kind.startswith("@") else ()


@dataclass(frozen=True)
class Record:
    """Facts that one sentence tells, and the sentences.

    ``leads`` are questions that such a sentence answers. ``lacking`` are names of slots, each with
    a sentence that tells the others only.
    """

    slots: tuple[Slot, ...]
    sentences: tuple[str, ...]
    leads: tuple[str, ...] = ()
    lacking: tuple[tuple[str, str], ...] = ()

    @property
    def keys(self) -> set[str]:
        """Those of all facts."""
        return {key for slot in self.slots for key in slot.keys}


def _record(block: str) -> Record:
    head, *lines = block.splitlines()
    slots = (Slot(name, kind, tuple(keys.split(","))) for name, kind, keys in _SLOT.findall(head))
    return Record(
        tuple(slots),
        tuple(line for line in lines if line[:2] not in ("? ", "! ")),
        tuple(line[2:] for line in lines if line.startswith("? ")),
        tuple(_lack(line[2:]) for line in lines if line.startswith("! ")),
    )


def _lack(text: str) -> tuple[str, str]:
    name, _, sentence = text.partition(" ")
    return name, sentence


RECORDS = tuple(map(_record, blocks(_PLAIN)))
"""Those whose sentences measures draw, too, with words that are held out."""


@cache
def richer() -> tuple[Record, ...]:
    """Many more, of all walks of life; none of them is ever drawn for a measure."""
    return tuple(
        _record(block) for name in rooms("records") if name != _PLAIN for block in blocks(name)
    )


KEYS = tuple(
    """
name age city country street zip phone email date time day month year price cost total amount
quantity weight height length width depth size color shape material brand model version title
author editor publisher language genre pages chapter rating score level status priority owner
manager teacher student doctor patient driver pilot captain winner loser team league coach player
position goals points rank country_code currency balance account bank branch iban customer order
invoice receipt discount tax shipping carrier tracking warehouse shelf stock supplier origin
destination departure arrival gate seat flight train bus platform hotel room floor nights guests
breakfast menu dish drink dessert allergy diet calories protein sugar fat salt temperature
humidity wind pressure rain snow speed distance duration start end deadline reminder event venue
host speaker topic agenda summary comment question answer category tag label group class grade
subject course exam result project task step phase budget sponsor company department role salary
job skill degree school university birthday birthplace nationality gender hobby pet animal breed
plant flower tree fruit vegetable tool machine engine fuel power voltage battery screen memory
disk processor network server port protocol domain address url file folder format encoding
checksum user password permission token session endpoint replica region provider instance
container image planet star galaxy orbit mission rocket crew payload song album artist band genre
tempo instrument
""".split()
)
"""Plain keys, for facts that are told as "the key is value"."""
