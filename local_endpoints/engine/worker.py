"""A thread with a queue: what the text engine and the image engine have in common.

Requests wait in order until a step takes them; what they become then, and how it leaves again, is
the engine's own affair. Nothing here knows of models or HTTP.
"""

from __future__ import annotations

import logging
import threading
import traceback
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from local_endpoints.engine.errors import EngineStoppedError, QueueFullError

logger = logging.getLogger(__name__)

Job = TypeVar("Job")


class Worker(ABC, Generic[Job]):
    """Works on jobs in steps, in a thread of its own.

    Args:
        name: of the thread.
        max_requests: waiting and active jobs together; more are refused.
    """

    def __init__(self, name: str, *, max_requests: int) -> None:
        self._max_requests = max_requests
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._joining: list[Job] = []
        self._stopping = False
        self._healthy = True
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    @abstractmethod
    def active(self) -> Sequence[Job]:
        """The jobs in the current batch."""

    @abstractmethod
    def step(self) -> None:
        """One round, in the worker's thread, while a job is waiting or active."""

    @abstractmethod
    def fail(self, jobs: Sequence[Job], error: Exception) -> None:
        """Take jobs out of the batch, as far as they are in it, and tell who waits for them."""

    @property
    def active_count(self) -> int:
        """Requests in the current batch."""
        return len(self.active)

    @property
    def waiting(self) -> Sequence[Job]:
        """The jobs that are not yet in the batch, in the order of their turns."""
        with self._changed:
            return list(self._waiting)

    @property
    def waiting_count(self) -> int:
        """Requests not yet in the batch."""
        return len(self._waiting)

    @property
    def in_flight(self) -> Sequence[Job]:
        """The jobs that wait, join or are in the batch, each once."""
        with self._changed:
            # What joins has left the queue, and is in the batch only when it has begun.
            jobs = (*self._waiting, *self._joining, *self.active)
            return list({id(job): job for job in jobs}.values())

    @property
    def healthy(self) -> bool:
        """Whether the last work on a batch went well."""
        return self._healthy

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, *, timeout: float | None = 5.0) -> None:
        """End the thread after the current step; open requests fail with `EngineStoppedError`."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _enqueue(self, job: Job, *, first: bool = False) -> None:
        """Let a job wait for its turn, behind the others or before them.

        Raises:
            QueueFullError: as many requests as allowed are already waiting or active.
            EngineStoppedError: the worker was stopped.
        """
        with self._changed:
            if self._stopping:
                raise EngineStoppedError("the engine is stopping and takes no more requests")
            if len(self.in_flight) >= self._max_requests:
                raise QueueFullError(
                    f"{self._max_requests} requests are in flight: try again when some are done"
                )
            (self._waiting.appendleft if first else self._waiting.append)(job)
            self._changed.notify()

    def _take(self, count: int) -> list[Job]:
        """Remove the waiting jobs whose turn is next, at most ``count``, from the queue."""
        with self._changed:
            taken = [self._waiting.popleft() for _ in range(min(count, len(self._waiting)))]
            self._joining += taken
        return taken

    def _forget_waiting(self, is_given_up: Callable[[Job], bool]) -> None:
        """Remove the waiting jobs that nobody wants any more; each job is asked about once."""
        if not self._waiting:
            return
        with self._changed:
            self._waiting = deque(job for job in self._waiting if not is_given_up(job))

    @contextmanager
    def _confined(self, jobs: Sequence[Job]) -> Iterator[None]:
        """Within it, an exception fails the jobs that the work is for and nothing else."""
        try:
            yield
            self._healthy = True
        except Exception as error:
            self._healthy = False
            # Without the exception's own words, which may repeat a prompt.
            frames = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error).__name__
            logger.error("the work on %d request(s) failed: %s\n%s", len(jobs), kind, frames)
            self.fail(jobs, error)

    def _run(self) -> None:
        while self._wait_for_work():
            self.step()
            with self._changed:
                self._joining.clear()
        left = [*self.active, *self._take(self.waiting_count)]
        self.fail(left, EngineStoppedError("the engine was stopped"))

    def _wait_for_work(self) -> bool:
        """Whether there is some; False as soon as the worker is to stop."""
        with self._changed:
            while not (self._waiting or self.active or self._stopping):
                self._changed.wait()
            return not self._stopping
