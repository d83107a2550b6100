"""A replica that is somebody else's server: an address that the operator has named.

Nothing is started or stopped there. A replica begins when its address says that it is healthy, and
has died when it is not so three times in a row. Another one in its place waits a minute for the
server to come back. When it is stopped, no request goes there any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Collection, Mapping

import aiohttp

from local_endpoints.clock import Clock
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.replica import Phase, ReplicaOrder, new_replica_id
from local_endpoints.shelf import Upstream

HEALTH_SECONDS = 0.5
ANSWER_SECONDS = 5.0
MISSES = 3
START_MISSES = 120

# By which servers know their clients. A caller's are meant for the service and never leave it.
CREDENTIALS = frozenset({"authorization", "cookie", "x-api-key", "api-key"})


class UpstreamReplica:
    """One user of an upstream address. See ``Replica`` for the attributes; ``log`` has what was
    noticed of it, its own log is where it runs."""

    def __init__(
        self,
        order: ReplicaOrder,
        upstream: Upstream,
        *,
        clock: Clock,
        on_change: Callable[[], None],
    ) -> None:
        self.id = new_replica_id()
        self.phase: Phase = "starting"
        self.url = upstream.url
        self.headers: Mapping[str, str] = {}
        self.withheld: Collection[str] = CREDENTIALS
        self.signature = ""
        self.in_flight = 0
        self._upstream = upstream
        self._on_change = on_change
        self.log = Log(clock)
        self._say(f"{order.repository} is served by {upstream.url}, outside this service")
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Ask it nothing any more; requests that are under way are the gateway's."""
        self._task.cancel()

    def crash(self) -> None:
        """Count as dead, whatever it does; returns at once."""
        self._task.cancel()
        asyncio.get_running_loop().call_soon(self._die, "it counts as dead, on demand")

    @property
    def gone(self) -> bool:
        """Whether it is asked nothing any more."""
        return self._task.done()

    async def stopped(self) -> None:
        """Wait until it is asked nothing any more."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        try:
            self.headers = self._key_header()
        except KeyError as error:
            self._die(
                f"its key is missing: start the service with the variable {error.args[0]} in its "
                "environment"
            )
            return
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(headers=self.headers, timeout=timeout) as session:
            await self._watch(session)

    def _key_header(self) -> dict[str, str]:
        """Raises: KeyError with the name of the variable that is not there."""
        name = self._upstream.key_env
        return {"Authorization": f"Bearer {os.environ[name]}"} if name else {}

    async def _watch(self, session: aiohttp.ClientSession) -> None:
        misses, problem = 0, ""
        while misses < (MISSES if self.phase == "ready" else START_MISSES):
            answers, problem = await self._ask(session)
            if not problem:
                misses = 0
                self._be_ready()
            else:
                self._say(problem)
                # What says that it is not ready yet is waited for, like a container that loads.
                misses += not (answers and self.phase == "starting")
            await asyncio.sleep(HEALTH_SECONDS)
        self._die(f"it was not healthy {misses} times in a row: {problem}")

    async def _ask(self, session: aiohttp.ClientSession) -> tuple[bool, str]:
        """Whether it answers, and what is wrong with it; empty if nothing is."""
        url = f"{self.url}{self._upstream.health_route}"
        try:
            async with session.get(url, allow_redirects=False) as answer:
                return True, "" if answer.status == 200 else f"{url} answers {answer.status}"
        except asyncio.TimeoutError:
            return False, f"{url} does not answer within {ANSWER_SECONDS:g} s"
        except (aiohttp.ClientError, OSError) as error:
            return False, f"{url} does not answer: {error}"

    def _be_ready(self) -> None:
        if self.phase == "starting":
            self._say("it is healthy")
            self.phase = "ready"
            self._on_change()

    def _die(self, reason: str) -> None:
        self._say(reason)
        self.phase = "exited"
        self._on_change()

    def _say(self, line: str) -> None:
        if self.log.tail(1) != [line]:
            self.log.write(line)


class UpstreamLauncher:
    """Begins and ends the use of upstream addresses.

    Args:
        clock: the one clock.
    """

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._replicas: list[UpstreamReplica] = []

    def launch(self, order: ReplicaOrder, on_change: Callable[[], None]) -> UpstreamReplica:
        """Begin; ``on_change`` is called at every change of its phase."""
        assert order.upstream is not None, "only a repository with an upstream asks for this kind"
        replica = UpstreamReplica(order, order.upstream, clock=self._clock, on_change=on_change)
        self._replicas = [each for each in self._replicas if not each.gone] + [replica]
        return replica

    def forget(self, endpoint_id: str) -> None:
        """The endpoint was deleted: nothing of it is kept here."""

    async def stop_all(self) -> None:
        """Ask none of them any more."""
        for replica in self._replicas:
            replica.stop()
        await asyncio.gather(*(replica.stopped() for replica in self._replicas))
