"""A log that nobody can fill from outside."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

MOST_MESSAGES = 1000


class AtMost(logging.Filter):
    """Lets the same message pass a few times in a period, whatever was filled in; the next one
    that passes tells how many did not.

    Args:
        lines: that pass.
        seconds: length of the period.
        now: tells the time, in seconds.
    """

    def __init__(
        self, lines: int = 10, seconds: float = 60.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._lines = lines
        self._seconds = seconds
        self._now = now
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written; changes the one that tells of others."""
        key = (record.name, str(record.msg))
        if len(self._seen) > MOST_MESSAGES:
            self._seen.clear()
        begun, count = self._seen.get(key, (self._now(), 0))
        left_out = 0
        if self._now() - begun >= self._seconds:
            left_out = max(0, count - self._lines)
            begun, count = self._now(), 0
        self._seen[key] = (begun, count + 1)
        if left_out:
            record.msg = f"{record.msg} ({left_out} lines like this were left out)"
        return count < self._lines
