"""What replicas in processes of this computer have in common, alone in one or beside others."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Collection, Mapping

import aiohttp

from local_endpoints.clock import Clock
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.log_file import LogFolder
from local_endpoints.replicas.replica import Phase, ReplicaOrder
from local_endpoints.replicas.wire import parse_ready_line

HEALTH_SECONDS = 0.05


class ContainedReplica:
    """A replica whose container says on lines how it fares. See ``Replica`` for the attributes;
    ``log_file`` has the whole log, or its end.

    Args:
        order: what it shall be.
        logs: where its log goes.
        clock: the one clock.
        on_change: called at every change of its phase.
    """

    def __init__(
        self, order: ReplicaOrder, *, logs: LogFolder, clock: Clock, on_change: Callable[[], None]
    ) -> None:
        self.id = secrets.token_hex(3)[:5]
        self.log_file = logs.open(order.endpoint_id, f"{order.log_name}-{self.id}.log")
        self.phase: Phase = "starting"
        self.url = ""
        self.headers: Mapping[str, str] = order.key_headers
        self.withheld: Collection[str] = ()
        self.in_flight = 0
        self.log = Log(clock)
        self._order = order
        self._on_change = on_change
        self._stopping = False
        self._health: asyncio.Task[None] | None = None

    def heard(self, line: str) -> None:
        """The container has said something."""
        self.log.write(line)
        self.log_file.write(line)
        url = parse_ready_line(line)
        if url is not None and self._health is None:
            self.url = url
            self._health = asyncio.create_task(self._wait_until_healthy())

    def ended(self, how: str) -> None:
        """The container is gone. It tells whether it was to be."""
        if self._health is not None:
            self._health.cancel()
        self.log_file.close()
        if not self._stopping:
            self.log.write(how)
            self.phase = "exited"
            self._on_change()

    async def _wait_until_healthy(self) -> None:
        url = f"{self.url}/{self._order.health_route.lstrip('/')}"
        async with aiohttp.ClientSession(headers=self.headers) as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError, OSError):
                    async with session.get(url) as response:
                        if response.status == 200:
                            break
                await asyncio.sleep(HEALTH_SECONDS)
        self.phase = "ready"
        self._on_change()
