"""Replicas that Ray places: each is an application of Ray Serve, with one container in it.

An application of several would let Serve choose which of them answers, which one goes, and when a
dead one comes back. Bills, updates and failures hang on exactly that, so here it is decided by the
states of the endpoint, and Serve finds a node for each, reaches it, and tells when it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from ray import serve
from ray.exceptions import RayError
from ray.serve.exceptions import RayServeException

from local_endpoints.replicas.contained import healthy
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.process import STOP_SECONDS
from local_endpoints.replicas.ray_cluster import RayCluster
from local_endpoints.replicas.ray_place import SIGNATURE, News, Place
from local_endpoints.replicas.replica import Phase, ReplicaOrder

LEASE_SECONDS = 15.0
WAITING_SECONDS = 30.0
_deploying = threading.Lock()
"""Serve describes one application at a time: two threads would take away each other's entries in
the table of its pickler."""
MOST_REQUESTS = 100_000
"""At once; how many there may really be, the container decides."""
PLACE_BYTES = 400_000_000
"""Kept for a place and its container, beside the model: twice what a pocket Gemma's take."""


class RayReplica:
    """A replica on a node of a Ray cluster. See ``Replica`` for the attributes."""

    def __init__(
        self,
        order: ReplicaOrder,
        *,
        id: str,
        cluster: RayCluster,
        log: Log,
        on_change: Callable[[], None],
    ) -> None:
        self.id = id
        self.log = log
        self.phase: Phase = "starting"
        # Serve shows names and routes to everybody who asks: they say no more than an address.
        self._application = f"{cluster.prefix}{order.endpoint_id}-{id}"
        self.url = f"{cluster.url}/{self._application}"
        self.headers: Mapping[str, str] = order.key_headers
        self.withheld: Collection[str] = {"server"}  # Serve's proxy names its own
        self.signature = SIGNATURE
        self.in_flight = 0
        self._order = order
        self._on_change = on_change
        self._stopping = asyncio.Event()
        self._crashing = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Begin to delete its application; returns at once."""
        self._stopping.set()

    def crash(self) -> None:
        """Kill its container as soon as there is one; returns at once."""
        self._crashing.set()

    @property
    def gone(self) -> bool:
        """Whether its application was deleted."""
        return self._task.done()

    async def stopped(self) -> None:
        """Wait until its application is deleted."""
        await self._task

    async def _run(self) -> None:
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(self._stopping.wait())]
        try:
            # To be waited for: an application that is still being made cannot be deleted.
            place = await asyncio.to_thread(self._deploy)
            tasks.append(asyncio.create_task(self._live(place)))
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[-1].done():
                tasks[-1].result()
        except Exception as error:  # Ray, Serve, and what they are made of have theirs
            self.log.write(f"Ray has lost the replica: {error}".splitlines()[0])
        finally:
            for task in tasks:
                task.cancel()
        self.log.close_file()
        if not self._stopping.is_set():
            self.phase = "exited"
            self._on_change()
        await asyncio.to_thread(self._delete)

    def _deploy(self) -> Any:
        """Returns: the place, as soon as it can be called."""
        with _deploying:
            deployment = serve.deployment(Place).options(
                name="replica",
                num_replicas=1,
                max_ongoing_requests=MOST_REQUESTS,
                graceful_shutdown_wait_loop_s=0.1,
                graceful_shutdown_timeout_s=STOP_SECONDS,
                ray_actor_options=_resources(self._order),
            )
            target = serve.RunTarget(
                target=deployment.bind(self._application, LEASE_SECONDS),
                name=self._application,
                route_prefix=f"/{self._application}",
            )
            (place,) = serve.run_many([target], wait_for_applications_running=False)
        return place

    def _delete(self) -> None:
        # What is not deleted in time, the lease ends.
        with contextlib.suppress(RayError, RayServeException, RuntimeError, TimeoutError):
            serve.delete(self._application)

    async def _live(self, place: Any) -> None:
        """Have the container started and follow it to its end."""
        await self._placed(place)
        tasks = [asyncio.create_task(self._crash(place))]
        news = News("starting", [], 0)
        try:
            while news.phase != "exited":
                if news.phase == "ready" and len(tasks) == 1:
                    tasks.append(asyncio.create_task(self._become_ready()))
                news = await place.news.remote(news.phase, news.taken)
                for line in news.lines:
                    self.log.write(line)
        finally:
            for task in tasks:
                task.cancel()

    async def _placed(self, place: Any) -> None:
        start = asyncio.ensure_future(_result(place.start.remote(self._order)))
        while not (await asyncio.wait({start}, timeout=WAITING_SECONDS))[0]:
            self.log.write("(no node of the Ray cluster has room for it yet)")
        await start

    async def _become_ready(self) -> None:
        """As soon as Serve's proxy knows the way, too."""
        await healthy(self.url, self._order)
        self.phase = "ready"
        self._on_change()

    async def _crash(self, place: Any) -> None:
        await self._crashing.wait()
        await place.crash.remote()


def _resources(order: ReplicaOrder) -> dict[str, float]:
    """What of a node Ray keeps for a place. A pocket model computes on a processor, whatever
    hardware is paid for: it needs none of a cluster's GPUs. A core is not kept either, as none is
    by the processes of the service's own computer; memory is what ends first."""
    return {"num_gpus": 0, "num_cpus": 0, "memory": PLACE_BYTES + _size(order.model_dir)}


async def _result(response: Any) -> Any:
    return await response


def _size(path: Path) -> int:
    """Bytes of a file, or of all in a folder."""
    return sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file())
