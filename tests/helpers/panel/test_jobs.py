"""Jobs run beside the kernel, one of a name, and end when they are told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from helpers import UnreachableError
from helpers.panel.jobs import Jobs, beside
from tests.patience import WAIT_SECONDS


@pytest.fixture
def problems() -> list[BaseException]:
    return []


@pytest.fixture
def jobs(problems: list[BaseException]) -> Iterator[Jobs]:
    jobs = Jobs(problems.append)
    yield jobs
    for name in ("one", "two"):
        jobs.cancel(name)
    assert jobs.settle(WAIT_SECONDS)


class Held:
    """A job that goes on until it is let go."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.free = threading.Event()
        self.ended: list[str] = []

    async def work(self) -> None:
        self.began.set()
        try:
            while not self.free.is_set():
                await asyncio.sleep(0.001)
            self.ended.append("done")
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise


def test_whoever_starts_a_job_goes_on_at_once(jobs: Jobs) -> None:
    held = Held()
    assert jobs.start("one", held.work)
    assert jobs.is_running("one") and not jobs.settle(0.01)
    held.free.set()
    assert jobs.settle(WAIT_SECONDS) and held.ended == ["done"]


def test_a_second_of_the_same_name_is_dropped(jobs: Jobs) -> None:
    held, other = Held(), Held()
    jobs.start("one", held.work)
    assert not jobs.start("one", other.work)
    assert jobs.start("two", other.work)
    held.free.set()
    other.free.set()
    assert jobs.settle(WAIT_SECONDS) and (held.ended, other.ended) == (["done"], ["done"])


def test_a_replaced_job_is_cancelled(jobs: Jobs) -> None:
    old, new = Held(), Held()
    jobs.start("one", old.work)
    assert old.began.wait(WAIT_SECONDS)
    assert jobs.start("one", new.work, replace=True)
    new.free.set()
    assert jobs.settle(WAIT_SECONDS) and new.ended == ["done"]
    assert old.ended == ["cancelled"]


def test_a_job_that_is_cancelled_before_it_begins_is_finished(jobs: Jobs) -> None:
    for _ in range(50):
        jobs.start("one", Held().work)
        jobs.cancel("one")
        assert jobs.settle(WAIT_SECONDS)


def test_a_job_runs_until_it_has_ended_not_until_it_is_told_to(jobs: Jobs) -> None:
    began, free = threading.Event(), threading.Event()

    async def tidies_up() -> None:
        began.set()
        try:
            await asyncio.sleep(WAIT_SECONDS)
        finally:
            while not free.is_set():
                await asyncio.sleep(0.001)

    jobs.start("one", tidies_up)
    assert began.wait(WAIT_SECONDS)
    jobs.cancel("one")
    assert not jobs.settle(0.02) and jobs.is_running("one")
    free.set()
    assert jobs.settle(WAIT_SECONDS)


def test_an_error_is_said(jobs: Jobs, problems: list[BaseException]) -> None:
    async def fails() -> None:
        raise ValueError("odd")

    jobs.start("one", fails)
    assert jobs.settle(WAIT_SECONDS)
    assert [str(each) for each in problems] == ["odd"]


def test_what_blocks_is_done_beside(jobs: Jobs) -> None:
    results: list[int] = []

    async def work() -> None:
        results.append(await beside(lambda: 6 * 7))

    jobs.start("one", work)
    assert jobs.settle(WAIT_SECONDS) and results == [42]


def test_what_raises_beside_raises_here(jobs: Jobs, problems: list[BaseException]) -> None:
    async def work() -> None:
        await beside(lambda: [][0])

    jobs.start("one", work)
    assert jobs.settle(WAIT_SECONDS) and isinstance(problems[0], IndexError)


def test_nobody_waits_for_ever(jobs: Jobs, problems: list[BaseException]) -> None:
    free = threading.Event()

    async def work() -> None:
        await beside(free.wait, timeout=0.01)

    jobs.start("one", work)
    assert jobs.settle(WAIT_SECONDS)
    free.set()
    assert isinstance(problems[0], UnreachableError)
    assert "may have happened all the same" in str(problems[0])
