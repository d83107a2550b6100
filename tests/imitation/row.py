"""A line of the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["same", "approximated", "ignored", "refused"]


@dataclass(frozen=True)
class Row:
    """Names that share a verdict.

    Attributes:
        part: where they belong, for example ``chat``.
        names: of fields, routes, arguments or variables.
        verdict: ``same``: as the real server does, refusals included. ``approximated``: it works,
            and the remark says what differs. ``ignored``: accepted, and changes nothing.
            ``refused``: with a text, although the real server takes it.
        remark: what else there is to say.
    """

    part: str
    names: Sequence[str]
    verdict: Verdict
    remark: str = ""


@dataclass(frozen=True)
class Example:
    """A value of a field, and what comes of it.

    Attributes:
        value: of the field.
        beside: fields that have to stand beside it.
        refusal: words of the refusal, the real server's own for a field that is ``same``; empty
            for an answer.
    """

    value: Any
    beside: dict[str, Any] | None = None
    refusal: str = ""

    def fields(self, name: str) -> dict[str, Any]:
        """What of it stands in a body."""
        return {**(self.beside or {}), name: self.value}


def names(rows: Iterable[Row], part: str) -> list[str]:
    """All names of a part."""
    return [name for row in rows if row.part == part for name in row.names]


def verdicts(rows: Iterable[Row], part: str) -> dict[str, Verdict]:
    """The verdict on each name of a part."""
    return {name: row.verdict for row in rows if row.part == part for name in row.names}
