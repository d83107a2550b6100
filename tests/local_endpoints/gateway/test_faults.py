"""What faults do to requests for an endpoint."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.door.connection import ABORT
from tests.fakes import FakeLauncher, ServerThread, Service
from tests.patience import eventually

EVENTS = [b"data: one\n\n", b"data: two\n", b"\ndata: three\n\ndata: [DONE]", b"\n\n"]


class Container:
    """A container that streams four events in other pieces, or answers in one. It ends with its
    replica: connections are closed, whatever is still to be said.

    Attributes:
        awaits_end: whether it says no more than the first event before that.
    """

    def __init__(self, launcher: FakeLauncher) -> None:
        self.awaits_end = False
        self._launcher = launcher

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        replica = self._launcher.last
        if replica.phase == "exited":
            scope["extensions"][ABORT]["abort"]()
            return
        is_stream = scope["path"] == "/events"
        kind = b"text/event-stream" if is_stream else b"application/json"
        headers = [(b"content-type", kind)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in EVENTS if is_stream else [b'{"a": 1}']:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            if self.awaits_end:
                assert await asyncio.to_thread(eventually, lambda: replica.phase == "exited")
                return
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def container(service: Service, container_server: ServerThread) -> Iterator[Container]:
    container = Container(service.launcher)
    service.launcher.url = container_server.url
    before, container_server.app = container_server.app, container
    yield container
    container_server.app = before


@pytest.fixture
def endpoint(service: Service, container: Container) -> Endpoint:
    return service.create_running()


def add(service: Service, **rule: Any) -> None:
    url = f"{service.url}/_local/faults"
    requests.post(url, json=rule, headers=service.headers, timeout=20).raise_for_status()


def ask(service: Service, endpoint: Endpoint, path: str = "/events") -> tuple[int, bytes, bool]:
    """Status and body of an answer, and whether it was whole."""
    host = service.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("GET", f"/{endpoint.id}{path}", headers=service.headers)
    answer = connection.getresponse()
    try:
        return answer.status, answer.read(), True
    except http.client.IncompleteRead as error:
        return answer.status, error.partial, False
    finally:
        connection.close()


WHOLE = (200, b"".join(EVENTS), True)


@pytest.mark.parametrize(
    ("events", "arrives"),
    [
        (0, b""),
        (1, b"data: one\n\n"),
        (2, b"data: one\n\ndata: two\n\n"),
        (3, b"data: one\n\ndata: two\n\ndata: three\n\n"),
    ],
)
def test_a_stream_is_cut_after_events(
    service: Service, endpoint: Endpoint, events: int, arrives: bytes
) -> None:
    add(service, kind="cut", events=events, times=1)
    assert ask(service, endpoint) == (200, arrives, False)
    assert ask(service, endpoint) == WHOLE


def test_a_stream_that_is_shorter_arrives(service: Service, endpoint: Endpoint) -> None:
    add(service, kind="cut", events=5)
    assert ask(service, endpoint) == WHOLE


def test_of_another_answer_the_head_arrives(service: Service, endpoint: Endpoint) -> None:
    add(service, kind="cut", events=5)
    assert ask(service, endpoint, "/json") == (200, b"", False)


@pytest.mark.parametrize(
    ("events", "answer"),
    [
        (0, (503, b'{"error":"503 Service Unavailable","code":"SERVICE_UNAVAILABLE"}', True)),
        (1, (200, b"data: one\n\n", False)),
    ],
)
def test_a_replica_crashes_and_another_takes_its_place(
    service: Service,
    endpoint: Endpoint,
    container: Container,
    events: int,
    answer: tuple[int, bytes, bool],
) -> None:
    (first,) = service.launcher.running
    container.awaits_end = events > 0
    add(service, kind="crash", events=events, path="/events", times=1)
    assert ask(service, endpoint) == answer
    assert first.phase == "exited"
    container.awaits_end = False
    service.tick(3)
    assert endpoint.state == "running"
    assert service.launcher.last is not first
    assert ask(service, endpoint) == WHOLE


@pytest.mark.parametrize("kind", ["cut", "crash"])
def test_what_spoils_an_answer_can_be_late(service: Service, endpoint: Endpoint, kind: str) -> None:
    delay = 0.1
    add(service, kind=kind, delay=delay)
    began = time.monotonic()
    assert ask(service, endpoint) != WHOLE
    assert time.monotonic() - began >= delay


def test_paths_are_those_below_the_address(service: Service, endpoint: Endpoint) -> None:
    add(service, kind="status", status=429, path="/json")
    assert ask(service, endpoint) == WHOLE
    status, body, _ = ask(service, endpoint, "/json")
    assert (status, body) == (429, b'{"error":"429 Too Many Requests","code":"TOO_MANY_REQUESTS"}')


@pytest.mark.parametrize("kind", ["reset", "empty"])
def test_answers_that_are_none(service: Service, endpoint: Endpoint, kind: str) -> None:
    add(service, kind=kind, endpoint=endpoint.name, times=1)
    if kind == "reset":
        with pytest.raises(ConnectionError):
            ask(service, endpoint)
    else:
        assert ask(service, endpoint) == (200, b"", True)
    assert ask(service, endpoint) == WHOLE


def test_a_fault_does_not_strike_who_may_not_call(service: Service, endpoint: Endpoint) -> None:
    add(service, kind="status", status=503, times=1)
    url = f"{service.url}/{endpoint.id}/events"
    assert requests.get(url, timeout=20).status_code == 401
    assert ask(service, endpoint)[0] == 503
