"""Broken connections, and many at once."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
import requests

from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import ServerThread, Service
from tests.local_endpoints.gateway.conftest import (
    UNAVAILABLE,
    Container,
    call,
    connect,
    error_of,
    in_flight,
)
from tests.patience import WAIT_SECONDS, eventually


def test_a_client_that_leaves_a_stream_stops_the_container(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    connection = connect(service, endpoint, "/stream", method="POST", body=b"{}")
    answer = connection.getresponse()
    assert answer.read1(100) == b"one"
    answer.close()
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
    assert eventually(lambda: in_flight(service, endpoint) == 0)


@pytest.mark.parametrize(("method", "body"), [("POST", b"{}"), ("POST", None), ("GET", None)])
def test_a_client_that_leaves_before_the_answer_stops_the_container(
    service: Service, container: Container, endpoint: Endpoint, method: str, body: bytes | None
) -> None:
    connection = connect(service, endpoint, "/think", method=method, body=body)
    assert container.entered.wait(WAIT_SECONDS)
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
    assert eventually(lambda: in_flight(service, endpoint) == 0)


def test_half_a_request_is_never_taken_for_a_whole_one(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=20)
    connection.putrequest("POST", f"/{endpoint.id}/generate")
    connection.putheader("Authorization", f"Bearer {service.token}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(b"5\r\nhello\r\n")
    assert container.first_chunk.wait(WAIT_SECONDS)
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
    assert eventually(lambda: in_flight(service, endpoint) == 0)


@pytest.mark.parametrize("path", ["/break-off", "/break-off-early"])
def test_a_container_that_dies_leaves_a_broken_answer(
    service: Service, endpoint: Endpoint, path: str
) -> None:
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        call(service, endpoint, path)
    assert eventually(lambda: in_flight(service, endpoint) == 0)
    assert call(service, endpoint).status_code == 200


def test_a_container_that_is_gone_is_503(service: Service, container: Container) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        service.launcher.url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        endpoint = service.create_running()
        assert error_of(call(service, endpoint), 503) == UNAVAILABLE
    assert eventually(lambda: in_flight(service, endpoint) == 0)


def test_a_replica_that_is_taken_away_is_503_for_who_has_no_answer_yet(
    service: Service, in_background: Callable[..., Future[Any]]
) -> None:
    server = ServerThread().start()
    server.app = container = Container(server)
    service.launcher.url = server.url
    endpoint = service.create_running()
    answer = in_background(call, service, endpoint, "/think", data=b"{}")
    assert container.entered.wait(WAIT_SECONDS)
    stream = connect(service, endpoint, "/stream", method="POST", body=b"{}").getresponse()
    assert stream.read1(100) == b"one"
    server.stop()
    assert error_of(answer.result(WAIT_SECONDS), 503) == UNAVAILABLE
    with pytest.raises(http.client.HTTPException):
        stream.read()
    assert eventually(lambda: in_flight(service, endpoint) == 0)


def test_a_client_that_leaves_an_upload_leaves_no_warning(
    service: Service, container: Container, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    connection = connect(service, endpoint, "/x", method="POST", headers={"Content-Length": "9"})
    connection.send(b"half")
    assert container.first_chunk.wait(WAIT_SECONDS)
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
    assert eventually(lambda: service.launcher.last.in_flight == 0)
    assert not caplog.records


def test_many_requests_at_once(
    service: Service, endpoint: Endpoint, in_background: Callable[..., Future[Any]]
) -> None:
    answers = [
        in_background(call, service, endpoint, f"/n{number}", data=b"x" * number)
        for number in range(50)
    ]
    for number, answer in enumerate(answers):
        seen = answer.result(WAIT_SECONDS).json()
        assert (seen["path"], seen["size"]) == (f"/n{number}", number)
    assert eventually(lambda: in_flight(service, endpoint) == 0)
