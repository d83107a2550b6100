"""What replicas in processes of this computer have in common, alone in one or beside others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Mapping

import aiohttp

from local_endpoints.replicas.log import Log
from local_endpoints.replicas.replica import Phase, ReplicaOrder
from local_endpoints.replicas.wire import parse_ready_line

HEALTH_SECONDS = 0.05


class ContainedReplica:
    """A replica whose container says on lines how it fares. See ``Replica`` for the attributes.

    Args:
        order: what it shall be.
        on_change: called at every change of its phase.
    """

    def __init__(
        self, order: ReplicaOrder, *, id: str, log: Log, on_change: Callable[[], None]
    ) -> None:
        self.id = id
        self.log = log
        self.phase: Phase = "starting"
        self.url = ""
        self.headers: Mapping[str, str] = order.key_headers
        self.withheld: Collection[str] = ()
        self.signature = ""
        self.in_flight = 0
        self._order = order
        self._on_change = on_change
        self._stopping = False
        self._health: asyncio.Task[None] | None = None

    def heard(self, line: str) -> None:
        """The container has said something."""
        self.log.write(line)
        url = parse_ready_line(line, self._order.replica_key)
        if url is not None and self._health is None:
            self.url = url
            self._health = asyncio.create_task(self._become_ready())

    def ended(self, how: str) -> None:
        """The container is gone; its log says how, unless it was to be stopped."""
        if self._health is not None:
            self._health.cancel()
        self.log.close_file()
        if not self._stopping:
            self.log.write(how)
            self.phase = "exited"
            self._on_change()

    async def _become_ready(self) -> None:
        await healthy(self.url, self._order)
        self.phase = "ready"
        self._on_change()


async def healthy(url: str, order: ReplicaOrder) -> None:
    """Wait until the container at the address says that it is."""
    async with aiohttp.ClientSession(headers=order.key_headers) as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError, OSError):
                async with session.get(f"{url}/{order.health_route.lstrip('/')}") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(HEALTH_SECONDS)
