"""The ASGI application of the service process: gateway in front, FastAPI behind."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from local_endpoints.api import hub, local, management
from local_endpoints.errors import ApiError, bad_request, header_text
from local_endpoints.gateway import Gateway, Message, Receive, Scope, Send, endpoint_id_of

log = logging.getLogger(__name__)


class ServiceApp:
    """Checks the ``Host`` header, then hands a request to the gateway or to the API.

    Args:
        api: the FastAPI application; see ``make_api``.
        gateway: answers for endpoint URLs.
        hosts: values of ``Host`` that are accepted. Anything else, also none, is refused, so that
            a web page whose name was made to resolve to 127.0.0.1 cannot talk to the service.
    """

    def __init__(self, *, api: FastAPI, gateway: Gateway, hosts: frozenset[str]) -> None:
        self._api = api
        self._gateway = gateway
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._api(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        tagged = _with_request_id(send)
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or hosts[0].decode("latin-1").lower() not in self._hosts:
            refusal = _answer(bad_request("unknown Host header"))
            await refusal(scope, receive, tagged)
        elif endpoint_id_of(scope["path"]):
            await self._gateway(scope, receive, tagged)
        else:
            await self._api(scope, receive, tagged)


def loopback_hosts(port: int) -> frozenset[str]:
    """The ``Host`` values under which a service on ``port`` may be addressed."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def make_api() -> FastAPI:
    """The FastAPI application. Its ``state`` needs ``access``, ``lifecycle``, ``base_url``,
    ``owners`` and ``stop`` before the first request."""
    api = FastAPI(title="Local Inference Endpoints", openapi_url=None, docs_url=None)
    api.include_router(local.router)
    api.include_router(management.router)
    api.include_router(management.catalog_router)
    api.include_router(hub.router)
    api.add_exception_handler(ApiError, _refused)
    api.add_exception_handler(HTTPException, _unknown_route)
    api.add_exception_handler(Exception, _crashed)
    return api


def _with_request_id(send: Send) -> Send:
    """Add ``x-request-id``, which the client shows in its error messages."""
    request_id = secrets.token_hex(3).encode()

    async def tagged(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
        await send(message)

    return tagged


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    if error.hub_code is None:
        return _answer(error)
    message = header_text(error.detail)
    return _answer(error, {"X-Error-Code": error.hub_code, "X-Error-Message": message})


async def _unknown_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refusal = ApiError(error.status_code, f"{request.method} {request.url.path}")
    return _answer(refusal, error.headers)


async def _crashed(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(ApiError(500, "see the service's log"))


def _answer(error: ApiError, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(error.body(), error.status, headers=headers)
