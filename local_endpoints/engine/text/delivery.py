"""How events get from the engine's thread to whoever waits for them.

A server on asyncio makes its requests with `AsyncInbox` and gives the engine a `LoopDelivery`:
all events of a delivery cross the thread border in one call. Everything else uses `ThreadInbox` and
the engine's default, `deliver_directly`.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Iterator, Sequence

from local_endpoints.engine.text.request import Event, FailureEvent, Request, TokenEvent

Delivery = Sequence[tuple[Request, Event]]
"""Events, each with its request; those of one request in order."""


def deliver_directly(events: Delivery) -> None:
    """Put every event into its inbox, in the calling thread."""
    for request, event in events:
        request.inbox.put(event)


class LoopDelivery:
    """Delivers on an event loop: one ``call_soon_threadsafe`` for all events of a delivery."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __call__(self, events: Delivery) -> None:
        # The loop closes before the engine stops when the process is told to end.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(deliver_directly, events)


class AsyncInbox:
    """Events of one request, awaited on the event loop that they are delivered on."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._waiter: asyncio.Future[None] | None = None

    def put(self, event: Event) -> None:
        """Add an event and wake who waits."""
        self._events.append(event)
        self.wake()

    def wake(self) -> None:
        """Let `take` return although nothing came."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def take(self) -> list[Event]:
        """All events that came since the last call; waits for one. Empty after `wake`."""
        if not self._events:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        events, self._events = self._events, []
        return events


class ThreadInbox:
    """Events of one request, read from another thread."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def put(self, event: Event) -> None:
        """Add an event."""
        self._events.put(event)

    def __iter__(self) -> Iterator[Event]:
        """Every event up to the last one; waits for each."""
        while True:
            event = self._events.get()
            yield event
            if is_last(event):
                return


def is_last(event: Event) -> bool:
    """Whether no event of the request follows."""
    if isinstance(event, TokenEvent):
        return event.finish is not None
    return isinstance(event, FailureEvent)
