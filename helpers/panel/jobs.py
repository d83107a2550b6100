"""What a panel has going on, beside the kernel: a cell that runs and a panel do not wait for
each other."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, TypeVar

from helpers.errors import UnreachableError

ANSWER_SECONDS = 60.0
"""How long the management API is waited for; its client would wait for ever."""

Result = TypeVar("Result")
Work = Callable[[], Coroutine[Any, Any, None]]


async def beside(work: Callable[[], Result], *, timeout: float = ANSWER_SECONDS) -> Result:
    """The result of a function that blocks, from a thread of its own.

    Nothing can stop such a thread: whoever is cancelled, or out of patience, only stops waiting.
    It is a daemon, so that it keeps no kernel from ending.

    Raises:
        UnreachableError: no result in that many seconds.
        Exception: what the function raises.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if outcome.done():
            return
        if error is None:
            outcome.set_result(result)
        else:
            outcome.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as caught:
            error = caught
        loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return await asyncio.wait_for(outcome, timeout)
    except asyncio.TimeoutError:
        raise UnreachableError(
            f"no answer from the service within {timeout:.0f} s. What was asked for may have "
            "happened all the same: look again in a minute"
        ) from None


class Jobs:
    """The jobs of one panel, by name.

    Args:
        complain: gets the error when a job fails: a widget has nobody to raise to.
    """

    def __init__(self, complain: Callable[[BaseException], None]) -> None:
        self._complain = complain
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job] = {}

    def start(self, name: str, work: Work, *, replace: bool = False) -> bool:
        """Begin a job.

        Args:
            replace: whether one of that name that still runs is cancelled; else the new one is
                dropped: whoever presses twice means once.

        Returns:
            Whether it was begun.
        """
        with self._lock:
            if self.is_running(name):
                if not replace:
                    return False
                self._jobs[name].cancel()
            self._jobs[name] = _Job(self._run(work))
            return True

    def cancel(self, name: str) -> None:
        """End a job, if it runs; its connection is closed."""
        if job := self._jobs.get(name):
            job.cancel()

    def is_running(self, name: str) -> bool:
        """Whether a job of that name goes on."""
        job = self._jobs.get(name)
        return job is not None and not job.finished.is_set()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing goes on any more, or the time is over. Never from inside a job.

        Returns:
            Whether everything is done.
        """
        end = time.monotonic() + timeout
        while jobs := [job for job in list(self._jobs.values()) if not job.finished.is_set()]:
            if not jobs[0].finished.wait(max(0.0, end - time.monotonic())):
                return False
        return True

    async def _run(self, work: Work) -> None:
        try:
            await work()
        except Exception as error:
            self._complain(error)


class _Job:
    """A task on the panels' loop. It is finished when it has ended, not when it was told to."""

    def __init__(self, work: Coroutine[Any, Any, None]) -> None:
        self.finished = threading.Event()
        self._task: asyncio.Task[None] | None = None
        _loop().call_soon_threadsafe(self._begin, work)

    def cancel(self) -> None:
        """Tell it to end."""
        _loop().call_soon_threadsafe(self._cancel)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._task = _loop().create_task(work)
        self._task.add_done_callback(lambda _: self.finished.set())

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for all panels of the kernel; its thread ends with the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="panels", daemon=True).start()
    return loop
