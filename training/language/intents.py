"""What people mean by what they say: kinds of remarks, each with answers that fit all of its kind.

What a small model hears for the first time it takes for something alike. An answer that all that is
alike has in common is then likelier than any that fits only one remark, and it is never absurd.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from training.language.blocks import blocks, rooms


@dataclass(frozen=True)
class Intent:
    """A kind of remarks.

    Attributes:
        meaning: when somebody has this intent, for people who add wordings.
        answers: each fits every remark of this kind.
        said: wordings of all sorts.
    """

    meaning: str
    answers: tuple[str, ...]
    said: tuple[str, ...]


@cache
def intents() -> dict[str, Intent]:
    """All of them, by name."""
    said = _said()
    found = {}
    for block in blocks("intents.txt"):
        head, *answers = block.splitlines()
        name, meaning = head.removeprefix("~ ").split(": ", 1)
        found[name] = Intent(meaning, tuple(line[2:] for line in answers), said.pop(name))
    if said:
        raise ValueError(f"wordings of intents that intents.txt lacks: {', '.join(sorted(said))}")
    return found


def _said() -> dict[str, tuple[str, ...]]:
    """The wordings of all files of ``texts/said/``, by intent."""
    said: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for room in rooms("said"):
        for block in blocks(room):
            head, *wordings = block.splitlines()
            said[head.removeprefix("~ ")] += tuple(line[2:] for line in wordings)
    return said
