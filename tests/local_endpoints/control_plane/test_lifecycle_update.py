"""How an update exchanges the replicas of an endpoint that serves."""

from __future__ import annotations

from typing import Any

import pytest

from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import FakeReplica, make_spec
from tests.local_endpoints.control_plane.fleet import PRICE, Fleet

OLD, NEW = "old", "new"


def running(fleet: Fleet, least: int, most: int) -> Endpoint:
    scaling = {"minReplica": least, "maxReplica": most}
    return fleet.running(scaling=scaling, model={"env": {"IS": OLD}})


def update(fleet: Fleet, endpoint: Endpoint, least: int, most: int, **changes: Any) -> None:
    scaling = {"minReplica": least, "maxReplica": most}
    spec = make_spec(scaling=scaling, **{"model": {"env": {"IS": NEW}}, **changes})
    fleet.lifecycle.update(endpoint, spec)


def present(fleet: Fleet) -> list[tuple[str, str]]:
    return [(replica.order.env["IS"], replica.phase) for replica in fleet.launcher.running]


def serving(fleet: Fleet, endpoint: Endpoint) -> list[str]:
    return [replica.order.env["IS"] for replica in fleet.serving(endpoint)]


def become_ready(fleet: Fleet) -> None:
    for replica in fleet.launcher.running:
        if replica.phase == "starting":
            replica.become_ready()
    fleet.tick()


def finish(fleet: Fleet, endpoint: Endpoint) -> None:
    for _ in range(20):
        become_ready(fleet)
    assert endpoint.state == "running"


def test_with_room_the_old_one_serves_until_the_new_one_is_ready(fleet: Fleet) -> None:
    endpoint = running(fleet, 1, 2)
    update(fleet, endpoint, 1, 2)
    assert present(fleet) == [(OLD, "ready"), (NEW, "starting")]
    fleet.tick(5)
    assert endpoint.state == "updating" and serving(fleet, endpoint) == [OLD]
    become_ready(fleet)
    fleet.tick()
    assert present(fleet) == [(NEW, "ready")]
    assert (endpoint.state, endpoint.ready_replica, endpoint.target_replica) == ("running", 1, 1)


def test_without_room_they_are_exchanged_one_by_one(fleet: Fleet) -> None:
    endpoint = running(fleet, 3, 3)
    update(fleet, endpoint, 3, 3)
    assert present(fleet) == [(OLD, "ready"), (OLD, "ready"), (NEW, "starting")]
    assert (endpoint.ready_replica, endpoint.target_replica) == (2, 3)
    become_ready(fleet)
    assert present(fleet) == [(OLD, "ready"), (NEW, "ready"), (NEW, "starting")]
    become_ready(fleet)
    assert present(fleet) == [(NEW, "ready"), (NEW, "ready"), (NEW, "starting")]
    become_ready(fleet)
    assert (endpoint.state, endpoint.ready_replica) == ("running", 3)


@pytest.mark.parametrize(("least", "most"), [(1, 2), (2, 2), (2, 3), (4, 8), (8, 8)])
def test_somebody_always_serves_and_there_are_never_too_many(
    fleet: Fleet, least: int, most: int
) -> None:
    endpoint = running(fleet, least, most)
    update(fleet, endpoint, least, most)
    while endpoint.state == "updating":
        assert len(serving(fleet, endpoint)) >= min(least, most - 1)
        assert len(fleet.launcher.running) <= most
        become_ready(fleet)
    assert serving(fleet, endpoint) == [NEW] * least
    assert len(fleet.launcher.launched) == 2 * least


def test_a_single_replica_without_room_leaves_a_gap(fleet: Fleet) -> None:
    endpoint = running(fleet, 1, 1)
    update(fleet, endpoint, 1, 1)
    assert present(fleet) == [(NEW, "starting")]
    assert serving(fleet, endpoint) == []


def test_who_leaves_finishes_what_it_has_accepted(fleet: Fleet) -> None:
    endpoint = running(fleet, 1, 1)
    old = fleet.launcher.last
    old.in_flight = 1
    update(fleet, endpoint, 1, 1)
    become_ready(fleet)
    assert not old.stopped and serving(fleet, endpoint) == [NEW]
    old.in_flight = 0
    fleet.tick()
    assert old.stopped


@pytest.mark.parametrize(
    ("least", "most", "expected"), [(1, 5, 3), (4, 5, 4), (1, 2, 2), (0, 1, 1), (5, 5, 5)]
)
def test_as_many_as_before_within_the_new_bounds(
    fleet: Fleet, least: int, most: int, expected: int
) -> None:
    endpoint = running(fleet, 3, 3)
    update(fleet, endpoint, least, most)
    assert endpoint.target_replica == expected
    finish(fleet, endpoint)
    assert serving(fleet, endpoint) == [NEW] * expected
    assert len(fleet.launcher.running) == expected


def test_replicas_keep_the_name_of_their_deployment(fleet: Fleet) -> None:
    endpoint = running(fleet, 1, 2)
    before = endpoint.deployment
    update(fleet, endpoint, 1, 2)
    names = [name.partition("-")[0] for name in fleet.lifecycle.deployment(endpoint).ids()]
    assert names == [before, endpoint.deployment] and before != endpoint.deployment
    logs = [replica.order.log_name for replica in fleet.launcher.running]
    assert logs == [f"{endpoint.name}-{name}" for name in names]


def test_an_update_in_the_middle_of_an_update(fleet: Fleet) -> None:
    endpoint = running(fleet, 2, 2)
    update(fleet, endpoint, 2, 2)
    become_ready(fleet)
    update(fleet, endpoint, 2, 2, model={"env": {"IS": "newest"}})
    assert serving(fleet, endpoint) == [NEW]
    finish(fleet, endpoint)
    assert serving(fleet, endpoint) == ["newest", "newest"]
    assert len(fleet.launcher.running) == 2


@pytest.mark.parametrize("stop", ["pause", "delete", "scale_to_zero"])
def test_an_update_may_be_cut_short(fleet: Fleet, stop: str) -> None:
    endpoint = running(fleet, 2, 3)
    update(fleet, endpoint, 2, 3)
    getattr(fleet.lifecycle, stop)(endpoint)
    assert endpoint.meter.price_now() == 0
    fleet.clock.advance(seconds=5)
    fleet.tick()
    assert fleet.launcher.running == []


# Deaths.


def last(fleet: Fleet, environment: str) -> FakeReplica:
    return [each for each in fleet.launcher.running if each.order.env["IS"] == environment][-1]


def test_after_a_failed_update_the_old_ones_serve_and_bill(fleet: Fleet) -> None:
    endpoint = running(fleet, 2, 3)
    update(fleet, endpoint, 2, 3)
    last(fleet, NEW).die("bad settings")
    fleet.tick(3)
    assert endpoint.state == "updateFailed"
    assert "bad settings" in endpoint.error_message
    assert serving(fleet, endpoint) == [OLD, OLD]
    assert (endpoint.ready_replica, endpoint.target_replica) == (2, 2)
    assert endpoint.meter.price_now() == 2 * PRICE
    update(fleet, endpoint, 2, 3)
    finish(fleet, endpoint)
    assert serving(fleet, endpoint) == [NEW, NEW]


def test_after_a_failed_update_the_idle_time_out_holds(fleet: Fleet) -> None:
    endpoint = running(fleet, 0, 2)
    update(fleet, endpoint, 0, 2)
    last(fleet, NEW).die("bad settings")
    fleet.tick()
    fleet.clock.advance(minutes=15)
    fleet.tick()
    assert (endpoint.state, endpoint.meter.price_now()) == ("scaledToZero", 0)


def test_a_failed_update_that_has_left_nobody_does_not_fall_asleep(fleet: Fleet) -> None:
    endpoint = fleet.update_failed()
    fleet.clock.advance(minutes=100)
    fleet.tick(3)
    assert endpoint.state == "updateFailed"
    fleet.lifecycle.wake(endpoint)
    assert endpoint.state == "updateFailed"


def test_nobody_replaces_an_old_one_that_dies_after_a_failed_update(fleet: Fleet) -> None:
    endpoint = running(fleet, 2, 3)
    update(fleet, endpoint, 2, 3)
    last(fleet, NEW).die("bad settings")
    fleet.tick()
    for left in (1, 0):
        last(fleet, OLD).die("killed")
        fleet.tick()
        fleet.launcher.launched = [
            each for each in fleet.launcher.launched if each.phase != "exited"
        ]
        assert (endpoint.state, endpoint.target_replica) == ("updateFailed", left)
        assert endpoint.meter.price_now() == left * PRICE
        assert len(fleet.launcher.running) == left
    assert "bad settings" in endpoint.error_message


def test_an_old_one_that_dies_during_an_update_is_not_missed(fleet: Fleet) -> None:
    endpoint = running(fleet, 2, 3)
    update(fleet, endpoint, 2, 3)
    last(fleet, OLD).die("killed")
    fleet.tick()
    assert endpoint.state == "updating" and serving(fleet, endpoint) == [OLD]
    finish(fleet, endpoint)
    assert serving(fleet, endpoint) == [NEW, NEW]
    assert endpoint.meter.price_now() == 2 * PRICE


def test_a_new_one_that_dies_where_another_works_is_replaced(fleet: Fleet) -> None:
    endpoint = running(fleet, 2, 2)
    update(fleet, endpoint, 2, 2)
    become_ready(fleet)
    last(fleet, NEW).die("killed")
    fleet.tick()
    assert endpoint.state == "updating" and serving(fleet, endpoint) == [NEW]
    finish(fleet, endpoint)
    assert serving(fleet, endpoint) == [NEW, NEW]


# Money.


def test_every_replica_bills_at_the_price_of_its_own_hardware(fleet: Fleet) -> None:
    endpoint = running(fleet, 1, 2)
    fleet.clock.advance(minutes=10)
    update(fleet, endpoint, 1, 2, compute={"instanceSize": "x4"})
    assert endpoint.meter.price_now() == PRICE + 3.8
    fleet.clock.advance(minutes=3)
    before = fleet.cost(endpoint)
    assert before == pytest.approx(13), "the new one may still fail"
    become_ready(fleet)
    fleet.tick()
    assert endpoint.meter.price_now() == 3.8
    assert fleet.cost(endpoint) == pytest.approx(13 + 3 * 3.8 / PRICE)


def test_a_failed_update_costs_nothing_of_its_own(fleet: Fleet) -> None:
    endpoint = running(fleet, 1, 2)
    update(fleet, endpoint, 1, 2, compute={"instanceSize": "x4"})
    fleet.clock.advance(minutes=3)
    last(fleet, NEW).die("bad settings")
    fleet.tick()
    assert fleet.cost(endpoint) == pytest.approx(3)
    assert endpoint.meter.price_now() == PRICE
