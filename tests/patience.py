"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable

WAIT_SECONDS = 60.0
"""Bound of every wait for an event. Reaching it is a failure, so its length costs nothing."""
POLL_SECONDS = 0.02


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes true while somebody patient waits."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
