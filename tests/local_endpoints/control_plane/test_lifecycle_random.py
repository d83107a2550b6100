"""Whatever happens in whatever order: nothing runs that nobody pays for, or the other way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.endpoint import Endpoint, State
from local_endpoints.errors import ApiError
from local_endpoints.repositories import Repository
from tests.fakes import FakeReplica, make_spec
from tests.local_endpoints.control_plane.fleet import Fleet

SEEDS, STEPS = range(15), 200
DOWN = {"paused", "failed", "scaledToZero"}


@contextmanager
def suppress_refusals() -> Iterator[None]:
    try:
        yield
    except ApiError as refusal:
        assert refusal.status in {400, 409}


class Fate:
    """Does things to an endpoint, drawn with a seed."""

    def __init__(self, fleet: Fleet, seed: int) -> None:
        self.fleet = fleet
        self.draw = random.Random(seed)
        self.endpoint = fleet.create(scaling=self.scaling())
        self.traffic = fleet.lifecycle.deployment(self.endpoint).traffic
        self.requests: list[tuple[object, FakeReplica]] = []
        self.deeds: list[Callable[[], None]] = [
            *(self.time, self.ready, self.begin, self.end) * 4,
            *(self.update, self.die) * 2,
            *(self.all_die, self.pause, self.resume, self.sleep, self.wake),
        ]

    def scaling(self) -> dict[str, object]:
        most = self.draw.randint(1, 4)
        measure = self.draw.choice(["pendingRequests", "hardwareUsage"])
        return {
            "minReplica": self.draw.randint(0, most),
            "maxReplica": most,
            "measure": {measure: None},
        }

    def alive(self) -> list[FakeReplica]:
        return self.fleet.launcher.running

    def deed(self) -> None:
        """Do something; while it is paused rather resume it than not."""
        often = [self.resume] * len(self.deeds) if self.endpoint.state == "paused" else []
        with suppress_refusals():
            self.draw.choice([*self.deeds, *often])()

    def time(self) -> None:
        self.fleet.clock.advance(seconds=self.draw.choice([1, 5, 20, 60, 300, 1000]))

    def ready(self) -> None:
        for replica in self.alive():
            replica.become_ready()

    def begin(self) -> None:
        serving = self.fleet.serving(self.endpoint)
        if serving:
            replica = self.draw.choice(serving)
            replica.in_flight += 1
            self.requests.append((object(), replica))
            self.traffic.begin(*self.requests[-1])

    def end(self) -> None:
        if self.requests:
            request, replica = self.requests.pop()
            replica.in_flight -= 1
            self.traffic.end(request)
            self.fleet.lifecycle.touch(self.endpoint)

    def update(self) -> None:
        size = self.draw.choice(["x1", "x4"])
        spec = make_spec(scaling=self.scaling(), compute={"instanceSize": size})
        self.fleet.lifecycle.update(self.endpoint, spec)

    def die(self) -> None:
        if self.alive():
            self.draw.choice(self.alive()).die("killed")

    def all_die(self) -> None:
        for replica in self.alive():
            replica.die("out of memory")

    def pause(self) -> None:
        self.fleet.lifecycle.pause(self.endpoint)

    def resume(self) -> None:
        self.fleet.lifecycle.resume(self.endpoint)

    def sleep(self) -> None:
        self.fleet.lifecycle.scale_to_zero(self.endpoint)

    def wake(self) -> None:
        self.fleet.lifecycle.wake(self.endpoint)


def check(fleet: Fleet, endpoint: Endpoint) -> None:
    present = fleet.lifecycle.deployment(endpoint).ids()
    names = {replica.id for replica in present.values()}
    billed = endpoint.meter.current
    assert sum(interval.replicas for interval in billed) == len(present)
    assert len(present) <= endpoint.spec.compute.scaling.max_replica
    assert endpoint.target_replica <= endpoint.spec.compute.scaling.max_replica
    assert not [each for each in fleet.launcher.launched if each.stopped and each.id in names]
    if endpoint.state in DOWN:
        assert not present and endpoint.target_replica == endpoint.ready_replica == 0
    if endpoint.state == "running":
        assert len(present) == endpoint.target_replica
        assert all(interval.confirmed for interval in billed)
        here = endpoint.compute.price_per_hour * len(present)
        assert endpoint.meter.price_now() == pytest.approx(here), "the updates are over"


@pytest.mark.parametrize("seed", SEEDS)
def test_replicas_and_bill_agree(fleet: Fleet, seed: int) -> None:
    fate = Fate(fleet, seed)
    endpoint, owed = fate.endpoint, 0.0
    for _ in range(STEPS):
        fate.deed()
        fleet.tick(2)
        check(fleet, endpoint)
        assert endpoint.meter.total(fleet.clock) >= owed - 1e-9
        owed = endpoint.meter.total(fleet.clock)
    for replica in fleet.launcher.launched:
        replica.in_flight = 0
    fleet.clock.advance(seconds=6)
    fleet.tick(2)
    present = list(fleet.lifecycle.deployment(endpoint).ids().values())
    assert [each for each in fate.alive() if each not in present] == [], "orphans"


def test_the_walks_come_to_every_state(tmp_path: Path, repositories: dict[str, Repository]) -> None:
    seen: Counter[State] = Counter()
    for seed in SEEDS:
        fleet = Fleet(tmp_path / f"{seed}.sqlite3", ManualClock())
        fate = Fate(fleet, seed)
        for _ in range(STEPS):
            fate.deed()
            seen[fate.endpoint.state] += 1
            fleet.tick(2)
            seen[fate.endpoint.state] += 1
    assert set(seen) == set(get_args(State))
    assert max(seen.values()) < sum(seen.values()) / 3, "they rest nowhere"
