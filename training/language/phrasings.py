"""Ways to ask for something, written by hand, by what is asked for."""

from __future__ import annotations

from functools import cache

from training.language.blocks import blocks


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    found = {}
    for section in blocks("phrasings.txt"):
        name, *lines = section.splitlines()
        found[name] = tuple(line.replace("\\n", "\n") for line in lines)
    return found


def phrasings(name: str) -> tuple[str, ...]:
    """The wordings of one section of ``texts/phrasings.txt``, with its slots in braces.

    Raises:
        KeyError: there is no such section.
    """
    return _sections()[name]
