"""Servers with limits of the test's choice, and raw sockets that try them."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local_endpoints.door.limits import Limits
from tests.fakes import ServerThread
from tests.patience import WAIT_SECONDS

LARGE, PIECE = 20_000_000, 100_000
QUICK = Limits(
    head_seconds=0.2, body_seconds=0.2, rest_seconds=0.2, stall_seconds=0.2, linger_seconds=0.2
)


class App:
    """An application that notes what becomes of its requests."""

    def __init__(self, server: ServerThread) -> None:
        self.server = server
        self.requests: list[dict[str, Any]] = []
        self.entered = threading.Event()
        self.disconnected = threading.Event()
        self.done = threading.Event()
        self.going_on = server.call(asyncio.Event)

    def go_on(self) -> None:
        """Let what waits answer."""
        self.server.call(self.going_on.set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.requests.append(scope)
        self.entered.set()
        work = getattr(self, "_" + scope["path"].strip("/"))
        await work(receive, send)

    async def _size(self, receive: Any, send: Any) -> None:
        """Answers with the body's size, when it is there."""
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnected.set()
                return
            size += len(message["body"])
            more = message["more_body"]
        await self._answer(send, str(size).encode())

    async def _unread(self, receive: Any, send: Any) -> None:
        """Answers without a look at the body."""
        await self._answer(send, b"unread")

    async def _late(self, receive: Any, send: Any) -> None:
        """Reads the body only when told to go on."""
        await self.going_on.wait()
        await self._size(receive, send)

    async def _wait(self, receive: Any, send: Any) -> None:
        """Answers when told to go on, if the client is still there."""
        gone = asyncio.create_task(self._gone(receive))
        on = asyncio.create_task(self.going_on.wait())
        await asyncio.wait([gone, on], return_when=asyncio.FIRST_COMPLETED)
        if not gone.done():
            await self._answer(send, b"waited")
        gone.cancel()
        on.cancel()

    async def _begin(self, receive: Any, send: Any) -> None:
        """Begins an answer and does not end it."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await self._gone(receive)

    async def _large(self, receive: Any, send: Any) -> None:
        """A long answer in pieces."""
        headers = [(b"content-length", str(LARGE).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for sent in range(PIECE, LARGE + PIECE, PIECE):
            piece = {"body": b"x" * PIECE, "more_body": sent < LARGE}
            await send({"type": "http.response.body", **piece})
        self.done.set()

    async def _gone(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.disconnected.set()

    async def _answer(self, send: Any, body: bytes) -> None:
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True)
class Served:
    """A server, its application, and ways to talk to it."""

    server: ServerThread
    app: App

    def connect(self, sent: bytes = b"", receive_buffer: int | None = None) -> socket.socket:
        """A connection over which something was sent."""
        connection = socket.socket()
        if receive_buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(WAIT_SECONDS)
        connection.connect(("127.0.0.1", self.server.port))
        connection.sendall(sent)
        return connection

    def exchange(self, sent: bytes) -> bytes:
        """Send, and return all that comes until the server closes."""
        with self.connect(sent) as connection:
            return read_all(connection)


Serve = Callable[[Limits], Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers; they end with the test."""
    servers: list[ServerThread] = []

    def start(limits: Limits) -> Served:
        server = ServerThread(limits).start()
        servers.append(server)
        app = App(server)
        server.app = app
        return Served(server, app)

    yield start
    for server in servers:
        server.stop()


def read_all(connection: socket.socket) -> bytes:
    """All that comes until the server closes, in whatever way."""
    answer = b""
    try:
        while received := connection.recv(65536):
            answer += received
    except ConnectionError:
        pass
    return answer


def read_until(connection: socket.socket, end: bytes) -> bytes:
    """What comes, up to and with ``end``."""
    answer = b""
    while end not in answer:
        received = connection.recv(65536)
        assert received, answer
        answer += received
    return answer


def request(path: str, *lines: str, method: str = "POST") -> bytes:
    """The head of a request."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()


def refusal(answer: bytes) -> tuple[int, str]:
    """Status and text of an answer that must be a whole refusal in the service's form, after
    which the connection is closed."""
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert match, answer[:200]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    assert b"content-type: application/json" in head
    assert re.search(rb"x-request-id: [0-9a-f]{6}", head)
    content = json.loads(body)
    assert set(content) == {"error", "code"}
    return int(match[1]), str(content["error"])
