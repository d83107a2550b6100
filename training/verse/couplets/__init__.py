"""Reads the couplet files: the hand-written lines from which every poem is built.

A file holds blocks. A block starts with ``@category section`` (section is ``opener``, ``middle``
or ``closer``) and holds couplets of two lines, separated by blank lines. Inside a line

- ``[a|b]`` chooses one of several wordings, the first ones more often,
- ``<a|b>`` chooses ``a`` for a singular and ``b`` for a plural topic,
- ``{t}`` is the topic, ``{v}`` the topic as one speaks to it (without "the" or "a"), and ``{T}``
  and ``{V}`` are the same with a capital first letter.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from training.verse.preference import favored

SECTIONS = ("opener", "middle", "closer")
ANY = "any"
"""The category whose couplets suit every topic."""

_CHOICE = re.compile(r"\[([^\]]*)\]")
_NUMBER = re.compile(r"<([^|>]*)\|([^|>]*)>")


@dataclass(frozen=True)
class Couplet:
    """Two lines that rhyme, with their choices still open."""

    category: str
    section: str
    first: str
    second: str

    def realise(self, rng: random.Random, *, topic: str, plural: bool) -> tuple[str, str]:
        """Make every choice and write the topic in."""
        lines = []
        for line in (self.first, self.second):
            line = _CHOICE.sub(lambda found: favored(rng, found[1].split("|")), line)
            line = _NUMBER.sub(lambda found: found[2] if plural else found[1], line)
            for slot, text in (("t", topic), ("v", addressed(topic))):
                line = line.replace("{" + slot + "}", text)
                line = line.replace("{" + slot.upper() + "}", text[0].upper() + text[1:])
            lines.append(line)
        return lines[0], lines[1]

    def end_words(self) -> frozenset[str]:
        """Every last word that either line can end on."""
        return _end_words(self)

    def end_pairs(self) -> Iterator[tuple[str, str]]:
        """Every pair of last words that the couplet can end on."""
        for first, second in product(_wordings(self.first), _wordings(self.second)):
            yield last_word(first), last_word(second)


@cache
def _end_words(couplet: Couplet) -> frozenset[str]:
    return frozenset(word for pair in couplet.end_pairs() for word in pair)


def _wordings(line: str) -> set[str]:
    parts = re.split(r"(\[[^\]]*\]|<[^>]*>)", line)
    options = [part[1:-1].split("|") if part[:1] in ("[", "<") else [part] for part in parts]
    return {"".join(choice) for choice in product(*options)}


def addressed(topic: str) -> str:
    """A topic as one speaks to it: "the sea" is addressed as "sea", "my cat" as "my cat"."""
    head, _, rest = topic.partition(" ")
    return rest if rest and head.lower() in ("the", "a", "an") else topic


def last_word(line: str) -> str:
    """The last word of a line of verse in lower case, without punctuation."""
    words = re.findall(r"[\w'-]+", line.lower())
    return words[-1].strip("'-") if words else ""


def _parse(text: str, source: str) -> Iterator[Couplet]:
    category = section = ""
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.splitlines()]
        lines = [line for line in lines if line and not line.startswith("#")]
        if lines and lines[0].startswith("@"):
            category, section = lines.pop(0)[1:].split()
            if section not in SECTIONS:
                raise ValueError(f"{source}: section {section!r} is not one of {SECTIONS}")
        if not lines:
            continue
        if len(lines) != 2:
            raise ValueError(f"{source}: a couplet has two lines, not {len(lines)}: {lines}")
        yield Couplet(category, section, lines[0], lines[1])


@cache
def all_couplets() -> tuple[Couplet, ...]:
    """Every couplet of every file, in a fixed order.

    Raises ``ValueError`` when a file breaks the format.
    """
    folder = Path(__file__).parent
    found: list[Couplet] = []
    for path in sorted(folder.glob("*.txt")):
        found.extend(_parse(path.read_text(encoding="utf-8"), path.name))
    return tuple(found)


@cache
def couplets(category: str, section: str) -> tuple[Couplet, ...]:
    """The couplets of one category and section; empty when there are none."""
    return tuple(c for c in all_couplets() if (c.category, c.section) == (category, section))
