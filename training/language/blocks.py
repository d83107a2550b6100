"""Texts written by hand in ``texts/``: blocks of lines with an empty line between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ROOM = Path(__file__).parent / "texts"


def read(name: str) -> str:
    """A file of ``texts/``."""
    return (_ROOM / name).read_text(encoding="utf-8").strip()


def rooms(folder: str) -> tuple[str, ...]:
    """The files of a folder of ``texts/``: whoever adds one need not list it anywhere."""
    return tuple(sorted(f"{folder}/{path.name}" for path in (_ROOM / folder).glob("*.txt")))


def every_text() -> str:
    """All that is written by hand."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(_ROOM.rglob("*.txt")))


def blocks(name: str) -> list[str]:
    """The blocks of a file of ``texts/``."""
    return read(name).split("\n\n")


@dataclass(frozen=True)
class Remark:
    """What may be said (lines with ``?``), and what may be answered to all of it (``=``).

    Attributes:
        intent: of the whole block (``~``), see `intents`; empty where its answers would not fit.
    """

    said: tuple[str, ...]
    answers: tuple[str, ...]
    intent: str = ""


def _remark(block: str) -> Remark:
    lines = block.splitlines()
    said, answers, intent = (
        tuple(line[2:] for line in lines if line.startswith(mark)) for mark in ("? ", "= ", "~ ")
    )
    return Remark(said, answers, "".join(intent))


@cache
def remarks(name: str) -> tuple[Remark, ...]:
    """The remarks of a file of ``texts/talk/``."""
    return tuple(map(_remark, blocks(f"talk/{name}.txt")))
