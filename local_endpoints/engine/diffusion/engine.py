"""Continuous batching over denoising steps: which pictures are worked on in which step.

One thread owns the pipeline. Between two steps it drops what was cancelled and admits what waits;
a request therefore joins and leaves the batch at any step. Nothing here knows about HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field

from PIL import Image

from local_endpoints.engine.diffusion.pipeline import Denoising, DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.worker import Worker

MAX_BATCH = 31
"""Pictures that may be worked on at once."""


@dataclass(eq=False)
class ImageJob:
    """A request, and the future of its picture."""

    request: ImageRequest
    future: Future[Image.Image] = field(default_factory=Future)


class ImageEngine(Worker[ImageJob]):
    """Makes pictures in batches, in a thread of its own.

    Args:
        pipeline: from now on only this engine may use it.
        max_batch: pictures that are worked on at once, 1 to `MAX_BATCH`; the others wait in order.
            A larger batch makes the sum a little faster and the first picture later.
        max_requests: waiting and active requests together; more are refused.

    Attributes:
        config: of the pipeline.

    Raises:
        ValueError: ``max_batch`` is out of range.
    """

    def __init__(
        self, pipeline: DiffusionPipeline, *, max_batch: int = 4, max_requests: int = 128
    ) -> None:
        if not 1 <= max_batch <= MAX_BATCH:
            raise ValueError(f"max_batch must be 1 to {MAX_BATCH}, not {max_batch}")
        super().__init__("image-engine", max_requests=max_requests)
        self.config = pipeline.config
        self._pipeline = pipeline
        self._max_batch = max_batch
        self._pictures: dict[ImageJob, Denoising] = {}

    @property
    def active(self) -> Sequence[ImageJob]:
        """The jobs whose pictures are in the making."""
        return list(self._pictures)

    def submit(self, request: ImageRequest, *, first: bool = False) -> Future[Image.Image]:
        """Queue a request.

        Args:
            request: what to draw.
            first: whether it overtakes all that wait. It still waits for a place in the batch.

        Returns:
            A future of the picture. Cancelling it gives the request up before the next step.

        Raises:
            QueueFullError: as many requests as allowed are already waiting or active.
            EngineStoppedError: the engine was stopped.
        """
        job = ImageJob(request)
        self._enqueue(job, first=first)
        return job.future

    def step(self) -> None:
        """Drop what was cancelled, start new pictures, and denoise and finish those begun."""
        self._drop_cancelled()
        while len(self._pictures) < self._max_batch and (new := self._take(1)):
            with self._confined(new):
                self._pictures[new[0]] = self._pipeline.start(new[0].request)
        for jobs in self._by_size():
            with self._confined(jobs):
                self._pipeline.step([self._pictures[job] for job in jobs])
        for job in [job for job, picture in self._pictures.items() if picture.finished]:
            with self._confined([job]):
                self._finish(job)

    def fail(self, jobs: Sequence[ImageJob], error: Exception) -> None:
        """Take jobs out of the batch and let their futures raise the error."""
        for job in jobs:
            self._pictures.pop(job, None)
            try:
                job.future.set_exception(error)
            except InvalidStateError:
                _is_given_up(job)

    def _by_size(self) -> list[list[ImageJob]]:
        """The active jobs in groups of one size, so that one too large fails no other."""
        groups: dict[tuple[int, ...], list[ImageJob]] = {}
        for job, picture in self._pictures.items():
            groups.setdefault(picture.latents.shape, []).append(job)
        return list(groups.values())

    def _drop_cancelled(self) -> None:
        self._forget_waiting(_is_given_up)
        for job in filter(_is_given_up, self.active):
            del self._pictures[job]

    def _finish(self, job: ImageJob) -> None:
        image = self._pipeline.decode(self._pictures[job])
        del self._pictures[job]
        try:
            job.future.set_result(image)
        except InvalidStateError:
            _is_given_up(job)


def _is_given_up(job: ImageJob) -> bool:
    """Whether the request was cancelled; whoever waits for its future is told then.

    `cancel` alone does not wake `concurrent.futures.wait`. To be called once for a cancelled job.
    """
    return job.future.cancelled() and not job.future.set_running_or_notify_cancel()
