"""The proxy in front of the containers: tokens, wake-up, choice of a replica, streaming.

Written as a bare ASGI application because every token of every stream passes through it. Its
refusals are those of the real proxy, observed on 2026-10-10: on every route 401 without a known
token, before anything wakes; 503 at once, without ``Retry-After``, for an endpoint that sleeps or
starts; 400 for one that is paused, that failed, or whose old replicas are not gone yet. Seen
earlier in 2026: 403 without the permission to call, and 503 while the only replica is updated.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from local_endpoints.access import INFER, Access
from local_endpoints.control_plane.endpoint import ID_LENGTH, STARTING, Endpoint
from local_endpoints.control_plane.lifecycle import Lifecycle
from local_endpoints.control_plane.traffic import Traffic
from local_endpoints.control_plane.transitions import NOT_STOPPED
from local_endpoints.door.connection import ABORT
from local_endpoints.door.quiet import AtMost
from local_endpoints.errors import ApiError, bad_request, not_found
from local_endpoints.faults import OF_ENDPOINTS, Fault, Faults
from local_endpoints.faulty import AfterEvents, CutError, cut, strike
from local_endpoints.replicas.answer import answer_of
from local_endpoints.replicas.passing import DROPPED, head_of, names_of, target_of
from local_endpoints.replicas.replica import Replica

logger = logging.getLogger(__name__)
logger.addFilter(AtMost())

MAX_HOLD_SECONDS = 600.0
LOOK_SECONDS = 0.5
"""Between two looks whether the client of a held request is still there."""
CALLED = "local.endpoint"
"""Where a scope has the endpoint that it is for."""
# Less than the five seconds after which a container closes an idle connection: a request that is
# sent in that very moment would be lost.
IDLE_CONNECTION_SECONDS = 2.0

_ID = re.compile(r"[a-z][a-z0-9]+")


def endpoint_id_of(path: str) -> str | None:
    """The endpoint that a request's path names (``/<16 characters>/…``), if it has that form."""
    first = path[1:].partition("/")[0]
    if len(first) == ID_LENGTH and _ID.fullmatch(first):
        return first
    return None


@dataclass(frozen=True)
class _Call:
    """One request on its way through the gateway."""

    scope: Scope
    receive: Receive
    send: Send

    def header(self, name: str) -> str | None:
        wanted = name.encode()
        for key, value in self.scope["headers"]:
            if key == wanted:
                return str(value.decode("latin-1"))
        return None


class Gateway:
    """ASGI application for everything under ``/<endpoint id>``.

    Args:
        lifecycle: knows endpoints and replicas.
        access: knows the tokens.
        faults: knows which requests shall fail; none by default.
        base_url: what the endpoints' addresses begin with.
    """

    def __init__(
        self,
        *,
        lifecycle: Lifecycle,
        access: Access,
        faults: Faults | None = None,
        base_url: str = "",
    ) -> None:
        self._lifecycle = lifecycle
        self._access = access
        self._faults = faults or Faults()
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the connections' pool; call it once, inside the running loop."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_CONNECTION_SECONDS),
            timeout=aiohttp.ClientTimeout(total=None),
            # All callers share this pool: one's session must not become another's.
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )

    async def close(self) -> None:
        """Close the connections' pool."""
        if self._session is not None:
            await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = _Call(scope, receive, send)
        try:
            endpoint = self._endpoint_of(call)
            await self._authorize(call, endpoint)
            fault = self._fault(call, endpoint)
            if fault is not None and await strike(fault, scope, receive, send):
                return
            body = _Body(call.receive, is_expected=_has_body(call))
            async with self._admitted(call, endpoint, body) as replica:
                await self._forward(_doomed(call, fault, replica), endpoint, replica, body)
        except CutError:
            # As in `_exchange`: without a last message the client, if it is still there, sees a
            # broken answer.
            return
        except ApiError as error:
            await JSONResponse(error.body(), error.status)(scope, receive, send)

    def _endpoint_of(self, call: _Call) -> Endpoint:
        endpoint = self._lifecycle.by_id(endpoint_id_of(call.scope["path"]) or "")
        if endpoint is None:
            raise _no_such_endpoint()
        call.scope[CALLED] = endpoint
        return endpoint

    def _fault(self, call: _Call, endpoint: Endpoint) -> Fault | None:
        path = "/" + call.scope["path"][1:].partition("/")[2]
        return self._faults.meet(
            OF_ENDPOINTS, endpoint=endpoint.name, method=call.scope["method"], path=path
        )

    async def _authorize(self, call: _Call, endpoint: Endpoint) -> None:
        if endpoint.spec.type == "public":
            return
        token = await self._access.identify(call.header("authorization"))
        if endpoint.spec.type == "private":
            token.require_member(endpoint.namespace)
            token.require(INFER, endpoint.namespace)
        else:
            token.require(INFER)

    @asynccontextmanager
    async def _admitted(
        self, call: _Call, endpoint: Endpoint, body: _Body
    ) -> AsyncIterator[Replica]:
        """Hold or refuse the request until a replica is ready; count it while it lasts.

        Only for a request that has come whole does its endpoint stay up. A client that never ends
        what it says would run up a bill.
        """
        hold = _hold_seconds(call.header("x-scale-up-timeout"))
        self._lifecycle.wake(endpoint)
        traffic = self._lifecycle.deployment(endpoint).traffic
        replica = await self._ready_replica(call, endpoint, hold)
        self._lifecycle.touch(endpoint)
        replica.in_flight += 1
        body.when_whole(lambda: traffic.begin(body, replica))
        try:
            yield replica
        finally:
            replica.in_flight -= 1
            traffic.end(body)
            if body.is_whole:
                self._lifecycle.touch(endpoint)

    async def _ready_replica(self, call: _Call, endpoint: Endpoint, hold: float) -> Replica:
        is_gone = call.scope["extensions"][ABORT]["is_gone"]
        loop = asyncio.get_running_loop()
        deadline = loop.time() + hold
        while True:
            if endpoint.deleted_at is not None:
                raise _no_such_endpoint()
            if is_gone():
                # Also where a replica has just become ready: who is gone keeps nothing up.
                raise CutError
            serving = self._lifecycle.deployment(endpoint).serving()
            if serving:
                return min(serving, key=lambda replica: replica.in_flight)
            left = deadline - loop.time()
            if left <= 0 or endpoint.state not in {*STARTING, "running"}:
                raise self._unavailable(endpoint)
            with self._lifecycle.deployment(endpoint).traffic.holding():
                await self._lifecycle.changed(min(left, LOOK_SECONDS))

    def _unavailable(self, endpoint: Endpoint) -> ApiError:
        if endpoint.state == "paused":
            return bad_request("The endpoint is paused, ask a maintainer to restart it")
        if endpoint.state in {"failed", "updateFailed"}:
            # Only the status, and that the text speaks of an error, were written down.
            return bad_request(
                f"The endpoint is in error state {endpoint.state}, ask a maintainer to look at "
                "its logs"
            )
        if self._lifecycle.deployment(endpoint).is_draining:
            return bad_request(NOT_STOPPED)
        return ApiError(503)

    async def _forward(
        self, call: _Call, endpoint: Endpoint, replica: Replica, body: _Body
    ) -> None:
        # A token that the gateway has checked is not the container's business.
        checked = {b"authorization"} if endpoint.spec.type != "public" else set()
        dropped = DROPPED | checked | _named_by_connection(call) | names_of(replica)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in call.scope["headers"]
            if name not in dropped
        ]
        gone = asyncio.create_task(body.disconnected.wait())
        traffic = self._lifecycle.deployment(endpoint).traffic
        url = f"{self._base_url}/{endpoint.id}"
        answer = asyncio.create_task(self._exchange(call, replica, headers, body, traffic, url))
        try:
            await asyncio.wait({gone, answer}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                answer.result()
        finally:
            # Cancelling closes the connection to the container, which stops the generation.
            for task in (gone, answer, body.watcher):
                if task is not None:
                    task.cancel()
            await asyncio.gather(gone, answer, return_exceptions=True)

    async def _exchange(
        self,
        call: _Call,
        replica: Replica,
        headers: list[tuple[str, str]],
        body: _Body,
        traffic: Traffic,
        url: str,
    ) -> None:
        assert self._session is not None, "Gateway.start was not called"
        started = False
        try:
            request = self._session.request(
                call.scope["method"],
                target_of(call.scope, replica),
                headers=[*headers, *replica.headers.items()],
                data=body if body.is_expected else None,
                allow_redirects=False,
            )
            async with answer_of(replica, request) if replica.signature else request as response:
                traffic.answered(body)
                await call.send(head_of(response, replica, url))
                started = True
                async for chunk in response.content.iter_any():
                    await call.send(
                        {"type": "http.response.body", "body": chunk, "more_body": True}
                    )
                await call.send({"type": "http.response.body", "body": b""})
        except aiohttp.ClientError as error:
            if body.disconnected.is_set():
                return
            if started:
                # Ending without the last message makes the server cut the connection, so that the
                # client sees a broken answer and not a complete one.
                logger.warning("replica %s broke off its answer: %s", replica.id, error)
                return
            logger.warning("replica %s is gone: %s", replica.id, error)
            raise ApiError(503) from None


class _Body:
    """The request's body as aiohttp reads it; notices when the client goes away afterwards.

    Attributes:
        is_expected: whether the request has one.
        is_whole: whether all of it has come.
        disconnected: set when the client went away.
    """

    def __init__(self, receive: Receive, *, is_expected: bool) -> None:
        self.is_expected = is_expected
        self.is_whole = False
        self.disconnected = asyncio.Event()
        self.watcher: asyncio.Task[None] | None = None
        self._receive = receive
        self._on_whole: Callable[[], None] | None = None

    def when_whole(self, action: Callable[[], None]) -> None:
        """Have something done as soon as all has come, which may be now."""
        self._on_whole = action
        if not self.is_expected:
            self._end()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks()

    async def _chunks(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.disconnected.set()
                # The container must not take what has arrived for the whole request.
                raise ConnectionResetError("the client went away")
            if message.get("body"):
                yield message["body"]
            more = message.get("more_body", False)
        self._end()

    def _end(self) -> None:
        self.is_whole = True
        if self._on_whole is not None:
            self._on_whole()
        self.watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.disconnected.set()


def _doomed(call: _Call, fault: Fault | None, replica: Replica) -> _Call:
    """The same call, if its fault lies in the answer with an answer that goes wrong."""
    rule = fault.rule if fault is not None else None
    if rule is None or rule.kind not in ("cut", "crash"):
        return call
    if rule.kind == "crash" and not rule.events:
        replica.crash()
        return call
    action = cut if rule.kind == "cut" else replica.crash
    return replace(call, send=AfterEvents(call.send, rule.events, action))


def _hold_seconds(header: str | None) -> float:
    """``X-Scale-Up-Timeout``: how long the proxy may hold a request, in seconds; 0 without it."""
    if header is None:
        return 0.0
    try:
        seconds = float(header)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MAX_HOLD_SECONDS:
        raise bad_request(f"X-Scale-Up-Timeout must be seconds from 0 to {MAX_HOLD_SECONDS:.0f}")
    return seconds


def _no_such_endpoint() -> ApiError:
    return not_found("no endpoint has this URL; it may have been deleted")


def _named_by_connection(call: _Call) -> set[bytes]:
    """Headers that are meant for this hop only (RFC 9110, section 7.6.1)."""
    names = (call.header("connection") or "").split(",")
    return {name.strip().lower().encode("latin-1") for name in names}


def _has_body(call: _Call) -> bool:
    return (
        call.header("content-length") not in (None, "0")
        or call.header("transfer-encoding") is not None
    )
