"""Starts replicas of one kind, keeps their logs, and can wait for all of them to be gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from local_endpoints.clock import Clock
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.log_file import LogFiles
from local_endpoints.replicas.replica import Replica, ReplicaOrder, new_replica_id


class Ending(Replica, Protocol):
    """A replica that tells when nothing of it is left."""

    @property
    def gone(self) -> bool:
        """Whether nothing is left."""

    async def stopped(self) -> None:
        """Wait until nothing is left."""


R = TypeVar("R", bound=Ending)


class ContainerLauncher(Generic[R]):
    """Starts containers.

    Args:
        make: makes a replica of an order, ``id``, ``log`` and ``on_change``, which begins to start.
        log_dir: folder for the logs; see ``LogFiles``.
        clock: the one clock.

    Raises:
        OSError: the folder cannot be used.
    """

    def __init__(self, make: Callable[..., R], log_dir: Path, *, clock: Clock) -> None:
        self._make = make
        self._files = LogFiles(log_dir)
        self._clock = clock
        self._replicas: list[R] = []

    def launch(self, order: ReplicaOrder, on_change: Callable[[], None]) -> R:
        """Start a replica; ``on_change`` is called at every change of its phase."""
        self._replicas = [replica for replica in self._replicas if not replica.gone]
        id, log = self.begin_log(order)
        replica = self._make(order, id=id, log=log, on_change=on_change)
        self._replicas.append(replica)
        return replica

    def begin_log(self, order: ReplicaOrder) -> tuple[str, Log]:
        """The id of a new replica, and its log, which a file of the folder takes as well."""
        id = new_replica_id()
        file = self._files.begin(f"{order.log_name}-{id}", endpoint_id=order.endpoint_id)
        return id, Log(self._clock, file)

    def forget(self, endpoint_id: str) -> None:
        """Remove the logs of an endpoint that was deleted."""
        self._files.forget(endpoint_id)

    async def stop_all(self) -> None:
        """Stop every replica and return when nothing of them is left."""
        for replica in self._replicas:
            replica.stop()
        await asyncio.gather(*(replica.stopped() for replica in self._replicas))
