"""One request on its way through the engine, and its whole answer."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from local_endpoints.containers.text.errors import GenerationFailed, RequestError
from local_endpoints.engine.text.delivery import AsyncInbox
from local_endpoints.engine.text.part import TextEngine
from local_endpoints.engine.text.request import (
    Event,
    FailureEvent,
    Finish,
    PromptEvent,
    Request,
    Token,
    TokenEvent,
)

logger = logging.getLogger(__name__)


@dataclass
class Answer:
    """A finished generation.

    Attributes:
        request: with the times at which it was queued and started.
        finish: how it ended.
        prompt_tokens: the prompt with log probabilities, if it was asked for.
        tokens: every generated token.
        top_tokens: the alternatives at each of them.
    """

    request: Request
    finish: Finish
    prompt_tokens: Sequence[Token] = ()
    tokens: list[Token] = field(default_factory=list)
    top_tokens: list[Sequence[Token]] = field(default_factory=list)

    @property
    def mean_logprob(self) -> float:
        """By which the best of several answers is chosen."""
        return sum(token.logprob or 0.0 for token in self.tokens) / len(self.tokens)


class Generation:
    """One accepted request: an iterator over its events that gives its permit back.

    Args:
        request: what the engine works on; with an `AsyncInbox`.
        engine: works on it.
        release: gives the permit back; called once.
        ended: told how it ended, unless it was given up.
        clock: seconds; the engine's.

    Attributes:
        request: see above.
    """

    def __init__(
        self,
        request: Request,
        engine: TextEngine,
        *,
        release: Callable[[], None],
        ended: Callable[[Finish | RequestError], None] = lambda outcome: None,
        clock: Callable[[], float],
    ) -> None:
        assert isinstance(request.inbox, AsyncInbox)
        self.request = request
        self._inbox = request.inbox
        self._engine = engine
        self._release = release
        self._tell = ended
        self._clock = clock
        self._ended = False

    async def batches(self) -> AsyncIterator[list[Event]]:
        """Events as they come, all that wait at once; an empty list after `wake`.

        Raises:
            GenerationFailed: there is no answer, or no more of it.
        """
        while not self._ended:
            events = await self._inbox.take()
            for event in events:
                if isinstance(event, FailureEvent):
                    if not self._ended:
                        self._tell(GenerationFailed(event.message))
                    self.close()
                    raise GenerationFailed(event.message)
                if isinstance(event, TokenEvent) and event.finish is not None:
                    self._log(event.finish)
                    self._tell(event.finish)
                    self._end()
            yield events

    async def answer(self) -> Answer:
        """Everything that comes; cancelling the task stops the generation.

        Raises:
            GenerationFailed: there is no answer.
        """
        prompt_tokens: Sequence[Token] = ()
        events: list[TokenEvent] = []
        try:
            async for batch in self.batches():
                for event in batch:
                    if isinstance(event, PromptEvent):
                        prompt_tokens = event.tokens
                    elif isinstance(event, TokenEvent):
                        events.append(event)
        finally:
            self.close()
        finish = events[-1].finish
        assert finish is not None
        return Answer(
            self.request,
            finish,
            prompt_tokens,
            [event.token for event in events],
            [event.top_tokens for event in events],
        )

    def wake(self) -> None:
        """Let `batches` yield although nothing came."""
        self._inbox.wake()

    def close(self) -> None:
        """Give the permit back; stop the engine's work if it is not done."""
        if not self._ended:
            self._engine.cancel(self.request)
            self._end()
            self._inbox.put(FailureEvent("the request was cancelled"))

    def _log(self, finish: Finish) -> None:
        logger.info(
            "Success: prompt_tokens %d, generated_tokens %d, finish_reason %s, "
            "queue_time %.1f ms, inference_time %.1f ms",
            len(self.request.prompt),
            finish.generated_tokens,
            finish.reason.value,
            (self.request.started_at - self.request.queued_at) * 1000,
            (self._clock() - self.request.started_at) * 1000,
        )

    def _end(self) -> None:
        self._ended = True
        self._release()
