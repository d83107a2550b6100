"""One launcher for replicas of every kind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from local_endpoints.replicas.replica import Launcher, Replica, ReplicaOrder


class Kinds:
    """Lets each replica be started by the launcher of its kind, which its order names.

    Args:
        launchers: by the name of their kind.
    """

    def __init__(self, **launchers: Launcher) -> None:
        self._launchers = launchers

    def launch(self, order: ReplicaOrder, on_change: Callable[[], None]) -> Replica:
        """Start a replica; ``on_change`` is called at every change of its phase."""
        return self._launchers[order.kind].launch(order, on_change)

    def forget(self, endpoint_id: str) -> None:
        """The endpoint was deleted: it may have had replicas of several kinds."""
        for launcher in self._launchers.values():
            launcher.forget(endpoint_id)

    async def stop_all(self) -> None:
        """Stop every replica and return when nothing of them is left."""
        await asyncio.gather(*(launcher.stop_all() for launcher in self._launchers.values()))
