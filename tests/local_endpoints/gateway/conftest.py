"""A service whose containers the test plays, and ways to call it."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import requests

from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import ServerThread, Service
from tests.patience import WAIT_SECONDS


class Container:
    """A container that answers with what it was asked, or misbehaves on paths made for that."""

    def __init__(self, server: ServerThread) -> None:
        self.server = server
        self.requests: list[dict[str, Any]] = []
        self.entered = threading.Event()
        self.first_chunk = threading.Event()
        self.disconnected = threading.Event()
        server.call(self._make_events)

    def _make_events(self) -> None:
        self._go_on = asyncio.Event()

    def go_on(self) -> None:
        """Let ``/stream`` send its second chunk."""
        self.server.call(self._go_on.set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.requests.append(scope)
        self.entered.set()
        name = scope["path"].strip("/").replace("-", "_") or "echo"
        await getattr(self, f"_{name}", self._echo)(scope, receive, send)

    async def _echo(self, scope: Any, receive: Any, send: Any) -> None:
        digest, size = hashlib.sha256(), 0
        async for chunk in self._body(receive):
            digest.update(chunk)
            size += len(chunk)
        answer = {
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
            "sha256": digest.hexdigest(),
            "size": size,
        }
        await self._send(send, 200, json.dumps(answer).encode())

    async def _body(self, receive: Any) -> Any:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnected.set()
                return
            if message.get("body"):
                self.first_chunk.set()
                yield message["body"]
            if not message.get("more_body"):
                return

    async def _send(self, send: Any, status: int, body: bytes, *headers: Any) -> None:
        start = {"type": "http.response.start", "status": status, "headers": list(headers)}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    async def _stream(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        waiting = asyncio.create_task(self._wait_for_disconnect(receive))
        await asyncio.wait(
            [waiting, asyncio.create_task(self._go_on.wait())],
            return_when=asyncio.FIRST_COMPLETED,
        )
        await send({"type": "http.response.body", "body": b"two", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        waiting.cancel()

    async def _wait_for_disconnect(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.disconnected.set()

    async def _think(self, scope: Any, receive: Any, send: Any) -> None:
        """A long answer that is not streamed."""
        await self._wait_for_disconnect(receive)

    async def _break_off(self, scope: Any, receive: Any, send: Any) -> None:
        """Dies in the middle of a chunked answer."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    async def _break_off_early(self, scope: Any, receive: Any, send: Any) -> None:
        """Dies in the middle of an answer whose length it has announced."""
        headers = [(b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    async def _odd_headers(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(
            send,
            418,
            b"",
            (b"x-compute-type", b"cpu"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
            (b"x-request-id", b"of-the-container"),
            (b"date", b"Thu, 01 Jan 1970 00:00:00 GMT"),
            (b"x-replica-key", b"leaked"),
            (b"keep-alive", b"timeout=5"),
        )

    async def _redirect(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 307, b"", (b"location", b"http://other.example/"))

    async def _gzip(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 200, b"not really gzip", (b"content-encoding", b"gzip"))

    async def _large(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 200, b"x" * 20_000_000)

    async def _refuse_unread(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 413, b"too long")

    async def _no_content(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 204, b"")


@pytest.fixture
def container(service: Service, container_server: ServerThread) -> Iterator[Container]:
    container = Container(container_server)
    container_server.app = container
    service.launcher.url = container_server.url
    yield container
    container.go_on()


@pytest.fixture
def endpoint(service: Service, container: Container) -> Endpoint:
    """A running endpoint."""
    return service.create_running()


UNAVAILABLE = "503 Service Unavailable"


def at_zero(service: Service, endpoint: Endpoint) -> None:
    """Scale it to zero and let its replicas drain."""
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    service.clock.advance(seconds=5)


def call(
    service: Service,
    endpoint: Endpoint,
    path: str = "/generate",
    method: str = "POST",
    **options: Any,
) -> requests.Response:
    headers = {**service.headers, **options.pop("headers", {})}
    url = f"{service.url}/{endpoint.id}{path}"
    return requests.request(method, url, headers=headers, timeout=WAIT_SECONDS, **options)


def connect(service: Service, endpoint: Endpoint, target: str, **options: Any) -> Any:
    """Send a request with ``http.client``, which leaves everything as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=WAIT_SECONDS)
    headers = {**service.headers, **options.pop("headers", {})}
    method = options.pop("method", "GET")
    connection.request(method, f"/{endpoint.id}{target}", headers=headers, **options)
    return connection


def held(service: Service, endpoint: Endpoint, seconds: str = "60") -> requests.Response:
    return call(service, endpoint, headers={"X-Scale-Up-Timeout": seconds})


def error_of(answer: requests.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert "retry-after" not in answer.headers
    return str(answer.json()["error"])


def in_flight(service: Service, endpoint: Endpoint) -> int:
    return service.server.call(lambda: service.lifecycle.deployment(endpoint).traffic.in_flight)


@pytest.fixture
def in_background() -> Iterator[Callable[..., Future[Any]]]:
    """Run a call in another thread."""
    with ThreadPoolExecutor() as threads:
        yield threads.submit
