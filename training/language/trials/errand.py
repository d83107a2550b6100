"""A task of two steps for an agent, with the functions that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Known:
    """A function with the one answer that its task needs.

    Attributes:
        name: of the function.
        description: what it does.
        parameters: JSON type and description of each.
        expected: the right arguments.
        result: what it returns to them.
    """

    name: str
    description: str
    parameters: dict[str, tuple[str, str]]
    expected: dict[str, Any]
    result: Any


@dataclass(frozen=True)
class Errand:
    """A task, its two functions in the order of need, and what the final answer must name."""

    task: str
    steps: tuple[Known, Known]
    wanted: str = ""
