"""What streamed answers have in common, whatever their events look like."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping

from local_endpoints.containers.http.sse import EventStream
from local_endpoints.containers.text.generation import Generation
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.engine.text.request import TokenEvent

TOKENS_EVERY = 0.01
"""Seconds between two writes of a stream. Every token is an event of its own, whenever it is
written; and one write costs the client, the gateway and this process as much as some tokens."""


class GenerationStream(ABC):
    """A generation that starts when its answer is written and stops when nobody reads it.

    Args:
        intake: takes the request.
        make: makes it.
    """

    def __init__(self, intake: Intake, make: Make) -> None:
        self._intake = intake
        self._make = make
        self._generation: Generation | None = None
        self._abandoned = False

    @abstractmethod
    def chunks(self) -> AsyncIterator[bytes]:
        """Framed events; those that wait together come as one chunk, a wake-up as an empty one."""

    @abstractmethod
    def frames(self, event: TokenEvent) -> bytes:
        """What is written for one token."""

    def response(self, headers: Mapping[str, str]) -> EventStream:
        """The HTTP answer that writes `chunks`."""
        return EventStream(self.chunks(), headers=headers, wake=self.wake, abandon=self.abandon)

    @property
    def prompt_length(self) -> int:
        """Tokens of the prompt, once the generation has started."""
        assert self._generation is not None
        return len(self._generation.request.prompt)

    async def generated(self, make: Make | None = None) -> AsyncIterator[bytes]:
        """The frames of every token; those that wait together come as one chunk.

        Args:
            make: makes another request than the stream's own.

        Raises:
            RequestError: the request was refused, or failed on the way.
        """
        self._generation = await self._intake.start(make or self._make)
        if self._abandoned:
            self._generation.close()
        async for events in self._generation.batches():
            tokens = (event for event in events if isinstance(event, TokenEvent))
            chunk = b"".join(map(self.frames, tokens))
            # An empty chunk is a sign of life; tokens of which nothing is shown are none.
            if chunk or not events:
                yield chunk

    def stop(self) -> None:
        """End the generation, and `generated` with it, before the model does."""
        if self._generation is not None:
            self._generation.close()

    def wake(self) -> None:
        """Let `chunks` yield although nothing came."""
        if self._generation is not None:
            self._generation.wake()

    def abandon(self) -> None:
        """Nobody reads any more."""
        self._abandoned = True
        self.stop()
