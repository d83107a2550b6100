"""How changes are written down, as another service finds them that starts afterwards."""

from __future__ import annotations

import logging

import pytest

from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.register import Register
from tests.fakes import unwritable
from tests.local_endpoints.control_plane.fleet import Fleet, refusal


@pytest.fixture
def register(fleet: Fleet) -> Register:
    fleet.store.begin(port=0)
    return Register(
        store=fleet.store, launcher=fleet.launcher, clock=fleet.clock, on_change=fleet.tick
    )


def kept(fleet: Fleet, name: str = "an-endpoint") -> Endpoint:
    return Fleet(fleet.path, fleet.clock).lifecycle.get("local-user", name)


def test_what_is_asked_is_saved_and_told(
    fleet: Fleet, register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    endpoint = fleet.create()
    with register.asked(endpoint):
        register.enter(endpoint, "failed")
    assert kept(fleet).state == "failed"
    assert "endpoint an-endpoint: pending -> failed" in caplog.text


def test_what_is_asked_and_cannot_be_saved_is_not_told(
    fleet: Fleet, register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    endpoint = fleet.create()

    def fail() -> None:
        with register.asked(endpoint):
            register.enter(endpoint, "failed")

    with unwritable(fleet.path):
        refusal(500, fail)
    assert endpoint.state == "pending"
    assert "->" not in caplog.text


def test_a_use_is_saved_with_what_happens_next(fleet: Fleet, register: Register) -> None:
    used, other = fleet.create("used-one"), fleet.create("other-one")
    fleet.clock.advance(minutes=1)
    register.touch(used)
    assert kept(fleet, "used-one").last_used_at is None
    with register.happens(other):
        register.enter(other, "initializing")
    assert kept(fleet, "used-one").last_used_at == fleet.clock.now()


def test_what_is_taken_down_bills_no_more(fleet: Fleet, register: Register) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=2)
    register.take_down(endpoint, "paused")
    fleet.clock.advance(minutes=9)
    assert fleet.cost(endpoint) == pytest.approx(2)
    assert (endpoint.state, endpoint.ready_replica, endpoint.target_replica) == ("paused", 0, 0)


def test_nothing_is_left_of_one_that_is_forgotten(fleet: Fleet, register: Register) -> None:
    endpoint, other = fleet.create(), fleet.create("other-one")
    register.forget(endpoint)
    assert fleet.launcher.forgotten == [endpoint.id]
    with register.happens(other):
        pass
    names = [each.name for each in Fleet(fleet.path, fleet.clock).lifecycle.list_endpoints()]
    assert names == ["other-one"]
