"""``X-Scale-Up-Timeout``: requests that wait for a replica."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
import requests

from local_endpoints import gateway
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.door.connection import ABORT
from tests.fakes import Scope, Service
from tests.local_endpoints.gateway.conftest import (
    UNAVAILABLE,
    Container,
    at_zero,
    connect,
    error_of,
    held,
)
from tests.patience import WAIT_SECONDS, eventually


@pytest.fixture
def waiting(service: Service, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set as soon as a request waits for the endpoint to change."""
    waiting, changed = threading.Event(), service.lifecycle.changed

    async def watched(seconds: float) -> None:
        waiting.set()
        await changed(seconds)

    monkeypatch.setattr(service.lifecycle, "changed", watched)
    return waiting


def test_a_request_is_held_until_the_endpoint_runs(
    service: Service,
    container: Container,
    endpoint: Endpoint,
    in_background: Callable[..., Future[Any]],
) -> None:
    service.launcher.ready = False
    at_zero(service, endpoint)
    answer = in_background(held, service, endpoint)
    assert eventually(lambda: endpoint.state == "initializing")
    service.tick(2)
    assert not answer.done()
    service.launcher.last.become_ready()
    service.tick()
    assert answer.result(WAIT_SECONDS).status_code == 200


def test_a_request_is_held_until_a_dead_replica_is_replaced(
    service: Service,
    container: Container,
    endpoint: Endpoint,
    in_background: Callable[..., Future[Any]],
    waiting: threading.Event,
) -> None:
    service.launcher.ready = False
    service.launcher.last.die()
    service.tick()
    assert endpoint.state == "running"
    answer = in_background(held, service, endpoint)
    assert waiting.wait(WAIT_SECONDS)
    service.launcher.last.become_ready()
    service.tick()
    assert answer.result(WAIT_SECONDS).status_code == 200


def test_the_hold_ends_with_503(service: Service, container: Container) -> None:
    endpoint = service.create()
    assert error_of(held(service, endpoint, "0.01"), 503) == UNAVAILABLE


@pytest.mark.parametrize(
    ("change", "status"), [("pause", 400), ("scale_to_zero", 503), ("delete", 404)]
)
def test_the_hold_ends_when_waiting_is_in_vain(
    service: Service,
    container: Container,
    in_background: Callable[..., Future[Any]],
    waiting: threading.Event,
    change: str,
    status: int,
) -> None:
    endpoint = service.create()
    service.launcher.ready = False
    service.tick()
    answer = in_background(held, service, endpoint)
    assert waiting.wait(WAIT_SECONDS)
    service.server.call(lambda: getattr(service.lifecycle, change)(endpoint))
    error_of(answer.result(WAIT_SECONDS), status)


@pytest.fixture
def asked(service: Service) -> list[Scope]:
    """The requests that came."""
    asked: list[Scope] = []
    answer = service.server.app

    async def watched(scope: Scope, receive: Any, send: Any) -> None:
        asked.append(scope)
        await answer(scope, receive, send)

    service.server.app = watched
    return asked


@pytest.fixture
def touched(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[Endpoint]:
    """The endpoints whose idle time a request has made start anew."""
    touched: list[Endpoint] = []
    monkeypatch.setattr(service.lifecycle, "touch", touched.append)
    return touched


@pytest.mark.parametrize("looks", [True, False], ids=["by looking", "as soon as it is ready"])
@pytest.mark.parametrize("body", [b"whole", None])
def test_a_request_whose_client_has_left_is_held_no_longer(
    service: Service,
    container: Container,
    asked: list[Scope],
    touched: list[Endpoint],
    monkeypatch: pytest.MonkeyPatch,
    looks: bool,
    body: bytes | None,
) -> None:
    monkeypatch.setattr(gateway, "LOOK_SECONDS", 0.01 if looks else 600)
    endpoint = service.create()
    service.launcher.ready = False
    service.tick()

    def pending() -> int:
        return service.server.call(lambda: service.lifecycle.deployment(endpoint).traffic.pending)

    headers = {"X-Scale-Up-Timeout": "600"}
    connection = connect(service, endpoint, "/x", method="POST", headers=headers, body=body)
    assert eventually(lambda: pending() == 1)
    connection.close()
    if looks:
        assert eventually(lambda: pending() == 0)
    else:
        (scope,) = asked
        assert eventually(scope["extensions"][ABORT]["is_gone"])
    service.launcher.last.become_ready()
    service.tick()
    assert eventually(lambda: pending() == 0)
    assert endpoint.state == "running"
    assert (container.requests, touched) == ([], [])
    (call,) = requests.get(
        f"{service.url}/_local/journal", headers=service.headers, timeout=WAIT_SECONDS
    ).json()["items"]
    assert (call["endpoint"], call["status"]) == ("an-endpoint", None)
    assert call["seconds"] is not None


@pytest.mark.parametrize("seconds", ["x", "-1", "601", "nan", "inf", ""])
def test_bad_hold_times_wake_nothing(service: Service, endpoint: Endpoint, seconds: str) -> None:
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    assert "X-Scale-Up-Timeout" in error_of(held(service, endpoint, seconds), 400)
    assert endpoint.state == "scaledToZero"
