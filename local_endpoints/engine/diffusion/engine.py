"""Continuous batching over denoising steps: which pictures are worked on in which step.

One thread owns the pipeline. Between two steps it drops what was cancelled and admits what waits;
a request therefore joins and leaves the batch at any step. Nothing here knows about HTTP.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from functools import partial

from PIL import Image

from local_endpoints.engine.diffusion.pipeline import (
    LARGEST_BATCH,
    Denoising,
    DiffusionPipeline,
    by_size,
)
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.errors import EngineStoppedError, QueueFullError

logger = logging.getLogger(__name__)

MAX_BATCH = LARGEST_BATCH // 2
"""Pictures that fit into one step of the UNet, all with guidance."""


@dataclass(eq=False)
class _Job:
    request: ImageRequest
    future: Future[Image.Image] = field(default_factory=Future)
    picture: Denoising | None = None


class ImageEngine:
    """Makes pictures in batches, in a thread of its own.

    Args:
        pipeline: from now on only this engine may use it.
        max_batch: pictures that are worked on at once, 1 to `MAX_BATCH`; the others wait in order.
            A larger batch makes the sum a little faster and the first picture later.
        max_requests: waiting and active requests together; more are refused.

    Raises:
        ValueError: ``max_batch`` is out of range.
    """

    def __init__(
        self, pipeline: DiffusionPipeline, *, max_batch: int = 4, max_requests: int = 128
    ) -> None:
        if not 1 <= max_batch <= MAX_BATCH:
            raise ValueError(f"max_batch must be 1 to {MAX_BATCH}, not {max_batch}")
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

    def submit(self, request: ImageRequest) -> Future[Image.Image]:
        """Queue a request.

        Returns:
            A future of the picture. Cancelling it gives the request up before the next step.

        Raises:
            QueueFullError: as many requests as allowed are already waiting or active.
            EngineStoppedError: the engine was stopped.
        """
        job = _Job(request)
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
            _fail(job, EngineStoppedError("the engine was stopped"))

    def _step(self) -> None:
        self._drop_cancelled()
        while len(self._active) < self._max_batch and (job := self._next()):
            self._guard([job], partial(self._admit, job))
        for jobs in by_size(self._active, _picture):
            self._guard(jobs, partial(self._denoise, jobs))
        for job in [job for job in self._active if _picture(job).finished]:
            self._guard([job], partial(self._finish, job))

    def _drop_cancelled(self) -> None:
        with self._work:
            self._waiting = deque(job for job in self._waiting if not _dropped(job))
        self._active = [job for job in self._active if not _dropped(job)]

    def _next(self) -> _Job | None:
        with self._work:
            return self._waiting.popleft() if self._waiting else None

    def _guard(self, jobs: list[_Job], work: Callable[[], None]) -> None:
        """Do some work; a crash fails the requests that it was for and nothing else."""
        try:
            work()
        except Exception as error:
            # Without the exception's own words, which may repeat a prompt.
            frames = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error).__name__
            logger.error("the work on %d request(s) failed: %s\n%s", len(jobs), kind, frames)
            self._active = [job for job in self._active if job not in jobs]
            for job in jobs:
                _fail(job, error)

    def _admit(self, job: _Job) -> None:
        job.picture = self._pipeline.start(job.request)
        self._active.append(job)

    def _denoise(self, jobs: list[_Job]) -> None:
        self._pipeline.step([_picture(job) for job in jobs])

    def _finish(self, job: _Job) -> None:
        image = self._pipeline.decode(_picture(job))
        self._active.remove(job)
        try:
            job.future.set_result(image)
        except InvalidStateError:
            _dropped(job)


def _picture(job: _Job) -> Denoising:
    """The picture of an active job: it has one since it was admitted."""
    assert job.picture is not None
    return job.picture


def _fail(job: _Job, error: Exception) -> None:
    try:
        job.future.set_exception(error)
    except InvalidStateError:
        _dropped(job)


def _dropped(job: _Job) -> bool:
    """Whether the request was cancelled; whoever waits for its future is told then.

    `cancel` alone does not wake `concurrent.futures.wait`. To be called once for a cancelled job.
    """
    return job.future.cancelled() and not job.future.set_running_or_notify_cancel()
