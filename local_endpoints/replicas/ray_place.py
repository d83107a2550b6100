"""What a Ray Serve application of ours consists of: one container, on the node that Ray has chosen.

There it is started as the service starts one on its own computer. What the application is asked
over HTTP goes to it as it came, and comes back as it is made.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

import aiohttp
from ray import serve
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from yarl import URL

from local_endpoints.clock import SystemClock
from local_endpoints.environment import OF_A_HUB, private_variables
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.process import ProcessReplica
from local_endpoints.replicas.replica import Phase, ReplicaOrder

SIGNATURE = "x-answered-by-container"
"""A header of what the container itself has answered."""
NEWS_SECONDS = 2.0
LOOK_SECONDS = 0.05
# Between two programs of this service, on one node: what it adds itself, or what Serve adds.
_NOT_PASSED_ON = frozenset({b"host", b"connection", b"transfer-encoding", b"x-request-id"})
_NOT_PASSED_BACK = frozenset({b"connection", b"keep-alive", b"transfer-encoding"})


@dataclass(frozen=True)
class News:
    """What a place has to tell.

    Attributes:
        phase: of its container.
        lines: what it has said, the newest ones.
        taken: how many lines there have ever been.
    """

    phase: Phase
    lines: list[str]
    taken: int


class Place:
    """Runs one container for as long as somebody asks for news.

    It is given its order by a call, so that no secret is stored by Ray's controller. A place that
    Serve makes anew by itself, after a death, never gets one.

    Args:
        application: its own name.
        lease_seconds: after so long without a question the service is gone, however that came:
            the application deletes itself.
    """

    def __init__(self, application: str, lease_seconds: float) -> None:
        for name in (*private_variables(), *OF_A_HUB):
            os.environ.pop(name, None)
        # Below it, libraries look for a token that is stored on the node.
        os.environ["HF_HOME"] = os.devnull
        self._application = application
        self._lease_seconds = lease_seconds
        self._replica: ProcessReplica | None = None
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        self._lease: asyncio.TimerHandle | None = None
        self._renew()

    async def start(self, order: ReplicaOrder) -> None:
        """Start the container."""
        self._replica = ProcessReplica(order, id="", log=Log(SystemClock()), on_change=lambda: None)

    async def news(self, phase: Phase, taken: int) -> News:
        """What is new to somebody who knows of that phase and so many lines; comes as soon as
        there is something, or after two seconds."""
        self._renew()
        replica = self._replica
        if replica is None:
            return News("exited", ["the place died with its container"], taken)
        log = replica.log
        loop = asyncio.get_running_loop()
        deadline = loop.time() + NEWS_SECONDS
        while log.taken == taken and replica.phase == phase and loop.time() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
        return News(replica.phase, [line.text for line in log.since(taken)], log.taken)

    async def crash(self) -> None:
        """Kill the container."""
        if self._replica is not None:
            self._replica.crash()

    async def __call__(self, request: Request) -> Response:
        """Pass a request on."""
        replica = self._replica
        if replica is None or replica.phase != "ready":
            return Response(status_code=503)
        return _Passed(replica.url, self._session)

    async def __del__(self) -> None:
        """The application is deleted: end the container."""
        if self._replica is not None:
            self._replica.stop()
            await self._replica.stopped()
        await self._session.close()

    def _renew(self) -> None:
        if self._lease is not None:
            self._lease.cancel()
        loop = asyncio.get_running_loop()
        self._lease = loop.call_later(self._lease_seconds, self._end)

    def _end(self) -> None:
        if self._replica is not None:
            self._replica.stop()
        # In a thread: it waits until the application, this place included, is gone.
        asyncio.get_running_loop().run_in_executor(None, serve.delete, self._application)


class _Passed(Response):
    """The container's answer to the request that this is sent for."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        super().__init__()
        self._url = url
        self._session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        try:
            async with self._session.request(
                scope["method"],
                self._target(scope),
                headers=_texts(scope["headers"], without=_NOT_PASSED_ON),
                data=Request(scope, receive).stream() if _has_body(scope) else None,
                allow_redirects=False,
            ) as answer:
                await send(
                    {
                        "type": "http.response.start",
                        "status": answer.status,
                        "headers": self._head(answer, scope),
                    }
                )
                started = True
                async for chunk in answer.content.iter_any():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
        except aiohttp.ClientError:
            if started:
                raise
            await Response(status_code=503)(scope, receive, send)

    def _head(self, answer: aiohttp.ClientResponse, scope: Scope) -> list[tuple[bytes, bytes]]:
        """The container's, and the signature. Where it leads elsewhere in itself, it leads there
        by the application's address, which is all that the gateway knows."""
        outside = b"http://" + dict(scope["headers"])[b"host"] + scope["root_path"].encode()
        inside = self._url.encode()
        headers: list[tuple[bytes, bytes]] = [(SIGNATURE.encode(), b"")]
        for raw_name, value in answer.raw_headers:
            name = raw_name.lower()
            if name == b"location" and value.startswith(inside + b"/"):
                value = outside + value.removeprefix(inside)
            if name not in _NOT_PASSED_BACK:
                headers.append((name, value))
        return headers

    def _target(self, scope: Scope) -> URL:
        """The path below the application's own, byte by byte."""
        path = scope["raw_path"].decode("latin-1").removeprefix(scope["root_path"])
        query = scope["query_string"].decode("latin-1")
        return URL(f"{self._url}{path}" + (f"?{query}" if query else ""), encoded=True)


def _texts(
    headers: list[tuple[bytes, bytes]], *, without: frozenset[bytes]
) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name not in without
    ]


def _has_body(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
