"""What is at rest is left alone, but not before everything about it has been noted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.lifecycle import Lifecycle
from tests.local_endpoints.control_plane.fleet import Fleet


def replicas_noted(fleet: Fleet, endpoint: Endpoint) -> list[int]:
    metrics = fleet.lifecycle.deployment(endpoint).metrics
    window = metrics.window(0.0, fleet.clock.now())
    return [len(replicas) for _, values in metrics.replicas(window) for replicas in values]


@pytest.mark.parametrize("stop", [Lifecycle.pause, Lifecycle.scale_to_zero])
def test_graphs_know_that_nothing_is_left(fleet: Fleet, stop: Callable[..., None]) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=1)
    stop(fleet.lifecycle, endpoint)
    for _ in range(4):
        fleet.clock.advance(minutes=1)
        fleet.tick()
    assert replicas_noted(fleet, endpoint)[-1] == 0
    fleet.lifecycle.resume(endpoint)
    fleet.start(endpoint)
    assert replicas_noted(fleet, endpoint)[-1] == 1


def test_graphs_know_that_a_failed_one_has_no_replica(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.clock.advance(minutes=1)
    fleet.tick()
    fleet.launcher.last.die("out of memory")
    for _ in range(3):
        fleet.clock.advance(minutes=1)
        fleet.tick()
    assert endpoint.state == "failed"
    assert replicas_noted(fleet, endpoint)[-1] == 0


def test_what_drains_stops_although_its_endpoint_is_at_rest(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.scale_to_zero(endpoint)
    fleet.tick(3)
    assert not fleet.launcher.last.stopped
    fleet.clock.advance(seconds=6)
    fleet.tick()
    assert fleet.launcher.last.stopped
