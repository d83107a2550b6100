"""Heavy work goes on aside, and never more of it than there are workers."""

from __future__ import annotations

import asyncio
import threading

import pytest

from local_endpoints.containers.workers import LARGE, WORKERS, aside
from tests.patience import WAIT_SECONDS


@pytest.mark.parametrize(("size", "here"), [(0, True), (LARGE - 1, True), (LARGE, False)])
def test_only_what_is_large_is_done_aside(size: int, here: bool) -> None:
    async def main() -> None:
        thread = await aside(threading.get_ident, size=size)
        assert (thread == threading.get_ident()) is here

    asyncio.run(main())


def test_given_up_work_leaves_no_more_behind_than_there_are_workers() -> None:
    begun, done, go_on = [], [], threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        assert go_on.wait(WAIT_SECONDS)
        done.append(number)

    async def main() -> None:
        given_up = [asyncio.create_task(aside(work, number)) for number in range(10 * WORKERS)]
        await asyncio.sleep(0)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        go_on.set()
        await aside(done.append, -1)

    asyncio.run(main())
    assert len(begun) <= WORKERS
