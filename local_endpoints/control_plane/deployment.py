"""Replicas and traffic of one endpoint: what exists of it only while the service runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local_endpoints.clock import Clock
from local_endpoints.control_plane.autoscaling import Autoscaler
from local_endpoints.control_plane.endpoint import Endpoint, new_id
from local_endpoints.control_plane.metrics import Metrics
from local_endpoints.control_plane.traffic import Traffic
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.replica import Phase, Replica, ReplicaOrder

MAX_RESTARTS = 3
RESTART_WINDOW_MINUTES = 10
# After "scale to zero" the real endpoint answers 200 "for a short moment" (observed 2026-10-10);
# how long was not written down.
DRAIN_MINUTES = 5 / 60
# How long a request that a draining replica has accepted may go on: Kubernetes' default.
FINISH_SECONDS = 30.0
KEPT_LOGS = 3
REASON_LINES = 5


@dataclass(frozen=True)
class _Leaving:
    """A replica that is on its way out, and until when it takes requests nevertheless."""

    replica: Replica
    serves_until: float


class Deployment:
    """The replicas of one endpoint.

    Each bills from its launch until it leaves. Those that are no longer needed *leave*: they
    neither bill nor count, and finish what they have accepted. Where an endpoint was just scaled to
    zero, they *drain* first: they serve for another moment. During an update those with the old
    settings are *outdated* and serve until others have taken their place.

    Args:
        endpoint: whose they are.
        launch: starts one.
        clock: the one clock.

    Attributes:
        replicas: the present ones, without those that leave; empty when nothing runs.
        traffic: requests that are under way.
        autoscaler: decides how many there should be.
        metrics: what has happened lately.
    """

    def __init__(
        self, endpoint: Endpoint, *, launch: Callable[[ReplicaOrder], Replica], clock: Clock
    ) -> None:
        self.replicas: list[Replica] = []
        self.traffic = Traffic()
        self.autoscaler = Autoscaler(clock)
        self.metrics = Metrics(clock)
        self._endpoint = endpoint
        self._launch = launch
        self._clock = clock
        self._leaving: list[_Leaving] = []
        self._seen_empty = False
        self._outdated: list[Replica] = []
        # The name of the deployment that a replica belongs to, by the replica's own.
        self._names: dict[str, str] = {}
        self._crashes: list[float] = []
        self._logs: dict[str, Log] = {}

    @property
    def is_draining(self) -> bool:
        """Whether it was scaled to zero a moment ago and its replicas are not gone yet."""
        return any(self._clock.now() < leaving.serves_until for leaving in self._leaving)

    @property
    def is_empty(self) -> bool:
        """Whether there is no replica, also none that leaves, and ``observe`` has noted that."""
        return self._seen_empty and not self.replicas and not self._leaving

    def ready(self) -> list[Replica]:
        """Present replicas that are ready."""
        return _in_phase("ready", self.replicas)

    def dead(self) -> list[Replica]:
        """Present replicas that ended by themselves."""
        return _in_phase("exited", self.replicas)

    def serving(self) -> list[Replica]:
        """Replicas that can take a request now: those of a running endpoint that are ready, also
        during an update and after one that failed, and those of one at zero that still drain."""
        if self._endpoint.state in {"running", "updating", "updateFailed"}:
            return self.ready()
        now = self._clock.now()
        draining = [each.replica for each in self._leaving if now < each.serves_until]
        return _in_phase("ready", draining)

    def ids(self) -> dict[str, Replica]:
        """The present replicas by their full names, which also the names of their logs have."""
        return {f"{self._names[replica.id]}-{replica.id}": replica for replica in self.replicas}

    @property
    def works(self) -> bool:
        """Whether a replica with the present settings is ready."""
        return any(replica not in self._outdated for replica in self.ready())

    @property
    def is_complete(self) -> bool:
        """Whether as many as wanted are present, all ready and none outdated."""
        count = len(self.ready())
        return count == len(self.replicas) == self._endpoint.target_replica and not self._outdated

    def start(self) -> None:
        """Launch as many as the endpoint wants, under a new name and with a clean record."""
        self._begin()
        self.autoscaler = Autoscaler(self._clock)
        self.resize(self._endpoint.target_replica)

    def begin_update(self) -> None:
        """The endpoint's settings are new: what is ready is outdated now, the rest stops."""
        for replica in [each for each in self.replicas if each.phase != "ready"]:
            self._remove(replica, newest=True)
            replica.stop()
        self._outdated = list(self.replicas)
        self._begin()

    def roll(self) -> None:
        """Take the next step of an update. Whoever calls sees to it that all present are ready.

        There are never more replicas than ``maxReplica``, for which the quota is reserved: while
        there is room, the new one starts before an outdated one leaves; without room, one leaves
        first and the others serve. So only where ``maxReplica`` is 1 nobody serves meanwhile: that
        a single replica's update is met with 503 was observed in 2026, and the service's guides
        speak of rolling updates; the rest is inferred.
        """
        endpoint = self._endpoint
        endpoint.meter.confirm()
        if len(self.replicas) - len(self._outdated) >= endpoint.target_replica:
            for replica in list(self._outdated):
                self._dismiss(replica, newest=False)
        else:
            most = endpoint.spec.compute.scaling.max_replica
            while self._outdated and len(self.replicas) >= most:
                self._dismiss(self._outdated[0], newest=False)
            self._add()
        self.retire()

    def give_up_update(self) -> None:
        """Stop what the update has launched. Outdated replicas go on, if there are any."""
        for replica in [each for each in self.replicas if each not in self._outdated]:
            self._remove(replica, newest=True)
            replica.stop()
        self._endpoint.target_replica = len(self.replicas)

    def drop_outdated(self) -> None:
        """Forget outdated replicas that died: nobody can start another one like them."""
        for replica in [each for each in self.dead() if each in self._outdated]:
            self._remove(replica, newest=False)

    def stop(self, *, drain: bool = False) -> None:
        """Stop all of them.

        Args:
            drain: let those that are ready drain, and stop only the others.
        """
        staying = self.ready() if drain else []
        for replica in (*(leaving.replica for leaving in self._leaving), *self.replicas):
            if replica not in staying:
                replica.stop()
        self.replicas, self._outdated = [], []
        serves_until = self._clock.now() + DRAIN_MINUTES * self._clock.minute
        self._leaving = [_Leaving(replica, serves_until) for replica in staying]

    def autoscaled(self) -> int:
        """How many replicas there should be for the requests of the last while."""
        scaling = self._endpoint.spec.compute.scaling
        return self.autoscaler.decide(scaling, self._endpoint.target_replica)

    def resize(self, wanted: int) -> None:
        """Launch replicas, or let some leave, until there are as many as wanted: first those that
        are not ready, then the newest."""
        self._endpoint.target_replica = wanted
        while len(self.replicas) < wanted:
            self._add()
        while len(self.replicas) > wanted:
            not_ready = [each for each in self.replicas if each.phase != "ready"]
            self._dismiss((not_ready or self.replicas)[-1], newest=True)
        self.retire()

    def retire(self) -> None:
        """Stop those that leave and have nothing left to do."""
        now = self._clock.now()
        for leaving in list(self._leaving):
            finished = not leaving.replica.in_flight or now >= leaving.serves_until + FINISH_SECONDS
            if now >= leaving.serves_until and finished:
                leaving.replica.stop()
                self._leaving.remove(leaving)

    def note_crashes(self) -> str:
        """Count the replicas that died. Returns: the end of the last one's log."""
        dead, now = self.dead(), self._clock.now()
        recent = [
            moment
            for moment in self._crashes
            if (now - moment) / self._clock.minute < RESTART_WINDOW_MINUTES
        ]
        self._crashes = recent + [now] * len(dead)
        return "\n".join(dead[-1].log.tail(REASON_LINES))

    @property
    def died_too_often(self) -> bool:
        """Whether another replacement is not worth while."""
        return len(self._crashes) > MAX_RESTARTS

    def replace_dead(self) -> None:
        """Launch a new one for each that died."""
        for dead in self.dead():
            self.replicas[self.replicas.index(dead)] = self._launch_one()

    def observe(self) -> None:
        """Take note of what there is and what is asked; call it often."""
        if self.replicas:
            self.autoscaler.observe(self.traffic)
        phases = {name: replica.phase for name, replica in self.ids().items()}
        self.metrics.note(pending=self.traffic.pending, replicas=phases)
        self._seen_empty = not phases and not self.traffic.pending

    def logs(self) -> dict[str, Log]:
        """What the present replicas and the last three before them have said, by their full
        names, oldest first."""
        return dict(self._logs)

    def _begin(self) -> None:
        self._endpoint.deployment = new_id(8)
        self._crashes.clear()

    def _add(self) -> None:
        self._endpoint.meter.start(
            replicas=1,
            price_per_hour=self._endpoint.compute.price_per_hour,
            clock=self._clock,
            confirmed=self._endpoint.state == "running",
        )
        self.replicas.append(self._launch_one())

    def _dismiss(self, replica: Replica, *, newest: bool) -> None:
        self._remove(replica, newest=newest)
        self._leaving.append(_Leaving(replica, serves_until=self._clock.now()))

    def _remove(self, replica: Replica, *, newest: bool) -> None:
        self.replicas.remove(replica)
        if replica in self._outdated:
            self._outdated.remove(replica)
        self._endpoint.ready_replica = len(self.ready())
        self._endpoint.meter.end_one(self._clock, newest=newest)

    def _launch_one(self) -> Replica:
        endpoint, model, served = self._endpoint, self._endpoint.spec.model, self._endpoint.served
        order = ReplicaOrder(
            endpoint_id=endpoint.id,
            dialect=served.dialect.name,
            repository=model.repository,
            model_dir=served.repository.path,
            env={
                **served.dialect.environment(endpoint.spec.image),
                **model.env,
                **model.secrets,
            },
            health_route=endpoint.spec.health_route,
            log_name=f"{endpoint.name}-{endpoint.deployment}",
            accelerators=served.compute.gpus,
            args=[*served.dialect.arguments(endpoint.spec.image), *(model.args or [])],
            bearer=served.dialect.bearer,
            upstream=served.repository.upstream,
        )
        replica = self._launch(order)
        present = {each.id: self._names[each.id] for each in self.replicas}
        self._names = {**present, replica.id: endpoint.deployment}
        gone = [name for name in self._logs if name not in self.ids()]
        for name in gone[:-KEPT_LOGS]:
            del self._logs[name]
        self._logs[f"{endpoint.deployment}-{replica.id}"] = replica.log
        return replica


def _in_phase(phase: Phase, replicas: list[Replica]) -> list[Replica]:
    return [replica for replica in replicas if replica.phase == phase]
