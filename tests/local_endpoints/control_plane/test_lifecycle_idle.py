"""What traffic does to an endpoint: idle time, and requests that wake it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.repositories import Repository
from tests.local_endpoints.control_plane.fleet import Fleet

# Scale to zero by itself.


def test_idle_endpoints_scale_to_zero_after_the_time_out(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"scaleToZeroTimeout": 20})
    fleet.clock.advance(minutes=20, seconds=-1)
    fleet.tick()
    assert endpoint.state == "running"
    fleet.clock.advance(seconds=1)
    fleet.tick()
    assert endpoint.state == "scaledToZero"
    fleet.clock.advance(seconds=5)
    fleet.tick()
    assert fleet.launcher.last.stopped


def test_the_idle_time_begins_when_it_runs(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.clock.advance(minutes=100)
    fleet.launcher.last.become_ready()
    fleet.tick(2)
    assert endpoint.state == "running"


def test_requests_prolong_the_idle_time(fleet: Fleet) -> None:
    endpoint = fleet.running()
    for _ in range(5):
        fleet.clock.advance(minutes=10)
        fleet.lifecycle.touch(endpoint)
        fleet.tick()
    assert endpoint.state == "running"


def test_a_request_in_flight_keeps_it_up(fleet: Fleet) -> None:
    endpoint = fleet.running()
    traffic = fleet.lifecycle.deployment(endpoint).traffic
    traffic.begin("request", fleet.launcher.last)
    fleet.clock.advance(minutes=500)
    fleet.tick()
    assert endpoint.state == "running"
    traffic.end("request")
    fleet.lifecycle.touch(endpoint)
    fleet.tick()
    assert endpoint.state == "running", "the idle time starts at the end of the request"
    fleet.clock.advance(minutes=15)
    fleet.tick()
    assert endpoint.state == "scaledToZero"


def test_with_a_minimum_of_replicas_it_never_scales_to_zero(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 1})
    fleet.clock.advance(minutes=100_000)
    fleet.tick()
    assert endpoint.state == "running"


def test_idle_time_counts_local_minutes(
    tmp_path: Path, repositories: dict[str, Repository]
) -> None:
    fleet = Fleet(tmp_path / "state.sqlite3", ManualClock(minute=1.0))
    endpoint = fleet.running()
    fleet.clock.advance(seconds=15)
    fleet.tick()
    assert endpoint.state == "scaledToZero"


def test_lateness_comes_on_top_of_every_time_out(fleet: Fleet) -> None:
    fleet.lifecycle.late_minutes = 10
    early = fleet.running()
    late = fleet.running("late-one", scaling={"scaleToZeroTimeout": 30})
    for state in ("running", "scaledToZero"):
        fleet.clock.advance(minutes=24 if state == "running" else 1)
        fleet.tick()
        assert early.state == state
    fleet.clock.advance(minutes=14)
    fleet.tick()
    assert late.state == "running"
    fleet.clock.advance(minutes=1)
    fleet.tick()
    assert late.state == "scaledToZero"


# Wake-up.


def test_a_request_wakes_it(fleet: Fleet) -> None:
    endpoint = fleet.at_zero()
    fleet.lifecycle.wake(endpoint)
    assert endpoint.state == "initializing"
    before = len(fleet.launcher.launched)
    fleet.lifecycle.wake(endpoint)
    fleet.start(endpoint)
    assert len(fleet.launcher.launched) == before + 1


@pytest.mark.parametrize("prepare", [Fleet.paused, Fleet.failed, Fleet.running])
def test_a_request_wakes_nothing_else(fleet: Fleet, prepare: Callable[[Fleet], Endpoint]) -> None:
    endpoint = prepare(fleet)
    state = endpoint.state
    fleet.lifecycle.wake(endpoint)
    assert endpoint.state == state
