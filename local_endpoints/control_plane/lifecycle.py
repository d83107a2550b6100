"""The life of the endpoints: what clients may do with them, and what happens by itself.

Which state follows which stands in ``transitions``. Methods that a client calls answer at once; the
work happens in ``tick``, which the service calls often and tests call by hand after advancing the
clock.

A change is written down before replicas feel it. If it cannot be saved, a client's is undone and
refused before anything has stopped or started; one that happens by itself goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterator

from local_endpoints.clock import MovableClock
from local_endpoints.control_plane.changes import Changes
from local_endpoints.control_plane.checks import (
    admit,
    check_quota,
    no_such_endpoint,
    require_present,
    used_accelerators,
)
from local_endpoints.control_plane.deployment import Deployment
from local_endpoints.control_plane.endpoint import STARTING, Endpoint, State
from local_endpoints.control_plane.hardware import QuotaKey
from local_endpoints.control_plane.quotas import Quotas
from local_endpoints.control_plane.spec import EndpointSpec
from local_endpoints.control_plane.store import Store
from local_endpoints.control_plane.transitions import Event, next_state
from local_endpoints.errors import conflict
from local_endpoints.replicas.replica import Launcher, Replica, ReplicaOrder

logger = logging.getLogger(__name__)

# The real service answers for about a second after a deletion (observed 2026).
DELETED_MINUTES = 1 / 60
MOST_DELETED = 1000
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
        self.changes = Changes()
        self.late_minutes = 0.0
        self.quotas = Quotas()
        self.deleted: deque[Endpoint] = deque(maxlen=MOST_DELETED)
        self._store = store
        self._launcher = launcher
        self._deployments: dict[str, Deployment] = {}

    # What clients ask for. All of it raises ``ApiError`` with the service's own refusals, and 500
    # when the change cannot be saved.

    def create(self, *, namespace: str, user: str, spec: EndpointSpec) -> Endpoint:
        """Make an endpoint; it starts by itself.

        Raises:
            ApiError: as ``checks.admit``; 409 when the name is taken or the quota would be
                exceeded.
        """
        served = admit(spec)
        if self._store.get(namespace, spec.name) is not None:
            raise conflict(f"endpoint {spec.name} already exists in namespace {namespace}")
        quotas = self.quotas.of(namespace)
        check_quota(spec, served, self.list_endpoints(namespace), quotas=quotas)
        endpoint = Endpoint(namespace, user, spec, served, created_at=self.clock.now())
        with self._asked(endpoint):
            self._enter(endpoint, "pending")
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

    def update(self, endpoint: Endpoint, spec: EndpointSpec) -> None:
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
        state = self._next("update", endpoint)
        deployment, present = self.deployment(endpoint), endpoint.target_replica
        rolls = state is not None and bool(deployment.serving())
        with self._asked(endpoint):
            endpoint.spec, endpoint.served = spec, served
            endpoint.updated_at = self.clock.now()
            if rolls:
                self._enter(endpoint, state)
                most = spec.compute.scaling.max_replica
                endpoint.target_replica = min(max(present, endpoint.target_replica), most)
            elif state is not None:
                self._take_down(endpoint, state)
        if rolls:
            with self._happens(endpoint):
                deployment.begin_update()
                deployment.roll()
        elif state is not None:
            deployment.stop()

    def pause(self, endpoint: Endpoint) -> None:
        """Stop it until ``resume``. Raises: ApiError 400 if it has failed, 404 if deleted."""
        require_present(endpoint)
        state = self._next("pause", endpoint)
        with self._asked(endpoint):
            self._take_down(endpoint, state)
        self.deployment(endpoint).stop()

    def resume(self, endpoint: Endpoint) -> None:
        """Start a paused endpoint or one at zero.

        Raises:
            ApiError: 400 when it is up, in a transition or failed; 404 when it was deleted; 409
                when the quota would be exceeded.
        """
        require_present(endpoint)
        state = self._next("resume", endpoint)
        endpoints = self.list_endpoints(endpoint.namespace)
        quotas = self.quotas.of(endpoint.namespace)
        check_quota(endpoint.spec, endpoint.served, endpoints, quotas=quotas, besides=endpoint)
        with self._asked(endpoint):
            self._enter(endpoint, state)

    def scale_to_zero(self, endpoint: Endpoint) -> None:
        """Stop it until a request. The state changes at once; replicas that are ready drain: they
        serve for another moment, free of charge.

        Raises:
            ApiError: 400 if it is paused or failed, 404 if it was deleted.
        """
        require_present(endpoint)
        state = self._next("scale_to_zero", endpoint)
        with self._asked(endpoint):
            self._take_down(endpoint, state)
        self.deployment(endpoint).stop(drain=True)

    def delete(self, endpoint: Endpoint) -> None:
        """Stop and forget it. Reading it works for another moment, as on the real service.
        Raises: ApiError 404 if it was deleted already."""
        require_present(endpoint)
        with self._asked(endpoint):
            self._take_down(endpoint, None)
            endpoint.deleted_at = self.clock.now()
        self.deleted.append(endpoint)
        self.deployment(endpoint).stop()

    # What the gateway does.

    def deployment(self, endpoint: Endpoint) -> Deployment:
        """Replicas and traffic of an endpoint."""
        found = self._deployments.get(endpoint.id)
        if found is None:
            found = Deployment(endpoint, launch=self._launch, clock=self.clock)
            self._deployments[endpoint.id] = found
        return found

    def wake(self, endpoint: Endpoint) -> None:
        """A request came for an endpoint at zero: start it, unless its replicas still drain."""
        state = self._next("wake", endpoint)
        if state is not None:
            with self._happens(endpoint):
                self._enter(endpoint, state)

    def touch(self, endpoint: Endpoint) -> None:
        """A request was accepted or has ended: the idle time starts anew."""
        endpoint.last_used_at = self.clock.now()

    async def changed(self, timeout: float) -> None:
        """Return when any state or replica changed, or after ``timeout`` seconds."""
        await self.changes.wait(timeout)

    # What happens by itself.

    def tick(self) -> None:
        """Do what is due: schedule, notice ready and dead replicas, scale to zero, forget."""
        for endpoint in self._store.list():
            if endpoint.deleted_at is None:
                self._advance(endpoint)
            elif self._minutes_since(endpoint.deleted_at) >= DELETED_MINUTES:
                self._store.remove(endpoint)
                self._deployments.pop(endpoint.id, None)
                self._launcher.forget(endpoint.id)
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
        for endpoint in self.list_endpoints():
            self._take_down(endpoint, self._next("service_ended", endpoint))
            self.deployment(endpoint).stop()
        self._store.keep()

    def log_tail(self, endpoint: Endpoint, lines: int) -> list[str]:
        """Newest log lines of its replicas, or of the last one when none is left."""
        return self.deployment(endpoint).log_tail(lines)

    def _advance(self, endpoint: Endpoint) -> None:
        deployment = self.deployment(endpoint)
        deployment.retire()
        if deployment.replicas:
            deployment.autoscaler.observe(deployment.traffic)
        ready = len(deployment.ready())
        if ready != endpoint.ready_replica:
            endpoint.ready_replica = ready
            self.changes.notify()
        if endpoint.state in STARTING and not deployment.replicas:
            self._start_replicas(endpoint)
        elif deployment.dead():
            self._replace_dead(endpoint)
        elif endpoint.state in STARTING and deployment.is_complete:
            with self._happens(endpoint):
                endpoint.meter.confirm()
                self.touch(endpoint)
                self._enter(endpoint, self._next("ready", endpoint))
                deployment.autoscaler.begin()
        elif endpoint.state == "updating" and ready == len(deployment.replicas):
            with self._happens(endpoint):
                deployment.roll()
        elif deployment.replicas and self._is_idle(endpoint):
            logger.info("endpoint %s is idle: scaling to zero", endpoint.name)
            with self._happens(endpoint):
                self._take_down(endpoint, self._next("idle", endpoint))
            deployment.stop(drain=True)
        elif endpoint.state == "running":
            before, wanted = endpoint.target_replica, deployment.autoscaled()
            if wanted != before:
                logger.info("endpoint %s scales from %d to %d", endpoint.name, before, wanted)
                with self._happens(endpoint):
                    deployment.resize(wanted)

    def _is_idle(self, endpoint: Endpoint) -> bool:
        limit = endpoint.spec.idle_minutes
        is_up = endpoint.state in {"running", "updateFailed"}
        if limit is None or not is_up or self.deployment(endpoint).traffic.in_flight:
            return False
        since = max(endpoint.last_used_at or 0.0, endpoint.entered_at)
        return self._minutes_since(since) >= limit + self.late_minutes

    def _start_replicas(self, endpoint: Endpoint) -> None:
        with self._happens(endpoint):
            self._enter(endpoint, self._next("scheduled", endpoint))
            self.deployment(endpoint).start()

    def _launch(self, order: ReplicaOrder) -> Replica:
        return self._launcher.launch(order, on_change=self.tick)

    def _replace_dead(self, endpoint: Endpoint) -> None:
        """Start others in place of replicas that died, or give up with the reason."""
        deployment = self.deployment(endpoint)
        with self._happens(endpoint):
            logger.warning("endpoint %s lost %d replica(s)", endpoint.name, len(deployment.dead()))
            deployment.drop_outdated()
            if endpoint.state == "updateFailed":
                deployment.give_up_update()
            elif deployment.dead():
                self._replace_or_fail(endpoint, reason=deployment.note_crashes())

    def _replace_or_fail(self, endpoint: Endpoint, *, reason: str) -> None:
        deployment = self.deployment(endpoint)
        logger.warning("endpoint %s: %s", endpoint.name, reason)
        has_started = deployment.works or endpoint.state not in STARTING
        if has_started and not deployment.died_too_often:
            deployment.replace_dead()
            return
        endpoint.error_message = reason
        state = self._next("died", endpoint)
        if endpoint.state == "updating":
            deployment.give_up_update()
        if deployment.replicas and state == "updateFailed":
            self._enter(endpoint, state)
        else:
            self._take_down(endpoint, state)
            deployment.stop()

    def _next(self, event: Event, endpoint: Endpoint) -> State | None:
        """Where the event leads; ``None`` where it changes nothing. Raises: ApiError 400."""
        draining = self.deployment(endpoint).is_draining
        return next_state(event, "draining" if draining else endpoint.state)

    @contextlib.contextmanager
    def _asked(self, endpoint: Endpoint) -> Iterator[None]:
        """Around a change that a client wants: afterwards it is saved. Raises: ApiError 500 when
        it cannot be; it is undone."""
        before = endpoint.state
        with self._store.change(endpoint):
            yield
        self._tell(endpoint, before)

    @contextlib.contextmanager
    def _happens(self, endpoint: Endpoint) -> Iterator[None]:
        """Around a change that happens by itself: it is a fact, saved now or later."""
        before = endpoint.state
        yield
        self._store.keep()
        self._tell(endpoint, before)

    def _tell(self, endpoint: Endpoint, before: State) -> None:
        if endpoint.state != before:
            logger.info("endpoint %s: %s -> %s", endpoint.name, before, endpoint.state)
        self.changes.notify()

    def _take_down(self, endpoint: Endpoint, state: State | None) -> None:
        """Write down that nothing of it runs or bills. Stopping its replicas comes afterwards."""
        endpoint.ready_replica = endpoint.target_replica = 0
        endpoint.meter.stop(self.clock)
        self._enter(endpoint, state)

    def _enter(self, endpoint: Endpoint, state: State | None) -> None:
        """Write down the new state, if there is one."""
        if state is None:
            return
        endpoint.enter(state, self.clock.now())
        if state in STARTING:
            endpoint.target_replica = endpoint.wanted_replicas

    def _minutes_since(self, moment: float) -> float:
        return (self.clock.now() - moment) / self.clock.minute
