"""What the doctor looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.errors import CourseError


class NotWellError(Exception):
    """A check found something wrong.

    Args:
        found: what.
        remedy: what to do about it.
    """

    def __init__(self, found: str, *, remedy: str) -> None:
        super().__init__(found)
        self.remedy = remedy


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes:
        name: what is looked at.
        look: returns what was found; raises `NotWellError` or a `CourseError`.
    """

    name: str
    look: Callable[[], str]


def examine(checks: Sequence[Check]) -> bool:
    """Print a line for each; whether all is well."""
    well = True
    for check in checks:
        try:
            print(f"ok     {check.name:11} {check.look()}", flush=True)
        except (NotWellError, CourseError) as error:
            well = False
            print(f"WRONG  {check.name:11} {error}", flush=True)
            if isinstance(error, NotWellError):
                print(f"       {'':11} -> {error.remedy}", flush=True)
    return well
