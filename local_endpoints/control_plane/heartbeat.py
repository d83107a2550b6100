"""Until when a saved state held: two numbers in a small file, written over in place.

Whoever is killed cannot save. What is billed until then is found in this file, which costs fifty
bytes twice a minute where saving the whole state would cost all of it, and which a full disk takes
too: it never grows.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

# Always the same, so that a shorter text leaves nothing of a longer one behind.
WIDTH = 64


@dataclass(frozen=True)
class Heartbeat:
    """The last moment at which the service ran and its saved state was right.

    Args:
        path: the file, mode 0600; it need not exist.
    """

    path: Path

    def beat(self, *, saved_at: float, now: float) -> None:
        """Note that the state saved at ``saved_at`` still holds. Both are seconds since the epoch.

        Raises:
            OSError: the disk does not take it.
        """
        text = json.dumps([saved_at, now]).ljust(WIDTH - 1) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)

    def last(self, *, saved_at: float, now: float) -> float:
        """Until when the state saved at ``saved_at`` held: from then to ``now``, in seconds since
        the epoch. Without a note on that very state, ``saved_at``."""
        try:
            noted, moment = map(float, json.loads(self.path.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):
            return saved_at
        return max(saved_at, min(moment, now)) if noted == saved_at else saved_at
