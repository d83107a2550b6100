"""Between the routes and the engine: permits, the making of requests, whole answers, health.

A request takes its permit before it is made and checked, so that an overloaded container refuses
even a request that it would refuse anyway (TGI 3.3, router/src/infer/mod.rs).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import numpy as np

from local_endpoints.containers.http.logged import shortened
from local_endpoints.containers.text.errors import GrammarRefused, Overloaded, RequestError
from local_endpoints.containers.text.generation import Answer, Generation
from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.text.delivery import AsyncInbox
from local_endpoints.engine.text.grammar import GrammarError
from local_endpoints.engine.text.part import TextEngine
from local_endpoints.engine.text.request import Finish, Request

logger = logging.getLogger(__name__)

PROBE_SECONDS = 10.0
"""How long the health probe may take."""

Make = Callable[[], Awaitable[Request]]
"""Makes a request for the engine, with an `AsyncInbox`, or raises a `RequestError`."""


class Observer:
    """Is told what becomes of requests; this one takes no notice."""

    def accepted(self, request: Request) -> None:
        """It passed its checks and is queued."""

    def finished(self, request: Request, finish: Finish, *, arrived: float, ended: float) -> None:
        """It was answered to its end; times in seconds of the engine's clock."""

    def failed(self, error: RequestError) -> None:
        """It gets no answer, or not all of it."""


class Intake:
    """Accepts requests up to a limit.

    Args:
        engine: answers them.
        max_concurrent_requests: permits; more requests are refused at once.
        words: what the log says of a refusal.
        observer: counts for the dialect's metrics.
        clock: seconds; the engine's.
    """

    def __init__(
        self,
        engine: TextEngine,
        *,
        max_concurrent_requests: int,
        words: Callable[[RequestError], str] = str,
        observer: Observer | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.clock = clock
        self._engine = engine
        self._permits = max_concurrent_requests
        self._words = words
        self._observer = observer or Observer()

    async def start(self, make: Make) -> Generation:
        """Make a request and hand it to the engine.

        Raises:
            RequestError: overloaded, or refused by ``make``.
        """
        arrived = self.clock()
        if self._permits <= 0:
            raise self._logged(Overloaded())
        self._permits -= 1
        try:
            request = await make()
            if request.grammar is not None:
                # Compiling may take a second, and nobody else shall wait for it.
                await asyncio.to_thread(self._engine.check, request.grammar)
            self._engine.submit(request)
        except GrammarError as error:
            self._release()
            raise self._logged(GrammarRefused(str(error))) from None
        except (QueueFullError, EngineStoppedError):
            self._release()
            raise self._logged(Overloaded()) from None
        except BaseException as error:
            self._release()
            if isinstance(error, RequestError):
                self._logged(error)
            raise
        self._observer.accepted(request)

        def ended(outcome: Finish | RequestError) -> None:
            if isinstance(outcome, RequestError):
                self._observer.failed(outcome)
            else:
                self._observer.finished(request, outcome, arrived=arrived, ended=self.clock())

        return Generation(
            request, self._engine, release=self._release, ended=ended, clock=self.clock
        )

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Takes a permit for work on a request that is not to be handed over yet.

        Raises:
            Overloaded: there is none.
        """
        if self._permits <= 0:
            raise self._logged(Overloaded())
        self._permits -= 1
        try:
            yield
        finally:
            self._release()

    async def answer(self, make: Make) -> Answer:
        """A whole answer; cancelling the task stops the generation.

        Raises:
            RequestError: overloaded, refused by ``make``, or failed.
        """
        return await (await self.start(make)).answer()

    async def best_of(self, make: Make, count: int) -> list[Answer]:
        """Several answers to one prompt, the one with the highest mean logprob first.

        Raises:
            RequestError: as `answer`, for any of them.
        """
        tasks = [asyncio.create_task(self.answer(make)) for _ in range(count)]
        try:
            answers = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        best = max(range(count), key=lambda index: answers[index].mean_logprob)
        return [answers[best], *answers[:best], *answers[best + 1 :]]

    async def healthy(self) -> bool:
        """Whether the model works; after a failure a probe decides."""
        if self._engine.healthy:
            return True
        try:
            await asyncio.wait_for(self.probe(), PROBE_SECONDS)
        except Exception:
            return False
        return True

    async def probe(self) -> None:
        """Generate two tokens, past checks and permits: one prefill and one step.

        Raises:
            GenerationFailed: the model failed.
            QueueFullError: there is no room for the probe.
        """
        request = Request(prompt=np.zeros(1, np.int64), inbox=AsyncInbox(), max_new_tokens=2)
        self._engine.submit(request)
        self._permits -= 1
        generation = Generation(request, self._engine, release=self._release, clock=self.clock)
        async for _ in generation.batches():
            pass

    def _release(self) -> None:
        self._permits += 1

    def _logged(self, refusal: RequestError) -> RequestError:
        logger.warning("refused: %s", shortened(self._words(refusal)))
        self._observer.failed(refusal)
        return refusal
