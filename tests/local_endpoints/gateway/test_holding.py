"""``X-Scale-Up-Timeout``: requests that wait for a replica."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import Service
from tests.local_endpoints.gateway.conftest import (
    UNAVAILABLE,
    Container,
    at_zero,
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


@pytest.mark.parametrize("seconds", ["x", "-1", "601", "nan", "inf", ""])
def test_bad_hold_times_wake_nothing(service: Service, endpoint: Endpoint, seconds: str) -> None:
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    assert "X-Scale-Up-Timeout" in error_of(held(service, endpoint, seconds), 400)
    assert endpoint.state == "scaledToZero"
