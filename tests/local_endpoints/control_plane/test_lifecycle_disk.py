"""A disk that is full, or read-only, for a while."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.lifecycle import Lifecycle
from tests.fakes import make_spec, unwritable
from tests.local_endpoints.control_plane.fleet import Fleet, refusal

Prepare = Callable[[Fleet], Endpoint]
Call = Callable[[Lifecycle, Endpoint], None]


def update(lifecycle: Lifecycle, endpoint: Endpoint) -> None:
    lifecycle.update(endpoint, make_spec(compute={"instanceSize": "x4"}))


def after_a_restart(fleet: Fleet) -> dict[str, tuple[str, float]]:
    """State and cost of every endpoint as a service finds them that starts now."""
    again = Fleet(fleet.path, fleet.clock)
    return {
        endpoint.name: (endpoint.state, again.cost(endpoint))
        for endpoint in again.lifecycle.list_endpoints()
    }


# What a client asks for.


@pytest.mark.parametrize(
    ("prepare", "call"),
    [
        (Fleet.create, Lifecycle.pause),
        (Fleet.running, Lifecycle.pause),
        (Fleet.at_zero, Lifecycle.pause),
        (Fleet.running, Lifecycle.scale_to_zero),
        (Fleet.paused, Lifecycle.resume),
        (Fleet.at_zero, Lifecycle.resume),
        (Fleet.running, update),
        (Fleet.paused, update),
        (Fleet.failed, update),
        (Fleet.running, Lifecycle.delete),
        (Fleet.paused, Lifecycle.delete),
    ],
)
def test_a_change_that_cannot_be_saved_is_undone_and_refused(
    fleet: Fleet, prepare: Prepare, call: Call
) -> None:
    endpoint = prepare(fleet)
    fleet.clock.advance(minutes=2)
    running, launched = list(fleet.launcher.running), len(fleet.launcher.launched)
    shown, cost = endpoint.to_object(""), fleet.cost(endpoint)
    with unwritable(fleet.path):
        text = refusal(500, lambda: call(fleet.lifecycle, endpoint))
        assert text.startswith("Internal Server Error: nothing was changed, because ")
        assert str(fleet.path) in text
        assert "Free space" in text
        assert endpoint.to_object("") == shown
        assert fleet.lifecycle.list_endpoints() == [endpoint]
        assert fleet.cost(endpoint) == cost
        assert fleet.launcher.running == running
        assert len(fleet.launcher.launched) == launched
    call(fleet.lifecycle, endpoint)
    assert endpoint.to_object("") != shown or fleet.lifecycle.list_endpoints() == []


def test_a_refused_endpoint_does_not_exist(fleet: Fleet) -> None:
    fleet.store.begin(port=0)
    with unwritable(fleet.path):
        refusal(500, fleet.create)
        fleet.tick(3)
        assert fleet.lifecycle.list_endpoints() == []
        refusal(404, lambda: fleet.lifecycle.get("local-user", "an-endpoint"))
        assert fleet.launcher.launched == []
    assert after_a_restart(fleet) == {}
    fleet.running()


def test_an_endpoint_whose_pause_was_refused_goes_on_and_bills(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 1})
    fleet.clock.advance(minutes=2)
    with unwritable(fleet.path):
        refusal(500, lambda: fleet.lifecycle.pause(endpoint))
        fleet.clock.advance(minutes=3)
        fleet.tick()
        assert fleet.serving(endpoint) == [fleet.launcher.last]
    assert fleet.cost(endpoint) == pytest.approx(5)
    assert after_a_restart(fleet) == {"an-endpoint": ("paused", pytest.approx(5))}


# What happens by itself.


def test_one_failed_save_does_not_stop_what_comes_after_it(fleet: Fleet) -> None:
    idle = fleet.running("idle-one")
    fleet.clock.advance(minutes=15)
    starting = fleet.create("starting-one")
    with unwritable(fleet.path):
        fleet.tick()
        assert (idle.state, starting.state) == ("scaledToZero", "initializing")
        fleet.launcher.last.become_ready()
        fleet.clock.advance(seconds=10)
        fleet.tick()
        assert starting.state == "running"
        assert fleet.launcher.launched[0].stopped, "it has drained"
        fleet.clock.advance(minutes=5)
    fleet.tick()
    assert after_a_restart(fleet) == {
        "idle-one": ("paused", pytest.approx(15)),
        "starting-one": ("paused", pytest.approx(6)),
    }


def test_a_replica_that_dies_is_replaced_all_the_same(fleet: Fleet) -> None:
    endpoint = fleet.running()
    with unwritable(fleet.path):
        fleet.launcher.last.die()
        fleet.tick()
        fleet.launcher.last.become_ready()
        fleet.tick()
        assert (endpoint.state, endpoint.ready_replica) == ("running", 1)


def test_a_failure_is_a_failure_and_bills_nothing(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    with unwritable(fleet.path):
        fleet.launcher.last.die("out of memory")
        fleet.tick()
        assert (endpoint.state, endpoint.meter.price_now()) == ("failed", 0)
    fleet.clock.advance(seconds=1)
    fleet.tick()
    assert after_a_restart(fleet) == {"an-endpoint": ("failed", 0)}


def test_a_request_wakes_it_all_the_same(fleet: Fleet) -> None:
    endpoint = fleet.at_zero()
    with unwritable(fleet.path):
        fleet.lifecycle.wake(endpoint)
        fleet.start(endpoint)


def test_the_end_of_the_service_stops_all_replicas(fleet: Fleet) -> None:
    fleet.running(scaling={"minReplica": 1})
    fleet.clock.advance(minutes=7)
    fleet.tick()
    with unwritable(fleet.path):
        fleet.lifecycle.shut_down()
        assert fleet.launcher.last.stopped
    assert after_a_restart(fleet) == {"an-endpoint": ("paused", pytest.approx(7))}


def test_saving_is_tried_every_second_and_said_once(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    fleet.create()
    with unwritable(fleet.path):
        for _ in range(100):
            fleet.tick()
            fleet.clock.advance(seconds=0.05)
    fleet.clock.advance(seconds=1)
    fleet.tick(3)
    texts = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert ["cannot be written" in text for text in texts] == [True, False]
    assert "saved again" in texts[1]


def test_what_the_disk_says_wrongly_is_not_billed_on(fleet: Fleet) -> None:
    """Killed on a full disk: the endpoint that fell asleep there is not billed for as long as the
    other one ran."""
    fleet.running("idle-one")
    fleet.running("busy-one", scaling={"minReplica": 1})
    fleet.clock.advance(minutes=15)
    with unwritable(fleet.path):
        fleet.tick()
        for _ in range(100):
            fleet.clock.advance(minutes=1)
            fleet.tick()
    assert after_a_restart(fleet)["idle-one"] == ("paused", pytest.approx(15))
