"""The life of the endpoints: what clients may do with them, and what happens by itself.

Which state follows which stands in ``transitions``. Methods that a client calls answer at once; the
work happens in ``tick`` (``upkeep``), which the service calls often and tests call by hand after
advancing the clock. How a change is written down is said in ``register``.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from local_endpoints.clock import MovableClock
from local_endpoints.control_plane.checks import (
    admit,
    check_quota,
    no_such_endpoint,
    require_present,
    used_accelerators,
)
from local_endpoints.control_plane.deployment import Deployment
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.hardware import QuotaKey
from local_endpoints.control_plane.quotas import Quotas
from local_endpoints.control_plane.register import Register
from local_endpoints.control_plane.spec import EndpointSpec
from local_endpoints.control_plane.store import Store
from local_endpoints.control_plane.upkeep import Upkeep
from local_endpoints.errors import conflict
from local_endpoints.replicas.replica import Launcher

logger = logging.getLogger(__name__)

# The real service answers for about a second after a deletion (observed 2026).
DELETED_MINUTES = 1 / 60
MOST_DELETED = 1000
MOST_ENDPOINTS = 500
"""Of a namespace. Paused ones need no quota, but memory, disk and time, which all users share."""
# How late something may happen while the clock is put forward.
STEP_MINUTES = 0.25


class Lifecycle:
    """All endpoints of one service.

    Args:
        store: what survives a restart.
        launcher: starts replicas.
        clock: the one clock.

    Attributes:
        changes: notified when any state or replica changes.
        late_minutes: how long after its time-out an idle endpoint scales to zero, in local minutes;
            default 0. On the real service the time-out is a lower bound: with one of 15 minutes,
            44 idle ones were billed (2026).
        quotas: how many accelerators each namespace may use.
        deleted: the latest endpoints that were, for their bills; forgotten when the service stops.
    """

    def __init__(self, *, store: Store, launcher: Launcher, clock: MovableClock) -> None:
        self.clock = clock
        self.late_minutes = 0.0
        self.quotas = Quotas()
        self.deleted: deque[Endpoint] = deque(maxlen=MOST_DELETED)
        self._store = store
        self._register = Register(store=store, launcher=launcher, clock=clock, on_change=self.tick)
        self._upkeep = Upkeep(self._register, clock)
        self.changes = self._register.changes

    # What clients ask for, with the name of the user where it is to be seen who did it. All of it
    # raises ``ApiError`` with the service's own refusals, and 500 when the change cannot be saved.

    def create(self, *, namespace: str, user: str, spec: EndpointSpec) -> Endpoint:
        """Make an endpoint; it starts by itself.

        Raises:
            ApiError: as ``checks.admit``; 409 when the name is taken, the namespace is full or
                the quota would be exceeded.
        """
        served = admit(spec)
        if self._store.get(namespace, spec.name) is not None:
            raise conflict(f"endpoint {spec.name} already exists in namespace {namespace}")
        quotas = self.quotas.of(namespace)
        present = self.list_endpoints(namespace)
        if len(present) >= MOST_ENDPOINTS:
            raise conflict(
                f"Quota exceeded: {namespace} has {MOST_ENDPOINTS} endpoints, paused ones included"
            )
        check_quota(spec, served, present, quotas=quotas)
        endpoint = Endpoint(namespace, user, spec, served, created_at=self.clock.now())
        with self._register.asked(endpoint):
            self._register.enter(endpoint, "pending")
        return endpoint

    def get(self, namespace: str, name: str) -> Endpoint:
        """The endpoint of that name. Raises: ApiError 404."""
        endpoint = self._store.get(namespace, name)
        if endpoint is None:
            raise no_such_endpoint(namespace, name)
        return endpoint

    def by_id(self, endpoint_id: str) -> Endpoint | None:
        """The endpoint behind a URL."""
        endpoint = self._store.get_by_id(endpoint_id)
        return endpoint if endpoint and endpoint.deleted_at is None else None

    def list_endpoints(self, namespace: str | None = None) -> list[Endpoint]:
        """Endpoints of one namespace, or of all, newest first."""
        found = [
            endpoint
            for endpoint in self._store.list()
            if endpoint.deleted_at is None and namespace in (None, endpoint.namespace)
        ]
        return sorted(reversed(found), key=lambda endpoint: -endpoint.created_at)

    def used_accelerators(self, namespace: str) -> dict[QuotaKey, int]:
        """Accelerators that count against the namespace's quotas; see ``checks``."""
        return used_accelerators(self.list_endpoints(namespace))

    def update(self, endpoint: Endpoint, spec: EndpointSpec, *, user: str | None = None) -> None:
        """Change an endpoint. One that is up exchanges its replicas, those that serve one after
        the other (``Deployment.roll``); a paused one or one at zero keeps its state.

        Raises:
            ApiError: as ``create``, and 404 when it was deleted.
        """
        require_present(endpoint)
        served = admit(spec)
        if endpoint.state != "paused":
            endpoints = self.list_endpoints(endpoint.namespace)
            quotas = self.quotas.of(endpoint.namespace)
            check_quota(spec, served, endpoints, quotas=quotas, besides=endpoint)
        state = self._register.next("update", endpoint)
        deployment, present = self.deployment(endpoint), endpoint.target_replica
        rolls = state is not None and bool(deployment.serving())
        with self._register.asked(endpoint, user):
            endpoint.spec, endpoint.served = spec, served
            endpoint.updated_at = self.clock.now()
            if rolls:
                self._register.enter(endpoint, state)
                most = spec.compute.scaling.max_replica
                endpoint.target_replica = min(max(present, endpoint.target_replica), most)
            elif state is not None:
                self._register.take_down(endpoint, state)
        if rolls:
            with self._register.happens(endpoint):
                deployment.begin_update()
                deployment.roll()
        elif state is not None:
            deployment.stop()

    def pause(self, endpoint: Endpoint, *, user: str | None = None) -> None:
        """Stop it until ``resume``. Raises: ApiError 400 if it has failed, 404 if deleted."""
        require_present(endpoint)
        state = self._register.next("pause", endpoint)
        with self._register.asked(endpoint, user):
            self._register.take_down(endpoint, state)
        self.deployment(endpoint).stop()

    def resume(self, endpoint: Endpoint, *, user: str | None = None) -> None:
        """Start a paused endpoint or one at zero.

        Raises:
            ApiError: 400 when it is up, in a transition or failed; 404 when it was deleted; 409
                when the quota would be exceeded.
        """
        require_present(endpoint)
        state = self._register.next("resume", endpoint)
        endpoints = self.list_endpoints(endpoint.namespace)
        quotas = self.quotas.of(endpoint.namespace)
        check_quota(endpoint.spec, endpoint.served, endpoints, quotas=quotas, besides=endpoint)
        with self._register.asked(endpoint, user):
            self._register.enter(endpoint, state)

    def scale_to_zero(self, endpoint: Endpoint, *, user: str | None = None) -> None:
        """Stop it until a request. The state changes at once; replicas that are ready drain: they
        serve for another moment, free of charge.

        Raises:
            ApiError: 400 if it is paused or failed, 404 if it was deleted.
        """
        require_present(endpoint)
        state = self._register.next("scale_to_zero", endpoint)
        with self._register.asked(endpoint, user):
            self._register.take_down(endpoint, state)
        self.deployment(endpoint).stop(drain=True)

    def delete(self, endpoint: Endpoint) -> None:
        """Stop and forget it. Reading it works for another moment, as on the real service.
        Raises: ApiError 404 if it was deleted already."""
        require_present(endpoint)
        with self._register.asked(endpoint):
            self._register.take_down(endpoint, None)
            endpoint.deleted_at = self.clock.now()
        self.deleted.append(endpoint)
        self.deployment(endpoint).stop()

    # What the gateway does.

    def deployment(self, endpoint: Endpoint) -> Deployment:
        """Replicas and traffic of an endpoint."""
        return self._register.deployment(endpoint)

    def wake(self, endpoint: Endpoint) -> None:
        """A request came for an endpoint at zero: start it, unless its replicas still drain."""
        state = self._register.next("wake", endpoint)
        if state is not None:
            with self._register.happens(endpoint):
                self._register.enter(endpoint, state)

    def touch(self, endpoint: Endpoint) -> None:
        """A request was accepted or has ended: the idle time starts anew."""
        self._register.touch(endpoint)

    async def changed(self, timeout: float) -> None:
        """Return when any state or replica changed, or after ``timeout`` seconds."""
        await self.changes.wait(timeout)

    # What happens by itself.

    def tick(self) -> None:
        """Do what is due: schedule, notice ready and dead replicas, scale to zero, forget."""
        for endpoint in self._store.list():
            if endpoint.deleted_at is None:
                self._upkeep.advance(endpoint, late_minutes=self.late_minutes)
            elif self._minutes_since(endpoint.deleted_at) >= DELETED_MINUTES:
                self._register.forget(endpoint)
        self._store.keep_up()

    async def advance(self, seconds: float) -> None:
        """Put the clock forward, and let everything happen on the way that is due: who sleeps
        after fifteen minutes is not billed for an hour. Others are served meanwhile.

        Raises:
            ValueError: the seconds are negative.
        """
        step = STEP_MINUTES * self.clock.minute
        while seconds > step:
            self.clock.advance(seconds=step)
            seconds -= step
            self.tick()
            await asyncio.sleep(0)
        self.clock.advance(seconds=seconds)
        self.tick()

    def shut_down(self) -> None:
        """Stop all replicas and remember their endpoints as paused."""
        endpoints = self.list_endpoints()
        for endpoint in endpoints:
            self._register.take_down(endpoint, self._register.next("service_ended", endpoint))
            self.deployment(endpoint).stop()
        self._store.keep(*endpoints)

    def _minutes_since(self, moment: float) -> float:
        return (self.clock.now() - moment) / self.clock.minute
