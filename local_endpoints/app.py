"""The ASGI application of the service process: gateway in front, FastAPI behind, and everything
that they speak for."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from local_endpoints.access import Access, Accounts, Directory
from local_endpoints.address import Address
from local_endpoints.api import catalog, faults, hub, local, openapi, refused
from local_endpoints.api.context import ServiceContext
from local_endpoints.clock import MovableClock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.lifecycle import Lifecycle
from local_endpoints.control_plane.store import Store
from local_endpoints.errors import ApiError, bad_request, header_text
from local_endpoints.faults import OF_REQUESTS, Faults
from local_endpoints.faulty import STRUCK, FaultyLauncher, strike
from local_endpoints.gateway import CALLED, Gateway, endpoint_id_of
from local_endpoints.journal import Entry
from local_endpoints.owners import Owners
from local_endpoints.replicas.replica import Launcher

logger = logging.getLogger(__name__)
ENDPOINT_PATH = re.compile(r"/v[23]/endpoint/[^/]+/([^/]+)")
CRASHED = ApiError(500, "see the service's log")


class ServiceApp:
    """Checks the ``Host`` header, then hands a request to the gateway or to the API.

    Args:
        context: the service behind both. A request for a ``Host`` that is not of its address, also
            for none, is refused, so that a web page whose name was made to resolve to 127.0.0.1
            cannot talk to the service.

    Attributes:
        context: as given.
        gateway: answers for endpoint URLs; whoever serves the application starts and closes it.
        api: answers for everything else.
    """

    def __init__(self, context: ServiceContext) -> None:
        self.context = context
        self.gateway = Gateway(
            lifecycle=context.lifecycle,
            access=context.access,
            faults=context.faults,
            base_url=context.base_url,
        )
        self.api = make_api(context)
        self._hosts = context.address.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.api(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        scope, answer = self.context.address.without_prefix(scope), _Answer(send)
        if scope["path"].startswith(local.PREFIX + "/"):
            await self._answer(scope, receive, answer)
            return
        entry = self.context.journal.begin(
            scope["method"],
            scope["path"],
            at=self.context.lifecycle.clock.now(),
        )
        try:
            await self._answer(scope, entry.counting(receive), answer)
        finally:
            called: Endpoint | None = scope.get(CALLED)
            name = called.name if called is not None else None
            entry.end(status=answer.status, endpoint=name, fault=scope.get(STRUCK))
            if called is not None:
                self._count(called, entry)

    def _count(self, endpoint: Endpoint, entry: Entry) -> None:
        """Let the endpoint's graphs show what it was asked."""
        is_there = endpoint.deleted_at is None
        if is_there and entry.status is not None and entry.seconds is not None:
            metrics = self.context.lifecycle.deployment(endpoint).metrics
            metrics.answered(entry.status, entry.seconds)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            await self._dispatch(scope, receive, answer)
        except Exception as error:
            method, path = scope["method"], header_text(scope["path"])
            logger.error("%s %s failed", method, path, exc_info=error)
            if answer.status is None:
                await _response(CRASHED)(scope, receive, answer)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or hosts[0].decode("latin-1").lower() not in self._hosts:
            refusal = _response(bad_request("unknown Host header"))
            await refusal(scope, receive, send)
        elif endpoint_id_of(scope["path"]):
            await self.gateway(scope, receive, send)
        elif not await self._is_struck(scope, receive, send):
            await self.api(scope, receive, send)

    async def _is_struck(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether a fault has answered a request for the API. It strikes nobody whose token is
        refused, and no route of ``/_local``: faults could not be removed any more."""
        path = scope["path"]
        if path.startswith(local.PREFIX + "/") or not any(self.context.faults):
            return False
        try:
            await self.context.access.identify(Headers(scope=scope).get("authorization"))
        except ApiError:
            return False
        named = ENDPOINT_PATH.match(path)
        fault = self.context.faults.meet(
            OF_REQUESTS, endpoint=named and named[1], method=scope["method"], path=path
        )
        return fault is not None and await strike(fault, scope, receive, send)


def make_app(
    *,
    store: Store,
    launcher: Launcher,
    clock: MovableClock,
    address: Address,
    keep: bool,
    stop: Callable[[], None],
    accounts: Accounts | None = None,
    directory: Directory | None = None,
    shared: bool = False,
) -> ServiceApp:
    """A whole service, put together from what differs between one and another.

    Args:
        address: where the application will be served.
        keep: whether the service goes on when no process uses it any more.
        stop: ends it; returns at once.
        accounts: further users and their tokens; default none.
        directory: who is asked about a token that is none of theirs; default nobody.
        shared: whether others than the operator, whom nobody may know, reach it.
    """
    what_fails = Faults()
    context = ServiceContext(
        access=Access(accounts=accounts, directory=directory),
        lifecycle=Lifecycle(
            store=store, launcher=FaultyLauncher(launcher, what_fails), clock=clock
        ),
        owners=Owners(clock, keep=keep),
        address=address,
        stop=stop,
        faults=what_fails,
        shared=shared,
    )
    return ServiceApp(context)


def make_api(context: ServiceContext) -> FastAPI:
    """The FastAPI application."""
    api = FastAPI(title="Local Inference Endpoints", openapi_url=None, docs_url=None)
    api.state.context = context
    # Like the real one, it redirects nobody; a `Location` would need the proxy's word for it.
    api.router.redirect_slashes = False
    api.include_router(local.open_router)
    api.include_router(local.router)
    api.include_router(faults.router)
    for router in refused.IMITATED:
        api.include_router(router)
    api.include_router(refused.router)
    api.include_router(catalog.router)
    api.include_router(openapi.router)
    api.include_router(hub.router)
    api.add_exception_handler(ApiError, _refused)
    api.add_exception_handler(HTTPException, _unknown_route)
    api.add_exception_handler(ClientDisconnect, _nobody_listens)
    api.add_exception_handler(Exception, _crashed)
    return api


class _Answer:
    """Sends an answer with ``x-request-id``, which the client shows in its error messages.

    Attributes:
        status: as sent; ``None`` before.
    """

    def __init__(self, send: Send) -> None:
        self.status: int | None = None
        self._send = send
        self._request_id = secrets.token_hex(3).encode()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (b"x-request-id", self._request_id)]
        await self._send(message)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    if error.hub_code is None:
        return _response(error)
    headers = {"X-Error-Message": header_text(error.detail)}
    if error.hub_code:
        headers["X-Error-Code"] = error.hub_code
    return _response(error, headers)


async def _unknown_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refusal = ApiError(error.status_code, f"{request.method} {request.url.path}")
    return _response(refusal, error.headers)


async def _nobody_listens(request: Request, error: Exception) -> Response:
    """The client left in the middle of its request: the answer goes nowhere."""
    return Response(status_code=400)


async def _crashed(request: Request, error: Exception) -> Response:
    """Starlette raises the error again when this is sent: ``ServiceApp`` logs it."""
    return _response(CRASHED)


def _response(error: ApiError, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(error.body(), error.status, headers=headers)
