"""Replicas between ``minReplica`` and ``maxReplica``: when one comes, and when one goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.repositories import Repository
from tests.local_endpoints.control_plane.fleet import PRICE, Fleet

PENDING: dict[str, Any] = {"minReplica": 1, "maxReplica": 3, "measure": {"pendingRequests": None}}
HARDWARE: dict[str, Any] = {**PENDING, "measure": {"hardwareUsage": None}}


class Load:
    """Requests to an endpoint, as many as a test wants."""

    def __init__(self, fleet: Fleet, endpoint: Endpoint) -> None:
        self._fleet = fleet
        self._traffic = fleet.lifecycle.deployment(endpoint).traffic
        self._requests: list[object] = []

    def become(self, wanted: int) -> None:
        while len(self._requests) > wanted:
            self._traffic.end(self._requests.pop())
        while len(self._requests) < wanted:
            request, replicas = object(), self._fleet.launcher.running
            self._traffic.begin(request, replicas[len(self._requests) % len(replicas)])
            self._requests.append(request)
        self._fleet.tick()

    def answer_all(self) -> None:
        for request in self._requests:
            self._traffic.answered(request)
        self._fleet.tick()


def pass_time(fleet: Fleet, *, seconds: float) -> None:
    """Let time pass as the service does, and new replicas become ready at once."""
    while seconds > 0:
        fleet.clock.advance(seconds=min(seconds, 5))
        seconds -= 5
        for replica in fleet.launcher.running:
            replica.become_ready()
        fleet.tick()


def replicas(endpoint: Endpoint) -> int:
    assert endpoint.state == "running"
    return endpoint.target_replica


# Pending requests.


@pytest.mark.parametrize(("pending", "expected"), [(1, 1), (2, 2), (4, 3), (50, 3)])
def test_a_replica_per_one_and_a_half_pending_requests(
    fleet: Fleet, pending: int, expected: int
) -> None:
    endpoint = fleet.running(scaling=PENDING)
    Load(fleet, endpoint).become(pending)
    pass_time(fleet, seconds=600)
    assert replicas(endpoint) == endpoint.ready_replica == expected
    assert len(fleet.launcher.running) == expected
    assert {replica.id for replica in fleet.serving(endpoint)} == {
        replica.id for replica in fleet.launcher.running
    }


def test_one_replica_a_minute(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    Load(fleet, endpoint).become(50)
    seen = []
    for _ in range(3):
        pass_time(fleet, seconds=55)
        seen.append(replicas(endpoint))
        pass_time(fleet, seconds=5)
        seen.append(replicas(endpoint))
    assert seen == [1, 2, 2, 3, 3, 3]


def test_the_threshold_is_what_was_asked_for(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={**PENDING, "measure": {"pendingRequests": 10}})
    load = Load(fleet, endpoint)
    load.become(10)
    pass_time(fleet, seconds=300)
    assert replicas(endpoint) == 1, "more than ten of them"
    load.become(11)
    pass_time(fleet, seconds=80)
    assert replicas(endpoint) == 2


def test_what_counts_is_the_mean_of_twenty_seconds(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    load = Load(fleet, endpoint)
    pass_time(fleet, seconds=50)
    load.become(3)
    pass_time(fleet, seconds=10)
    assert replicas(endpoint) == 1, "3 for ten seconds: 1.5 over twenty"
    pass_time(fleet, seconds=45)
    load.become(0)
    pass_time(fleet, seconds=5)
    load.become(50)
    pass_time(fleet, seconds=10)
    assert replicas(endpoint) == 2


def test_requests_that_have_a_status_are_not_pending(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    load = Load(fleet, endpoint)
    load.become(20)
    load.answer_all()
    pass_time(fleet, seconds=600)
    assert replicas(endpoint) == 1


def test_held_requests_count(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    traffic = fleet.lifecycle.deployment(endpoint).traffic
    with traffic.holding(), traffic.holding():
        fleet.tick()
        pass_time(fleet, seconds=60)
    assert replicas(endpoint) == 2


# Hardware use.


@pytest.mark.parametrize("scaling", [HARDWARE, {**HARDWARE, "measure": {}}, {"maxReplica": 3}])
def test_hardware_use_is_the_share_of_time_with_something_to_do(
    fleet: Fleet, scaling: dict[str, Any]
) -> None:
    endpoint = fleet.running(scaling=scaling)
    load = Load(fleet, endpoint)
    for _ in range(6):
        load.become(40)
        pass_time(fleet, seconds=45)
        load.become(0)
        pass_time(fleet, seconds=15)
    assert replicas(endpoint) == 1, "75 percent"
    for _ in range(6):
        load.become(1)
        pass_time(fleet, seconds=50)
        load.become(0)
        pass_time(fleet, seconds=10)
    assert replicas(endpoint) == 2, "83 percent of one, 42 of two"


def test_a_threshold_is_reached_when_it_is_met(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={**HARDWARE, "measure": {"hardwareUsage": 100}})
    Load(fleet, endpoint).become(1)
    pass_time(fleet, seconds=60)
    assert replicas(endpoint) == 2


def test_streams_keep_hardware_busy(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=HARDWARE)
    load = Load(fleet, endpoint)
    load.become(1)
    load.answer_all()
    pass_time(fleet, seconds=120)
    assert replicas(endpoint) == 2


# Back again.


def test_one_less_every_two_minutes_at_most_and_then_not_for_three_hundred_seconds(
    fleet: Fleet,
) -> None:
    endpoint = fleet.running(scaling=PENDING)
    load = Load(fleet, endpoint)
    load.become(9)
    pass_time(fleet, seconds=240)
    assert replicas(endpoint) == 3
    load.become(0)
    went = []
    for second in range(0, 900, 5):
        before = replicas(endpoint)
        pass_time(fleet, seconds=5)
        went += [second] * (before - replicas(endpoint))
    assert replicas(endpoint) == 1
    assert went[0] <= 120
    assert went[1] - went[0] == 300
    assert len(fleet.launcher.running) == 1


def test_load_that_fewer_would_not_bear_keeps_them(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    load = Load(fleet, endpoint)
    load.become(2)
    pass_time(fleet, seconds=1200)
    assert replicas(endpoint) == 2
    load.become(1)
    pass_time(fleet, seconds=1200)
    assert replicas(endpoint) == 1


def test_never_below_the_minimum(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={**PENDING, "minReplica": 2})
    pass_time(fleet, seconds=3000)
    assert replicas(endpoint) == 2


def test_the_last_one_goes_with_the_idle_time_out_alone(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={**PENDING, "minReplica": 0})
    pass_time(fleet, seconds=14 * 60)
    assert replicas(endpoint) == 1
    pass_time(fleet, seconds=60)
    assert endpoint.state == "scaledToZero"
    pass_time(fleet, seconds=5)
    fleet.lifecycle.wake(endpoint)
    assert fleet.start(endpoint).target_replica == 1


def test_who_goes_finishes_what_it_has_accepted(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    load = Load(fleet, endpoint)
    load.become(2)
    pass_time(fleet, seconds=60)
    old, new = fleet.launcher.launched
    load.become(0)
    new.in_flight = 1
    while replicas(endpoint) == 2:
        pass_time(fleet, seconds=5)
    assert not new.stopped
    assert fleet.serving(endpoint) == [old]
    new.in_flight = 0
    fleet.tick()
    assert new.stopped and not old.stopped


def test_who_is_not_ready_goes_first(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={**PENDING, "maxReplica": 2})
    load = Load(fleet, endpoint)
    load.become(2)
    fleet.clock.advance(minutes=1)
    fleet.tick()
    ready, starting = fleet.launcher.launched
    load.become(0)
    fleet.clock.advance(minutes=1)
    fleet.tick()
    assert starting.stopped and not ready.stopped
    assert (endpoint.target_replica, endpoint.ready_replica) == (1, 1)


@pytest.mark.parametrize("stop", ["pause", "delete", "scale_to_zero"])
def test_all_stop_together(fleet: Fleet, stop: str) -> None:
    endpoint = fleet.running(scaling=PENDING)
    Load(fleet, endpoint).become(9)
    pass_time(fleet, seconds=65)
    fleet.clock.advance(minutes=1)
    fleet.tick()
    assert [replica.phase for replica in fleet.launcher.running] == ["ready", "ready", "starting"]
    getattr(fleet.lifecycle, stop)(endpoint)
    fleet.clock.advance(seconds=40)
    fleet.tick()
    assert fleet.launcher.running == []


# Money, and what others see.


def test_the_bill_follows_the_replicas(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    load = Load(fleet, endpoint)
    load.become(3)
    pass_time(fleet, seconds=60)
    assert endpoint.meter.price_now() == 2 * PRICE
    load.become(2)
    pass_time(fleet, seconds=600)
    assert fleet.cost(endpoint) == pytest.approx(11 + 10)
    load.become(0)
    pass_time(fleet, seconds=600)
    assert endpoint.meter.price_now() == PRICE
    cost = fleet.cost(endpoint)
    pass_time(fleet, seconds=60)
    assert fleet.cost(endpoint) == pytest.approx(cost + 1)


def test_a_replica_that_is_added_and_dies_is_replaced(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    Load(fleet, endpoint).become(2)
    pass_time(fleet, seconds=60)
    fleet.launcher.last.die("killed")
    fleet.tick()
    assert (endpoint.target_replica, endpoint.ready_replica) == (2, 1)
    assert len(fleet.launcher.launched) == 3


def test_a_restart_bills_all_replicas_until_the_end(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling=PENDING)
    Load(fleet, endpoint).become(3)
    pass_time(fleet, seconds=180)
    again = Fleet(fleet.path, fleet.clock)
    back = again.lifecycle.get("local-user", endpoint.name)
    assert (back.state, back.target_replica) == ("paused", 0)
    assert 5 - 2 <= round(again.cost(back), 6) <= 5, (
        "3 minutes of one, 2 of the other: one less each"
    )


def test_local_minutes(tmp_path: Path, repositories: dict[str, Repository]) -> None:
    fleet = Fleet(tmp_path / "state.sqlite3", ManualClock(minute=1.0))
    endpoint = fleet.running(scaling=PENDING)
    Load(fleet, endpoint).become(2)
    fleet.clock.advance(seconds=1)
    fleet.tick()
    assert replicas(endpoint) == 2
