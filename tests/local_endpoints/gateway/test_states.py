"""What a caller meets in every state of an endpoint."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
import requests

from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import Service, make_spec
from tests.local_endpoints.gateway.conftest import (
    UNAVAILABLE,
    Container,
    at_zero,
    call,
    connect,
    error_of,
    held,
    in_flight,
)
from tests.patience import WAIT_SECONDS, eventually


def test_unknown_and_deleted_endpoints_are_404(service: Service, endpoint: Endpoint) -> None:
    answer = requests.get(f"{service.url}/abcdefgh12345678", headers=service.headers, timeout=20)
    assert "no endpoint has this URL" in error_of(answer, 404)
    service.server.call(lambda: service.lifecycle.delete(endpoint))
    assert "no endpoint has this URL" in error_of(call(service, endpoint), 404)


def test_paused_is_400(service: Service, endpoint: Endpoint) -> None:
    service.server.call(lambda: service.lifecycle.pause(endpoint))
    expected = "Bad Request: The endpoint is paused, ask a maintainer to restart it"
    assert error_of(call(service, endpoint), 400) == expected
    assert endpoint.state == "paused"


def test_starting_is_503(service: Service, container: Container) -> None:
    endpoint = service.create()
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE
    service.launcher.ready = False
    service.tick()
    assert endpoint.state == "initializing"
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE


def test_updating_a_single_replica_is_503(service: Service, endpoint: Endpoint) -> None:
    service.launcher.ready = False
    service.server.call(lambda: service.lifecycle.update(endpoint, make_spec(tags=["new"])))
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE


def test_updating_one_of_several_is_nothing_that_a_client_sees(
    service: Service, container: Container
) -> None:
    endpoint = service.create_running("rolling-one", scaling={"maxReplica": 2})
    old = service.launcher.last
    service.launcher.ready = False
    change = {"model": {"env": {"A": "1"}}, "scaling": {"maxReplica": 2}}
    new_spec = make_spec("rolling-one", **change)
    service.server.call(lambda: service.lifecycle.update(endpoint, new_spec))
    assert call(service, endpoint).status_code == 200
    assert endpoint.state == "updating" and not old.stopped
    service.launcher.last.become_ready()
    service.tick(2)
    assert call(service, endpoint).status_code == 200
    assert (endpoint.state, old.stopped) == ("running", True)


def test_after_an_update_that_failed_the_old_replica_serves(
    service: Service, container: Container
) -> None:
    endpoint = service.create_running("rolling-one", scaling={"maxReplica": 2})
    service.launcher.ready = False
    new_spec = make_spec("rolling-one", scaling={"maxReplica": 2})
    service.server.call(lambda: service.lifecycle.update(endpoint, new_spec))
    service.launcher.last.die("bad settings")
    service.tick()
    assert endpoint.state == "updateFailed"
    assert call(service, endpoint).status_code == 200


@pytest.mark.parametrize("state", ["failed", "updateFailed"])
def test_failed_is_400(service: Service, container: Container, state: str) -> None:
    endpoint = service.create_running() if state == "updateFailed" else service.create()
    service.launcher.ready = False
    if state == "updateFailed":
        service.server.call(lambda: service.lifecycle.update(endpoint, make_spec(tags=["new"])))
    service.tick()
    service.launcher.last.die("out of memory")
    service.tick()
    assert f"error state {state}" in error_of(call(service, endpoint), 400)
    assert endpoint.state == state


def test_at_zero_is_503_and_wakes(service: Service, endpoint: Endpoint) -> None:
    at_zero(service, endpoint)
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE
    assert endpoint.state == "initializing"
    service.tick(2)
    assert call(service, endpoint).status_code == 200


def test_right_after_scaling_to_zero_the_replica_serves_and_nothing_wakes(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    service.clock.advance(seconds=4)
    service.tick()
    assert call(service, endpoint).status_code == 200
    assert endpoint.state == "scaledToZero"
    assert not service.launcher.last.stopped
    service.clock.advance(seconds=1)
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE, "also before the next tick"
    assert endpoint.state == "initializing"
    service.tick()
    first, second = service.launcher.launched
    assert first.stopped and not second.stopped


def test_while_a_drained_replica_is_not_gone_nothing_wakes(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    service.launcher.last.die()
    expected = "Bad Request: workload is not stopped"
    assert error_of(held(service, endpoint), 400) == expected
    assert endpoint.state == "scaledToZero"


def test_requests_prolong_the_idle_time(service: Service, endpoint: Endpoint) -> None:
    for _ in range(3):
        service.clock.advance(minutes=14)
        assert call(service, endpoint).status_code == 200
        # The client has its answer a moment before the gateway is done with the request.
        assert eventually(lambda: in_flight(service, endpoint) == 0)
        service.tick()
    assert endpoint.state == "running"
    service.clock.advance(minutes=15)
    service.tick()
    assert endpoint.state == "scaledToZero"


def test_a_long_answer_keeps_it_up(
    service: Service,
    container: Container,
    endpoint: Endpoint,
    in_background: Callable[..., Future[Any]],
) -> None:
    answer = in_background(call, service, endpoint, "/stream")
    assert container.entered.wait(WAIT_SECONDS)
    service.clock.advance(minutes=100)
    service.tick()
    assert endpoint.state == "running"
    container.go_on()
    assert answer.result(WAIT_SECONDS).text == "onetwo"
    service.tick()
    assert endpoint.state == "running"


@pytest.mark.parametrize("idle", [True, False], ids=["by itself", "when told"])
def test_a_body_that_does_not_end_keeps_nothing_up(
    service: Service, container: Container, endpoint: Endpoint, idle: bool
) -> None:
    connection = connect(service, endpoint, "/x", method="POST", headers={"Content-Length": "9"})
    connection.send(b"half")
    assert container.first_chunk.wait(WAIT_SECONDS)
    service.clock.advance(minutes=15 if idle else 1)
    if idle:
        service.tick()
    else:
        service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    assert endpoint.state == "scaledToZero"
    cost = endpoint.meter.total(service.clock)
    service.clock.advance(minutes=100)
    service.tick()
    assert endpoint.meter.total(service.clock) == cost
    assert service.launcher.last.stopped
    connection.close()


def test_a_body_that_has_ended_keeps_it_up(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    connection = connect(service, endpoint, "/think", method="POST", body=b"whole")
    assert eventually(lambda: in_flight(service, endpoint) == 1)
    service.clock.advance(minutes=100)
    service.tick()
    assert endpoint.state == "running"
    connection.close()
    assert eventually(lambda: in_flight(service, endpoint) == 0)
    service.clock.advance(minutes=14)
    service.tick()
    assert endpoint.state == "running", "the idle time begins with the end of the request"


def test_pending_is_what_has_no_status_yet(
    service: Service,
    container: Container,
    endpoint: Endpoint,
    in_background: Callable[..., Future[Any]],
) -> None:
    def pending() -> int:
        return service.server.call(lambda: service.lifecycle.deployment(endpoint).traffic.pending)

    thinking = connect(service, endpoint, "/think", method="POST", body=b"whole")
    assert eventually(lambda: pending() == 1)
    half = connect(service, endpoint, "/x", method="POST", headers={"Content-Length": "9"})
    half.send(b"half")
    stream = in_background(call, service, endpoint, "/stream")
    assert eventually(lambda: (in_flight(service, endpoint), pending()) == (2, 1))
    thinking.close()
    assert eventually(lambda: pending() == 0)
    half.close()
    container.go_on()
    assert stream.result(WAIT_SECONDS).status_code == 200
    assert eventually(lambda: in_flight(service, endpoint) == 0)
    at_zero(service, endpoint)
    service.launcher.ready = False
    waiting = in_background(held, service, endpoint)
    assert eventually(lambda: pending() == 1)
    service.tick()
    service.launcher.last.become_ready()
    service.tick()
    assert waiting.result(WAIT_SECONDS).status_code == 200
    assert eventually(lambda: pending() == 0)


def test_load_brings_a_replica_that_shares_it(
    service: Service, container: Container, in_background: Callable[..., Future[Any]]
) -> None:
    endpoint = service.create_running(
        name="scaling-one", scaling={"maxReplica": 2, "measure": {"pendingRequests": None}}
    )
    before = len(service.launcher.running)
    waiting = [connect(service, endpoint, "/think", method="POST", body=b"x") for _ in range(2)]
    assert eventually(lambda: in_flight(service, endpoint) == 2)
    for _ in range(6):
        service.tick()
        service.clock.advance(seconds=10)
    service.tick(2)
    assert endpoint.ready_replica == endpoint.target_replica == 2
    assert len(service.launcher.running) == before + 1
    assert call(service, endpoint).status_code == 200
    ready = service.launcher.running[-2:]
    assert eventually(lambda: [replica.in_flight for replica in ready] == [2, 0])
    for connection in waiting:
        connection.close()
