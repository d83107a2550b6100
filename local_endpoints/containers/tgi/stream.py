"""What streamed answers have in common, whatever their events look like."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping

from local_endpoints.containers.http.sse import EventStream
from local_endpoints.containers.tgi.infer import Generation, Infer
from local_endpoints.containers.tgi.schemas import GenerateParameters
from local_endpoints.engine.text.request import Event


class GenerationStream(ABC):
    """A generation that starts when its answer is written and stops when nobody reads it.

    Args:
        infer: answers requests.
        inputs: the prompt.
        parameters: of the generation.
        add_special_tokens: whether BOS is put in front of the prompt.
    """

    def __init__(
        self,
        infer: Infer,
        inputs: str,
        parameters: GenerateParameters,
        *,
        add_special_tokens: bool,
    ) -> None:
        self._infer = infer
        self._inputs = inputs
        self._parameters = parameters
        self._add_special_tokens = add_special_tokens
        self._generation: Generation | None = None
        self._abandoned = False

    @abstractmethod
    def chunks(self) -> AsyncIterator[bytes]:
        """Framed events; those that wait together come as one chunk, a wake-up as an empty one."""

    def response(self, headers: Mapping[str, str]) -> EventStream:
        """The HTTP answer that writes `chunks`."""
        return EventStream(self.chunks(), headers=headers, wake=self._wake, abandon=self._abandon)

    @property
    def prompt_length(self) -> int:
        """Tokens of the prompt, once the generation has started."""
        assert self._generation is not None
        return len(self._generation.request.prompt)

    async def _batches(self) -> AsyncIterator[list[Event]]:
        self._generation = await self._infer.start(
            self._inputs, self._parameters, add_special_tokens=self._add_special_tokens
        )
        if self._abandoned:
            self._generation.close()
        async for events in self._generation.batches():
            yield events

    def _wake(self) -> None:
        if self._generation is not None:
            self._generation.wake()

    def _abandon(self) -> None:
        self._abandoned = True
        if self._generation is not None:
            self._generation.close()
