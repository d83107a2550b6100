"""How much of what a client sent gets into the log, so that no request fills it."""

from __future__ import annotations

from collections.abc import Sequence

NAMES = 8
NAME_CHARACTERS = 40
PATH_CHARACTERS = 100
TEXT_CHARACTERS = 300


def few(names: Sequence[str]) -> list[str]:
    """The beginnings of the first few names."""
    return [name[:NAME_CHARACTERS] for name in names[:NAMES]]


def shortened(text: str, *, limit: int = TEXT_CHARACTERS) -> str:
    """At most ``limit`` characters of a text, and how many there were."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text)} characters)"
