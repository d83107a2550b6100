"""Waiting until something about any endpoint has changed."""

from __future__ import annotations

import asyncio


class Changes:
    """Wakes whoever waits. Belongs to the event loop that it is used on."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def waiting(self) -> int:
        """How many wait at this moment."""
        return len(self._waiting)

    def notify(self) -> None:
        """Something changed."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def wait(self, timeout: float) -> None:
        """Return at the next change, or after ``timeout`` seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await asyncio.wait([future], timeout=timeout)
        finally:
            if future in self._waiting:
                self._waiting.remove(future)
