from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.local_endpoints.control_plane.fleet import Fleet


def test_whoever_waits_for_a_change_is_woken(fleet: Fleet) -> None:
    endpoint = fleet.create()

    def become_ready() -> None:
        fleet.launcher.last.become_ready()
        fleet.tick()

    def die() -> None:
        fleet.launcher.last.die()
        fleet.tick()

    async def woken_by(change: Callable[[], None]) -> str:
        waiter = asyncio.create_task(fleet.lifecycle.changed(3600))
        await asyncio.sleep(0)
        change()
        await asyncio.wait_for(waiter, 10)
        return endpoint.state

    def delete() -> None:
        fleet.lifecycle.delete(endpoint)

    changes = [fleet.tick, become_ready, die, become_ready, delete]
    states = [asyncio.run(woken_by(change)) for change in changes]
    assert states == ["initializing", "running", "running", "running", "running"]


def test_waiting_in_vain_leaves_nothing_behind(fleet: Fleet) -> None:
    async def wait_often() -> None:
        for _ in range(50):
            await fleet.lifecycle.changed(0)

    asyncio.run(wait_often())
    assert fleet.lifecycle.changes.waiting == 0
