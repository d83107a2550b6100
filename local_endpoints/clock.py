"""The one clock that every timing in the service reads.

Two units exist side by side. *Seconds* are what the computer's clock measures. A *local minute* is
what the service bills and what idle time-outs count; it lasts ``Clock.minute`` seconds (1 by
default, 60 to behave as the real service does), so that fifteen idle minutes fit into a lesson.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    @property
    def minute(self) -> float:
        """Length of one local minute, in seconds."""
        ...

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        ...


class MovableClock(Clock, Protocol):
    """A clock that can be put forward, never back."""

    def advance(self, *, minutes: float = 0.0, seconds: float = 0.0) -> None:
        """Put it forward by local minutes and seconds; both default to 0.

        Raises:
            ValueError: the sum is negative or no number.
        """
        ...


@dataclass
class SystemClock:
    """The computer's clock, and how far it was put forward since it was made.

    Args:
        minute: length of one local minute, in seconds; default 1.
    """

    minute: float = 1.0
    _ahead: float = field(default=0.0, init=False)

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time() + self._ahead

    def advance(self, *, minutes: float = 0.0, seconds: float = 0.0) -> None:
        """Put it forward; see ``MovableClock``."""
        self._ahead += _forward(minutes * self.minute + seconds)


@dataclass
class ManualClock:
    """A clock that only moves when told to: what the tests use in place of sleeping.

    Args:
        minute: length of one local minute, in seconds; default 60, so that minutes are minutes.
        start: first value of ``now()``, in seconds since the Unix epoch.
    """

    minute: float = 60.0
    start: float = 1_700_000_000.0
    _now: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._now = self.start

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self._now

    def advance(self, *, minutes: float = 0.0, seconds: float = 0.0) -> None:
        """Put it forward; see ``MovableClock``."""
        self._now += _forward(minutes * self.minute + seconds)


def _forward(seconds: float) -> float:
    """Raises: ValueError for time that would go back or end."""
    if not 0 <= seconds < math.inf:
        raise ValueError(f"a clock only goes forward, not by {seconds} seconds")
    return seconds
