"""Continuous batching over denoising steps: which pictures are worked on in which step.

One thread owns the pipeline. Between two steps it drops what was cancelled and admits what waits;
a request therefore joins and leaves the batch at any step. Nothing here knows about HTTP.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PIL import Image

from local_endpoints.engine.diffusion.pipeline import Denoising, DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.scheduler import EngineStoppedError, QueueFullError

logger = logging.getLogger(__name__)

OnStep = Callable[[int, int], None]
"""Called in the engine's thread after a step: how many are done, and how many there are."""


@dataclass(eq=False)
class _Job:
    request: ImageRequest
    on_step: OnStep | None
    future: Future[Image.Image] = field(default_factory=Future)
    picture: Denoising | None = None


class ImageEngine:
    """Makes pictures in batches, in a thread of its own.

    Args:
        pipeline: from now on only this engine may use it.
        max_batch: pictures that are worked on at once; the others wait in order. A larger batch
            makes the sum a little faster and the first picture later.
        max_requests: waiting and active requests together; more are refused.
    """

    def __init__(
        self, pipeline: DiffusionPipeline, *, max_batch: int = 4, max_requests: int = 128
    ) -> None:
        self._pipeline = pipeline
        self._max_batch = max_batch
        self._max_requests = max_requests
        self._work = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._active: list[_Job] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="image-engine", daemon=True)

    @property
    def active_count(self) -> int:
        """Pictures in the current batch."""
        return len(self._active)

    @property
    def waiting_count(self) -> int:
        """Requests not yet in the batch."""
        return len(self._waiting)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, *, timeout: float | None = 5.0) -> None:
        """End the thread after the current step; open requests fail."""
        with self._work:
            self._stopping = True
            self._work.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def submit(
        self, request: ImageRequest, *, on_step: OnStep | None = None
    ) -> Future[Image.Image]:
        """Queue a request.

        Returns:
            A future of the picture. Cancelling it gives the request up before the next step.

        Raises:
            QueueFullError: as many requests as allowed are already waiting or active.
            EngineStoppedError: the engine was stopped.
        """
        job = _Job(request, on_step)
        with self._work:
            if self._stopping:
                raise EngineStoppedError("the engine is stopping and takes no more requests")
            if len(self._waiting) + len(self._active) >= self._max_requests:
                raise QueueFullError(
                    f"{self._max_requests} requests are in flight: try again when some are done"
                )
            self._waiting.append(job)
            self._work.notify()
        return job.future

    def _run(self) -> None:
        while True:
            with self._work:
                while not (self._waiting or self._active or self._stopping):
                    self._work.wait()
                if self._stopping:
                    break
            self._step()
        with self._work:
            left = [*self._active, *self._waiting]
            self._active = []
            self._waiting.clear()
        for job in left:
            _settle(job.future.set_exception, EngineStoppedError("the engine was stopped"))

    def _step(self) -> None:
        self._drop_cancelled()
        while len(self._active) < self._max_batch and (job := self._next()):
            self._guard([job], partial(self._admit, job))
        if self._active:
            self._guard(self._active, self._denoise)
        for job in [job for job in self._active if job.picture and job.picture.finished]:
            self._guard([job], partial(self._finish, job))

    def _drop_cancelled(self) -> None:
        with self._work:
            self._waiting = deque(job for job in self._waiting if not job.future.cancelled())
        self._active = [job for job in self._active if not job.future.cancelled()]

    def _next(self) -> _Job | None:
        with self._work:
            return self._waiting.popleft() if self._waiting else None

    def _guard(self, jobs: list[_Job], work: Callable[[], None]) -> None:
        """Do some work; a crash fails the requests that it was for and nothing else."""
        try:
            work()
        except Exception as error:
            logger.exception("the work on %d request(s) failed", len(jobs))
            self._active = [job for job in self._active if job not in jobs]
            for job in jobs:
                _settle(job.future.set_exception, error)

    def _admit(self, job: _Job) -> None:
        job.picture = self._pipeline.start(job.request)
        self._active.append(job)

    def _denoise(self) -> None:
        pictures = [job.picture for job in self._active if job.picture]
        self._pipeline.step(pictures)
        for job, picture in zip(self._active, pictures, strict=True):
            if job.on_step is not None:
                job.on_step(picture.done, len(picture.steps))

    def _finish(self, job: _Job) -> None:
        assert job.picture is not None
        image = self._pipeline.decode(job.picture)
        self._active.remove(job)
        _settle(job.future.set_result, image)


def _settle(settle: Callable[[Any], None], value: object) -> None:
    """Set a future's outcome unless its owner has cancelled it meanwhile."""
    try:
        settle(value)
    except InvalidStateError:
        logger.debug("the request was cancelled")
