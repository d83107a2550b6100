"""The state machine of the endpoints: who may do what when, and what happens by itself.

States and transitions are those of the service's documentation (2026). Methods that a client calls
answer at once; the work happens in ``tick``, which the service calls often and tests call by hand
after advancing the clock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from local_endpoints.clock import Clock
from local_endpoints.control_plane.endpoint import QUOTA_FREE, STARTING, Endpoint, State, new_id
from local_endpoints.control_plane.hardware import Compute
from local_endpoints.control_plane.spec import IMAGE_HINTS, EndpointSpec
from local_endpoints.control_plane.store import Store
from local_endpoints.errors import bad_request, conflict, not_found
from local_endpoints.replicas.replica import Launcher, Replica, ReplicaOrder
from local_endpoints.repositories import REPOSITORIES, list_of_repositories

log = logging.getLogger(__name__)

MAX_RESTARTS = 3
RESTART_WINDOW_MINUTES = 10
# The real service answers for about a second after a deletion (observed 2026).
DELETED_MINUTES = 1 / 60
# After "scale to zero" the real endpoint answers 200 "for a short moment" (observed 2026-10-10);
# how long was not written down.
DRAIN_MINUTES = 5 / 60
# How long a request that a draining replica has accepted may go on: Kubernetes' default.
FINISH_SECONDS = 30.0
NOT_STOPPED = "workload is not stopped"
SAVE_MINUTES = 15


@dataclass
class Deployment:
    """What exists of an endpoint only while the service runs.

    Attributes:
        replicas: the present ones; empty when nothing runs.
        draining: those of an endpoint that was just scaled to zero. They neither bill nor count,
            serve until ``drained_at``, in seconds since the epoch, and then finish what they have
            accepted.
        in_flight: requests that the gateway has accepted and not finished.
        crashes: when replicas died, in seconds since the epoch.
        last_log: the log of the last replica that is gone.
    """

    replicas: list[Replica] = field(default_factory=list)
    draining: list[Replica] = field(default_factory=list)
    drained_at: float = 0.0
    in_flight: int = 0
    crashes: list[float] = field(default_factory=list)
    last_log: list[str] = field(default_factory=list)

    def ready(self) -> list[Replica]:
        """Replicas that can take a request."""
        return [replica for replica in self.replicas if replica.phase == "ready"]


class Lifecycle:
    """All endpoints of one service.

    Args:
        store: what survives a restart.
        launcher: starts replicas.
        clock: the one clock.
    """

    def __init__(self, *, store: Store, launcher: Launcher, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._launcher = launcher
        self._deployments: dict[str, Deployment] = {}
        self._by_id = {endpoint.id: endpoint for endpoint in store.endpoints.values()}
        self._waiting: list[asyncio.Future[None]] = []
        self._saved_at = clock.now()

    # What clients ask for. All of it raises ``ApiError`` with the service's own refusals.

    def create(self, *, namespace: str, user: str, spec: EndpointSpec) -> Endpoint:
        """Make an endpoint; it starts by itself.

        Raises:
            ApiError: 404 for a repository without a model, 400 for hardware that is unknown or
                not available or an image that cannot serve it, 409 when the name is taken or the
                quota would be exceeded.
        """
        self._check(spec)
        if (namespace, spec.name) in self.store.endpoints:
            raise conflict(f"endpoint {spec.name} already exists in namespace {namespace}")
        self._check_quota(spec, namespace)
        endpoint = Endpoint(namespace=namespace, user=user, spec=spec, created_at=self.clock.now())
        self.store.endpoints[namespace, spec.name] = endpoint
        self._by_id[endpoint.id] = endpoint
        self._enter(endpoint, "pending")
        return endpoint

    def get(self, namespace: str, name: str) -> Endpoint:
        """The endpoint of that name. Raises: ApiError 404."""
        endpoint = self.store.endpoints.get((namespace, name))
        if endpoint is None:
            raise not_found(f"endpoint {name} not found in namespace {namespace}")
        return endpoint

    def by_id(self, endpoint_id: str) -> Endpoint | None:
        """The endpoint behind a URL."""
        endpoint = self._by_id.get(endpoint_id)
        return endpoint if endpoint and endpoint.deleted_at is None else None

    def list_endpoints(self, namespace: str | None = None) -> list[Endpoint]:
        """Endpoints of one namespace, or of all, newest first."""
        found = [
            endpoint
            for endpoint in self.store.endpoints.values()
            if endpoint.deleted_at is None and namespace in (None, endpoint.namespace)
        ]
        return sorted(reversed(found), key=lambda endpoint: -endpoint.created_at)

    def update(self, endpoint: Endpoint, spec: EndpointSpec) -> None:
        """Change an endpoint. One that is up starts again with the new settings; a paused one or
        one at zero keeps its state.

        Raises:
            ApiError: as ``create``, and 404 when it was deleted.
        """
        _require_present(endpoint)
        self._check(spec)
        if endpoint.state != "paused":
            self._check_quota(spec, endpoint.namespace, besides=endpoint)
        endpoint.spec = spec
        if endpoint.state in {"paused", "scaledToZero"}:
            endpoint.updated_at = self.clock.now()
            self._save()
            return
        self._stop_replicas(endpoint)
        self._enter(endpoint, "updating")

    def pause(self, endpoint: Endpoint) -> None:
        """Stop it until ``resume``. Raises: ApiError 400 if it has failed, 404 if deleted."""
        _require_present(endpoint)
        if endpoint.state == "failed":
            raise bad_request("Invalid state: a failed endpoint cannot be paused; delete it")
        self._stop_replicas(endpoint)
        self._enter(endpoint, "paused")

    def resume(self, endpoint: Endpoint) -> None:
        """Start a paused endpoint or one at zero.

        Raises:
            ApiError: 400 when it is up (the client looks for "already running"), in a transition
                or failed; 404 when it was deleted; 409 when the quota would be exceeded.

        The text for a transition, ``workload is not stopped``, was seen from the proxy alone.
        That resuming gives it too, while an update changes the replicas or those of an endpoint
        at zero are not gone yet, is an inference.
        """
        _require_present(endpoint)
        if endpoint.state in {"failed", "updateFailed"}:
            raise bad_request("Invalid state: a failed endpoint cannot be resumed; recreate it")
        if endpoint.state == "updating" or self.is_draining(endpoint):
            raise bad_request(NOT_STOPPED)
        if endpoint.state not in {"paused", "scaledToZero"}:
            raise bad_request("Endpoint is already running")
        self._check_quota(endpoint.spec, endpoint.namespace, besides=endpoint)
        self._enter(endpoint, "pending" if endpoint.state == "paused" else "initializing")

    def scale_to_zero(self, endpoint: Endpoint) -> None:
        """Stop it until a request. The state changes at once; replicas that are ready drain: they
        serve for another moment, free of charge.

        Raises:
            ApiError: 400 if it is paused or failed, 404 if it was deleted.
        """
        _require_present(endpoint)
        if endpoint.state in {"paused", "failed"}:
            raise bad_request(f"Invalid state: endpoint is {endpoint.state}")
        deployment = self.deployment(endpoint)
        draining = deployment.ready()
        self._stop_replicas(endpoint, besides=draining)
        deployment.draining = draining
        deployment.drained_at = self.clock.now() + DRAIN_MINUTES * self.clock.minute
        self._enter(endpoint, "scaledToZero")

    def delete(self, endpoint: Endpoint) -> None:
        """Stop and forget it. Reading it works for another moment, as on the real service.
        Raises: ApiError 404 if it was deleted already."""
        _require_present(endpoint)
        self._stop_replicas(endpoint)
        endpoint.deleted_at = self.clock.now()
        self._save()
        self._notify()

    # What the gateway does.

    def deployment(self, endpoint: Endpoint) -> Deployment:
        """Replicas and traffic of an endpoint."""
        return self._deployments.setdefault(endpoint.id, Deployment())

    def serving(self, endpoint: Endpoint) -> list[Replica]:
        """Replicas that can take a request now: those of a running endpoint that are ready, and
        those of one at zero that still drain."""
        deployment = self.deployment(endpoint)
        if endpoint.state == "running":
            return deployment.ready()
        if self.is_draining(endpoint):
            return [replica for replica in deployment.draining if replica.phase == "ready"]
        return []

    def is_draining(self, endpoint: Endpoint) -> bool:
        """Whether it was scaled to zero a moment ago and its replicas are not gone yet."""
        deployment = self.deployment(endpoint)
        return bool(deployment.draining) and self.clock.now() < deployment.drained_at

    def wake(self, endpoint: Endpoint) -> None:
        """A request came for an endpoint at zero: start it, unless its replicas still drain."""
        if endpoint.state == "scaledToZero" and not self.is_draining(endpoint):
            self._enter(endpoint, "initializing")

    def touch(self, endpoint: Endpoint) -> None:
        """A request was accepted or has ended: the idle time starts anew."""
        endpoint.last_used_at = self.clock.now()

    async def changed(self, timeout: float) -> None:
        """Return when any state or replica changed, or after ``timeout`` seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await asyncio.wait([future], timeout=timeout)
        finally:
            if future in self._waiting:
                self._waiting.remove(future)

    # What happens by itself.

    def tick(self) -> None:
        """Do what is due: schedule, notice ready and dead replicas, scale to zero, forget."""
        for endpoint in list(self.store.endpoints.values()):
            if endpoint.deleted_at is not None:
                self._forget_if_due(endpoint)
            else:
                self._advance(endpoint)
        if self._minutes_since(self._saved_at) >= SAVE_MINUTES and any(
            endpoint.meter.current for endpoint in self.store.endpoints.values()
        ):
            self._save()

    def shut_down(self) -> None:
        """Stop all replicas and remember their endpoints as paused."""
        for endpoint in self.list_endpoints():
            self._stop_replicas(endpoint)
            if endpoint.state != "failed":
                endpoint.enter("paused", self.clock.now())
        self._save()

    def used_accelerators(self, namespace: str) -> dict[tuple[str, str], int]:
        """Accelerators that count against the quota, by ``Compute.quota_key``: the maximum of
        every endpoint that is neither paused nor failed."""
        used: dict[tuple[str, str], int] = {}
        for endpoint in self.list_endpoints(namespace):
            if endpoint.state not in QUOTA_FREE:
                key = endpoint.compute.quota_key
                used[key] = used.get(key, 0) + _accelerators(endpoint.spec, endpoint.compute)
        return used

    def log_tail(self, endpoint: Endpoint, lines: int) -> list[str]:
        """Newest log lines of its replicas, or of the last one when none is left."""
        deployment = self.deployment(endpoint)
        if not deployment.replicas:
            return deployment.last_log[-lines:]
        return [line for replica in deployment.replicas for line in replica.log_tail(lines)]

    def _advance(self, endpoint: Endpoint) -> None:
        deployment = self.deployment(endpoint)
        if deployment.draining and not self.is_draining(endpoint):
            self._retire(deployment)
        ready = len(deployment.ready())
        if ready != endpoint.ready_replica:
            endpoint.ready_replica = ready
            self._notify()
        if endpoint.state in STARTING and not deployment.replicas:
            self._start_replicas(endpoint)
        elif any(replica.phase == "exited" for replica in deployment.replicas):
            self._bury(endpoint)
        elif endpoint.state in STARTING and endpoint.ready_replica == endpoint.target_replica:
            endpoint.meter.confirm()
            self.touch(endpoint)
            self._enter(endpoint, "running")
        elif endpoint.state == "running" and self._is_idle(endpoint):
            log.info("endpoint %s is idle: scaling to zero", endpoint.name)
            self.scale_to_zero(endpoint)

    def _is_idle(self, endpoint: Endpoint) -> bool:
        limit = endpoint.spec.idle_minutes
        if limit is None or self.deployment(endpoint).in_flight:
            return False
        since = max(endpoint.last_used_at or 0.0, endpoint.entered_at)
        return self._minutes_since(since) >= limit

    def _start_replicas(self, endpoint: Endpoint) -> None:
        if endpoint.state == "pending":
            self._enter(endpoint, "initializing")
        endpoint.deployment = new_id(8)
        self.deployment(endpoint).crashes.clear()
        endpoint.meter.start(
            replicas=endpoint.target_replica,
            price_per_hour=endpoint.compute.price_per_hour,
            clock=self.clock,
        )
        self.deployment(endpoint).replicas = [
            self._launch(endpoint) for _ in range(endpoint.target_replica)
        ]

    def _launch(self, endpoint: Endpoint) -> Replica:
        model, compute = endpoint.spec.model, endpoint.compute
        order = ReplicaOrder(
            dialect=endpoint.spec.dialect or "",
            repository=model.repository,
            model_dir=endpoint.repository.path,
            env={**endpoint.spec.image_env, **model.env, **model.secrets},
            health_route=endpoint.spec.health_route,
            log_name=f"{endpoint.name}-{endpoint.deployment}",
            accelerators=compute.num_accelerators if compute.accelerator == "gpu" else 0,
        )
        return self._launcher.launch(order, on_change=self.tick)

    def _bury(self, endpoint: Endpoint) -> None:
        """Restart replicas that died, or give up with the reason."""
        deployment = self.deployment(endpoint)
        dead = [replica for replica in deployment.replicas if replica.phase == "exited"]
        deployment.last_log = dead[-1].log_tail(100)
        reason = "\n".join(deployment.last_log[-5:])
        log.warning("endpoint %s lost %d replica(s): %s", endpoint.name, len(dead), reason)
        now = self.clock.now()
        deployment.crashes = [
            moment
            for moment in deployment.crashes
            if self._minutes_since(moment) < RESTART_WINDOW_MINUTES
        ] + [now] * len(dead)
        never_ran = endpoint.state in STARTING
        if never_ran or len(deployment.crashes) > MAX_RESTARTS:
            self._fail(endpoint, reason)
            return
        deployment.replicas = [
            self._launch(endpoint) if replica in dead else replica
            for replica in deployment.replicas
        ]
        endpoint.ready_replica = len(deployment.ready())

    def _fail(self, endpoint: Endpoint, reason: str) -> None:
        was_update = endpoint.state == "updating"
        self._stop_replicas(endpoint)
        endpoint.error_message = reason
        self._enter(endpoint, "updateFailed" if was_update else "failed")

    def _forget_if_due(self, endpoint: Endpoint) -> None:
        assert endpoint.deleted_at is not None
        if self._minutes_since(endpoint.deleted_at) >= DELETED_MINUTES:
            del self.store.endpoints[endpoint.namespace, endpoint.name]
            del self._by_id[endpoint.id]
            self._deployments.pop(endpoint.id, None)

    def _stop_replicas(self, endpoint: Endpoint, *, besides: Sequence[Replica] = ()) -> None:
        self._end_drain(endpoint)
        deployment = self.deployment(endpoint)
        if deployment.replicas:
            deployment.last_log = deployment.replicas[-1].log_tail(100)
        for replica in deployment.replicas:
            if replica not in besides:
                replica.stop()
        deployment.replicas = []
        endpoint.ready_replica = endpoint.target_replica = 0
        endpoint.meter.stop(self.clock)

    def _retire(self, deployment: Deployment) -> None:
        """Stop drained replicas that have nothing left to do."""
        overdue = self.clock.now() >= deployment.drained_at + FINISH_SECONDS
        for replica in list(deployment.draining):
            if overdue or not replica.in_flight:
                replica.stop()
                deployment.draining.remove(replica)

    def _end_drain(self, endpoint: Endpoint) -> None:
        deployment = self.deployment(endpoint)
        for replica in deployment.draining:
            replica.stop()
        deployment.draining = []

    def _enter(self, endpoint: Endpoint, state: State) -> None:
        log.info("endpoint %s: %s -> %s", endpoint.name, endpoint.state, state)
        endpoint.enter(state, self.clock.now())
        if state in STARTING:
            endpoint.target_replica = endpoint.wanted_replicas
        self._save()
        self._notify()

    def _notify(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def _save(self) -> None:
        self._saved_at = self.clock.now()
        self.store.save()

    def _minutes_since(self, moment: float) -> float:
        return (self.clock.now() - moment) / self.clock.minute

    def _check(self, spec: EndpointSpec) -> None:
        repository = REPOSITORIES.get(spec.model.repository)
        if repository is None:
            raise not_found(
                f"Repository {spec.model.repository} is not served by this local service. "
                f"It serves: {list_of_repositories()}"
            )
        if spec.model.revision not in (None, "main", repository.revision):
            raise not_found(f"Revision {spec.model.revision} not found in {repository.id}")
        if spec.dialect not in repository.dialects:
            image = f"{spec.image_variant} {spec.image_url}".strip()
            raise bad_request(
                f"The local service cannot serve {repository.id} with image `{image}`. "
                f"Use {' or '.join(IMAGE_HINTS[name] for name in repository.dialects)}"
            )
        if spec.dialect == "toolkit" and spec.model.task not in ("", repository.task):
            task = f"task `{spec.model.task}`: use `{repository.task}`"
            raise bad_request(f"The local service cannot serve {repository.id} with {task}")
        compute = spec.hardware
        if compute is None or compute.status in {"not_available", "deprecated"}:
            raise bad_request("Compute instance not available yet")

    def _check_quota(
        self, spec: EndpointSpec, namespace: str, besides: Endpoint | None = None
    ) -> None:
        compute = spec.hardware
        assert compute is not None
        used = self.used_accelerators(namespace).get(compute.quota_key, 0)
        counted = besides if besides and besides.state not in QUOTA_FREE else None
        if counted and counted.compute.quota_key == compute.quota_key:
            used -= _accelerators(counted.spec, counted.compute)
        wanted = _accelerators(spec, compute)
        if used + wanted > compute.max_accelerators:
            raise conflict(
                f"Quota exceeded for {compute.vendor} {compute.instance_type}: "
                f"{used} of {compute.max_accelerators} accelerators in use, {wanted} more wanted"
            )


def _require_present(endpoint: Endpoint) -> None:
    """A deleted endpoint can be read for another moment, but not changed."""
    if endpoint.deleted_at is not None:
        raise not_found(f"endpoint {endpoint.name} not found in namespace {endpoint.namespace}")


def _accelerators(spec: EndpointSpec, compute: Compute) -> int:
    return compute.num_accelerators * spec.compute.scaling.max_replica
