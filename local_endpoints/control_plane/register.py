"""The endpoints with what runs of them, and how a change of one is written down.

A change is written down before replicas feel it. If it cannot be saved, a client's is undone and
refused before anything has stopped or started; one that happens by itself goes on.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator

from local_endpoints.clock import Clock
from local_endpoints.control_plane.changes import Changes
from local_endpoints.control_plane.deployment import Deployment
from local_endpoints.control_plane.endpoint import STARTING, Endpoint, State
from local_endpoints.control_plane.store import Store
from local_endpoints.control_plane.transitions import Event, next_state
from local_endpoints.replicas.replica import Launcher, Replica, ReplicaOrder

logger = logging.getLogger(__name__)


class Register:
    """All endpoints of one service.

    Args:
        store: what survives a restart.
        launcher: starts replicas.
        clock: the one clock.
        on_change: called when something has happened to a replica.

    Attributes:
        changes: notified when any state or replica changes.
    """

    def __init__(
        self, *, store: Store, launcher: Launcher, clock: Clock, on_change: Callable[[], None]
    ) -> None:
        self.changes = Changes()
        self._store = store
        self._launcher = launcher
        self._clock = clock
        self._on_change = on_change
        self._deployments: dict[str, Deployment] = {}

    def deployment(self, endpoint: Endpoint) -> Deployment:
        """Replicas and traffic of an endpoint."""
        found = self._deployments.get(endpoint.id)
        if found is None:
            found = Deployment(endpoint, launch=self._launch, clock=self._clock)
            self._deployments[endpoint.id] = found
        return found

    def forget(self, endpoint: Endpoint) -> None:
        """Nothing of it is left."""
        self._store.remove(endpoint)
        self._deployments.pop(endpoint.id, None)
        self._launcher.forget(endpoint.id)

    def next(self, event: Event, endpoint: Endpoint) -> State | None:
        """Where the event leads; ``None`` where it changes nothing. Raises: ApiError 400."""
        draining = self.deployment(endpoint).is_draining
        return next_state(event, "draining" if draining else endpoint.state)

    @contextlib.contextmanager
    def asked(self, endpoint: Endpoint, user: str | None = None) -> Iterator[None]:
        """Around a change that a client wants: afterwards it is saved, with the name of the user if
        it is known. Raises: ApiError 500 when it cannot be; it is undone."""
        before = endpoint.state
        with self._store.change(endpoint):
            endpoint.updated_by = user or endpoint.updated_by
            yield
        self._tell(endpoint, before)

    @contextlib.contextmanager
    def happens(self, endpoint: Endpoint) -> Iterator[None]:
        """Around a change that happens by itself: it is a fact, saved now or later."""
        before = endpoint.state
        yield
        self._store.keep(endpoint)
        self._tell(endpoint, before)

    def take_down(self, endpoint: Endpoint, state: State | None) -> None:
        """Write down that nothing of it runs or bills. Stopping its replicas comes afterwards."""
        endpoint.ready_replica = endpoint.target_replica = 0
        endpoint.meter.stop(self._clock)
        self.enter(endpoint, state)

    def enter(self, endpoint: Endpoint, state: State | None) -> None:
        """Write down the new state, if there is one."""
        if state is None:
            return
        endpoint.enter(state, self._clock.now())
        if state in STARTING:
            endpoint.target_replica = endpoint.wanted_replicas

    def touch(self, endpoint: Endpoint) -> None:
        """It was used: the idle time starts anew."""
        endpoint.last_used_at = self._clock.now()
        self._store.mark(endpoint)

    def _launch(self, order: ReplicaOrder) -> Replica:
        return self._launcher.launch(order, on_change=self._on_change)

    def _tell(self, endpoint: Endpoint, before: State) -> None:
        if endpoint.state != before:
            logger.info("endpoint %s: %s -> %s", endpoint.name, before, endpoint.state)
        self.changes.notify()
