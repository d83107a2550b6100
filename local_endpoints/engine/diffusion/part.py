"""One user's part of an image engine."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakSet

from PIL import Image

from local_endpoints.engine.diffusion.engine import ImageEngine, ImageJob
from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.part import NO_BOUND, Engines, Part


@dataclass(frozen=True)
class ImageSettings:
    """What decides how an image engine computes; see `ImageEngine` and `DiffusionPipeline`."""

    model_dir: Path
    threads: int | None
    max_batch: int

    def engine(self) -> ImageEngine:
        """One of these settings."""
        pipeline = DiffusionPipeline(self.model_dir, threads=self.threads)
        return ImageEngine(pipeline, max_batch=self.max_batch, max_requests=NO_BOUND)


class ImagePart(Part[ImageEngine]):
    """What one user has of an image engine.

    Args:
        engines: those of the process.
        settings: of the engine.
        max_requests: of this user, waiting and active together; more are refused.

    Attributes:
        config: of the pipeline.
    """

    def __init__(self, engines: Engines, settings: ImageSettings, *, max_requests: int) -> None:
        super().__init__(engines, settings, settings.engine, max_requests=max_requests)
        self.config = self._engine.config
        self._mine: WeakSet[Future[Image.Image]] = WeakSet()

    def submit(self, request: ImageRequest, *, first: bool = False) -> Future[Image.Image]:
        """Queue a request; takes, returns and raises as `ImageEngine.submit`."""
        self._check_room()
        future = self._engine.submit(request, first=first)
        self._mine.add(future)
        return future

    def stop(self) -> None:
        """Use it no longer: what is still drawn for this user is given up."""
        for future in list(self._mine):
            future.cancel()
        super().stop()

    def _is_mine(self, job: ImageJob) -> bool:
        return job.future in self._mine
