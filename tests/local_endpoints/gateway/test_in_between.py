"""A replica behind somebody else's proxy, which answers and waits in its place when it is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.replicas import answer
from tests.fakes import Service
from tests.local_endpoints.gateway.conftest import (
    UNAVAILABLE,
    Container,
    call,
    connect,
    in_flight,
)
from tests.patience import WAIT_SECONDS, eventually


@pytest.fixture
def signed(service: Service, endpoint: Endpoint) -> Endpoint:
    """An endpoint whose replica signs what it answers."""
    service.launcher.last.signature = "x-compute-type"
    return endpoint


def test_what_is_signed_is_its_answer_and_the_signature_stays_inside(
    service: Service, signed: Endpoint
) -> None:
    answer = call(service, signed, "/odd-headers")
    assert answer.status_code == 418
    assert "x-compute-type" not in answer.headers


@pytest.mark.parametrize("path", ["/generate", "/refuse-unread", "/redirect"])
def test_what_is_not_signed_was_said_in_its_place(
    service: Service, signed: Endpoint, path: str
) -> None:
    answer = call(service, signed, path)
    assert (answer.status_code, answer.json()["error"]) == (503, UNAVAILABLE)


def test_a_request_that_is_held_for_it_ends_with_it(
    service: Service, container: Container, signed: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "LOOK_SECONDS", 0.01)
    with ThreadPoolExecutor() as pool:
        held = pool.submit(call, service, signed, "/think")
        assert container.entered.wait(WAIT_SECONDS)
        service.server.call(service.launcher.last.crash)
        assert held.result(WAIT_SECONDS).status_code == 503
    assert container.disconnected.wait(WAIT_SECONDS)
    assert eventually(lambda: in_flight(service, signed) == 0)


def test_whoever_goes_away_meanwhile_is_not_waited_for(
    service: Service, container: Container, signed: Endpoint
) -> None:
    connection = connect(service, signed, "/think")
    assert container.entered.wait(WAIT_SECONDS)
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
