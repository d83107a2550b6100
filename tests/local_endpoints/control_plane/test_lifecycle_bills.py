"""What an endpoint costs in the course of its life, also over a restart of the service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.lifecycle import Lifecycle
from tests.local_endpoints.control_plane.fleet import PRICE, Fleet

# What it costs.


def test_billing_starts_with_initializing_and_counts_started_minutes(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.clock.advance(minutes=50)
    assert fleet.cost(endpoint) == 0, "pending is free"
    fleet.tick()
    fleet.clock.advance(minutes=2)
    assert fleet.cost(endpoint) == 0, "nothing is owed before it is ready"
    assert endpoint.meter.price_now() == PRICE
    fleet.launcher.last.become_ready()
    fleet.tick()
    assert fleet.cost(endpoint) == pytest.approx(2)
    fleet.clock.advance(seconds=1)
    assert fleet.cost(endpoint) == pytest.approx(3)


def test_a_deployment_that_fails_costs_nothing(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.clock.advance(minutes=30)
    fleet.launcher.last.die()
    fleet.tick()
    fleet.clock.advance(minutes=30)
    assert fleet.cost(endpoint) == 0
    assert endpoint.meter.price_now() == 0


@pytest.mark.parametrize("stop", [Lifecycle.pause, Lifecycle.scale_to_zero, Lifecycle.delete])
def test_stopping_stops_the_bill(fleet: Fleet, stop: Callable[..., None]) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=7)
    stop(fleet.lifecycle, endpoint)
    assert endpoint.meter.price_now() == 0
    fleet.clock.advance(minutes=500)
    fleet.tick()
    assert fleet.cost(endpoint) == pytest.approx(7)


def test_the_bill_goes_on_after_resume(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=7)
    fleet.lifecycle.pause(endpoint)
    fleet.clock.advance(minutes=500)
    fleet.lifecycle.resume(endpoint)
    fleet.start(endpoint)
    fleet.clock.advance(minutes=3)
    assert fleet.cost(endpoint) == pytest.approx(10)


def test_every_wanted_replica_costs(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 3, "maxReplica": 4})
    fleet.clock.advance(minutes=2)
    assert fleet.cost(endpoint) == pytest.approx(6)


# Restart of the service.


def test_after_a_shutdown_all_are_back_as_paused_with_their_cost(fleet: Fleet) -> None:
    running = fleet.running("running-one")
    fleet.clock.advance(minutes=4)
    fleet.create("pending-one")
    fleet.lifecycle.shut_down()
    assert fleet.launcher.running == []
    fleet.clock.advance(minutes=1000)
    again = Fleet(fleet.path, fleet.clock)
    states = {item.name: item.state for item in again.lifecycle.list_endpoints()}
    assert states == {"running-one": "paused", "pending-one": "paused"}
    back = again.lifecycle.get("local-user", "running-one")
    assert back.id == running.id
    assert again.cost(back) == pytest.approx(4)
    again.lifecycle.resume(back)
    again.start(back)
    again.clock.advance(minutes=1)
    assert again.cost(back) == pytest.approx(5)


def test_kills_after_quiet_minutes_lose_one_minute_each_at_most(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 1})
    for _ in range(3):
        for _ in range(14 * 60):
            fleet.clock.advance(seconds=1)
            fleet.tick()
        owed = fleet.cost(endpoint)
        fleet = Fleet(fleet.path, fleet.clock)  # nobody has said goodbye to the one before
        endpoint = fleet.lifecycle.get("local-user", endpoint.name)
        assert endpoint.state == "paused"
        assert owed - 1 <= fleet.cost(endpoint) <= owed
        fleet.lifecycle.resume(endpoint)
        fleet.start(endpoint)


def test_a_kill_in_the_first_minute_loses_no_more_than_that(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(seconds=59)
    fleet.tick()
    again = Fleet(fleet.path, fleet.clock)
    assert again.cost(again.lifecycle.get("local-user", endpoint.name)) == pytest.approx(1)


def test_nobody_pays_for_the_time_between_a_kill_and_the_next_start(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=3)
    fleet.tick()
    fleet.clock.advance(minutes=1000)
    again = Fleet(fleet.path, fleet.clock)
    assert again.cost(again.lifecycle.get("local-user", endpoint.name)) == pytest.approx(3)


@pytest.mark.parametrize("minute", [1, 7, 600])
def test_a_minute_is_as_long_as_when_it_began_also_where_the_next_start_has_another(
    fleet: Fleet, minute: float
) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=3)
    fleet.tick()
    again = Fleet(fleet.path, ManualClock(minute=minute))  # nobody has said goodbye
    back = again.lifecycle.get("local-user", endpoint.name)
    assert again.cost(back) == pytest.approx(3)
    again.lifecycle.resume(back)
    again.start(back)
    again.clock.advance(minutes=2)
    assert again.cost(back) == pytest.approx(3 + 2)


def test_a_clock_that_was_put_forward_does_not_go_back_with_a_restart(fleet: Fleet) -> None:
    endpoint = fleet.running()
    behind = ManualClock()
    fleet.clock.advance(minutes=10)
    fleet.lifecycle.shut_down()
    again = Fleet(fleet.path, behind)
    assert behind.now() == fleet.clock.now()
    back = again.lifecycle.get("local-user", endpoint.name)
    again.lifecycle.resume(back)
    again.start(back)
    behind.advance(minutes=15)
    again.tick()
    assert back.state == "scaledToZero", "the idle time counts from now"


def test_a_kill_after_the_clock_was_put_forward_loses_no_more_than_any_other(fleet: Fleet) -> None:
    endpoint, behind = fleet.running(scaling={"minReplica": 1}), ManualClock()
    asyncio.run(fleet.lifecycle.advance(24 * 3600 + 30))
    owed = fleet.cost(endpoint)
    again = Fleet(fleet.path, behind)
    back = again.lifecycle.get("local-user", endpoint.name)
    assert owed - 1 <= again.cost(back) <= owed
    assert 0 <= fleet.clock.now() - behind.now() <= 60


def test_a_failed_one_is_still_failed_after_a_restart(fleet: Fleet) -> None:
    fleet.failed()
    fleet.lifecycle.shut_down()
    (back,) = Fleet(fleet.path, fleet.clock).lifecycle.list_endpoints()
    assert back.state == "failed"
    assert "out of memory" in back.error_message
