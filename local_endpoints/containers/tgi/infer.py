"""Between the routes and the engine: permits, validation, and whole answers.

Source of the order: TGI 3.3, router/src/infer/mod.rs. A request takes its permit before it is
validated, so that an overloaded container answers 429 even to a request that it would refuse.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from local_endpoints.containers.http.logged import shortened
from local_endpoints.containers.tgi.errors import InferError, generation, overloaded
from local_endpoints.containers.tgi.schemas import GenerateParameters
from local_endpoints.containers.tgi.validation import Validator
from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.text.delivery import AsyncInbox
from local_endpoints.engine.text.engine import Engine
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

PROBE_SECONDS = 10.0
"""How long the health probe may take."""


@dataclass
class Answer:
    """A finished generation.

    Attributes:
        request: with the times at which it was queued and started.
        prompt_tokens: the prompt with log probabilities, if it was asked for.
        tokens: every generated token.
        top_tokens: the alternatives at each of them.
        finish: how it ended.
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

    Attributes:
        request: what the engine works on.
    """

    def __init__(self, infer: Infer, request: Request) -> None:
        assert isinstance(request.inbox, AsyncInbox)
        self.request = request
        self._inbox = request.inbox
        self._infer = infer
        self._ended = False

    async def batches(self) -> AsyncIterator[list[Event]]:
        """Events as they come, all that wait at once; an empty list after `wake`.

        Raises:
            InferError: the generation failed.
        """
        while not self._ended:
            events = await self._inbox.take()
            for event in events:
                if isinstance(event, FailureEvent):
                    self.close()
                    raise generation(event.message)
                if isinstance(event, TokenEvent) and event.finish is not None:
                    self._log(event.finish)
                    self._end()
            yield events

    def wake(self) -> None:
        """Let `batches` yield although nothing came."""
        self._inbox.wake()

    def close(self) -> None:
        """Give the permit back; stop the engine's work if it is not done."""
        if not self._ended:
            self._infer.engine.cancel(self.request)
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
            (self._infer.clock() - self.request.started_at) * 1000,
        )

    def _end(self) -> None:
        self._ended = True
        self._infer.release()


class Infer:
    """Accepts requests up to a limit.

    Args:
        engine: answers them.
        validator: checks them.
        max_concurrent_requests: permits; more requests are refused at once.
        clock: seconds; the engine's.
    """

    def __init__(
        self,
        engine: Engine,
        validator: Validator,
        *,
        max_concurrent_requests: int,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._validator = validator
        self._permits = max_concurrent_requests

    def release(self) -> None:
        """Give one permit back."""
        self._permits += 1

    async def start(
        self, inputs: str, parameters: GenerateParameters, *, add_special_tokens: bool = True
    ) -> Generation:
        """Validate a request and hand it to the engine.

        Raises:
            InferError: overloaded, or refused by a check.
        """
        if self._permits <= 0:
            logger.warning("refused: %s", overloaded())
            raise overloaded()
        self._permits -= 1
        try:
            request = await self._validator.validate(
                inputs, parameters, add_special_tokens=add_special_tokens
            )
            self.engine.submit(request)
        except (QueueFullError, EngineStoppedError):
            self.release()
            raise overloaded() from None
        except BaseException as error:
            self.release()
            if isinstance(error, InferError):
                logger.warning("refused: %s", shortened(str(error)))
            raise
        return Generation(self, request)

    async def answer(
        self, inputs: str, parameters: GenerateParameters, *, add_special_tokens: bool = True
    ) -> Answer:
        """A whole answer; cancelling the task stops the generation.

        Raises:
            InferError: overloaded, refused by a check, or failed.
        """
        started = await self.start(inputs, parameters, add_special_tokens=add_special_tokens)
        prompt_tokens: Sequence[Token] = ()
        events: list[TokenEvent] = []
        try:
            async for batch in started.batches():
                for event in batch:
                    if isinstance(event, PromptEvent):
                        prompt_tokens = event.tokens
                    elif isinstance(event, TokenEvent):
                        events.append(event)
        finally:
            started.close()
        finish = events[-1].finish
        assert finish is not None
        return Answer(
            request=started.request,
            finish=finish,
            prompt_tokens=prompt_tokens,
            tokens=[event.token for event in events],
            top_tokens=[event.top_tokens for event in events],
        )

    async def best_of(self, inputs: str, parameters: GenerateParameters) -> list[Answer]:
        """Several answers to one prompt, the one with the highest mean logprob first.

        Raises:
            InferError: as `answer`, or ``best_of`` is out of range.
        """
        count = parameters.best_of or 0
        self._validator.check_best_of(count)
        tasks = [asyncio.create_task(self.answer(inputs, parameters)) for _ in range(count)]
        try:
            answers = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        best = max(range(count), key=lambda index: answers[index].mean_logprob)
        return [answers[best], *answers[:best], *answers[best + 1 :]]

    async def healthy(self) -> bool:
        """Whether the model works; after a failure a probe decides."""
        if self.engine.healthy:
            return True
        try:
            await asyncio.wait_for(self.probe(), PROBE_SECONDS)
        except Exception:
            return False
        return True

    async def probe(self) -> None:
        """Generate two tokens, past validation and permits: one prefill and one step.

        Raises:
            InferError: the model failed.
            QueueFullError: there is no room for the probe.
        """
        request = Request(prompt=np.zeros(1, np.int64), inbox=AsyncInbox(), max_new_tokens=2)
        self.engine.submit(request)
        self._permits -= 1
        async for _ in Generation(self, request).batches():
            pass
