"""What stands before the routes: the server's own API keys, and a limit of the body."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.containers.workers import aside

GUARDED = ("/v1", "/v2", "/inference", "/cohere")
"""Paths that need a key where there is one (entrypoints/serve/middleware/authenticate.py)."""

MAX_BODY_BYTES = 16 * 1024 * 1024
MAX_ITEMS = 100_000
"""The real server has no limits of its own."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class RequireApiKey:
    """401 for the guarded paths unless ``Authorization: Bearer KEY`` names one of the keys.

    Args:
        app: answers the others.
        keys: of ``--api-key`` or ``VLLM_API_KEY``; a real endpoint sets none and leaves
            authorization to the proxy.
    """

    def __init__(self, app: ASGIApp, keys: Sequence[str]) -> None:
        self._app = app
        self._keys = [key.encode() for key in keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._keys and scope["type"] == "http" and not self._allowed(scope):
            refusal = JSONResponse({"error": "Unauthorized"}, HTTPStatus.UNAUTHORIZED)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        if scope["method"] == "OPTIONS" or not scope["path"].startswith(GUARDED):
            return True
        scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
        found = [hmac.compare_digest(given.encode(), key) for key in self._keys]
        return scheme.lower() == "bearer" and any(found)


class LimitBody:
    """413 for bodies of more than ``MAX_BODY_BYTES``, or with more than ``MAX_ITEMS``: checking an
    item takes a thousand times the memory of its text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > MAX_BODY_BYTES:
                await _too_large(f"{MAX_BODY_BYTES} bytes")(scope, receive, send)
                return
        if await aside(_has_many_items, body, size=len(body)):
            await _too_large(f"{MAX_ITEMS} items of lists and objects")(scope, receive, send)
            return
        whole: Message | None = {"type": "http.request", "body": bytes(body)}

        async def replayed() -> Message:
            nonlocal whole
            if whole is None:
                return await receive()
            message, whole = whole, None
            return message

        await self._app(scope, replayed, send)


def _has_many_items(body: bytearray) -> bool:
    """Whether it may have more than ``MAX_ITEMS``, whatever text stands in its strings."""
    if _marks(body) <= MAX_ITEMS:
        return False
    return _marks(_STRING.sub(b"", body)) > MAX_ITEMS


def _marks(body: bytes | bytearray) -> int:
    return sum(body.count(mark) for mark in (b",", b"[", b"{"))


def _too_large(limit: str) -> JSONResponse:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    text = f"The local container takes bodies of up to {limit}: send less at once."
    return Refused(text, status=status, kind=status.phrase).response()
