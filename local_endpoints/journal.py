"""What the service was asked: the newest requests, without what they said.

Neither bodies nor headers nor queries are kept: prompts and tokens stand there.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from starlette.types import Message, Receive

from local_endpoints.errors import header_text

MOST_ENTRIES = 1000
MOST_LETTERS = 200


@dataclass
class Entry:
    """One request.

    Attributes:
        at: when it came, in seconds since the epoch, by the service's clock.
        method, path: what it asked for.
        body_bytes: how much of its body has been read.
        seconds: until its answer had ended; ``None`` before, like all that follows.
        status: of the answer; ``None`` if there was none.
        endpoint: name of the endpoint whose address it was sent to; ``None`` for all others.
        fault: id of the fault that struck it, if one did.
    """

    at: float
    method: str
    path: str
    body_bytes: int = 0
    seconds: float | None = None
    status: int | None = None
    endpoint: str | None = None
    fault: str | None = None

    def __post_init__(self) -> None:
        self._began = time.perf_counter()

    def counting(self, receive: Receive) -> Receive:
        """The same source, whose bytes are counted."""

        async def counted() -> Message:
            message = await receive()
            self.body_bytes += len(message.get("body", b""))
            return message

        return counted

    def end(self, *, status: int | None, endpoint: str | None, fault: str | None) -> None:
        """Its answer has ended."""
        self.status, self.endpoint, self.fault = status, endpoint, fault
        self.seconds = round(time.perf_counter() - self._began, 6)


class Journal:
    """The newest 1,000 requests, oldest first, without those for the service's own ``/_local``."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)

    def begin(self, method: str, path: str, *, at: float) -> Entry:
        """A request has come."""
        entry = Entry(at, method[:MOST_LETTERS], header_text(path[:MOST_LETTERS]))
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget them."""
        self._entries.clear()

    def to_objects(self) -> list[dict[str, Any]]:
        """Their JSON objects."""
        return [asdict(entry) for entry in self._entries]
