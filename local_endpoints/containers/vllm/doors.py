"""What stands before the routes: the server's own API keys, and a limit of the body."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GUARDED = ("/v1", "/v2", "/inference", "/cohere")
"""Paths that need a key where there is one (entrypoints/serve/middleware/authenticate.py)."""

MAX_BODY_BYTES = 16 * 1024 * 1024
"""The real server has no limit of its own."""


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
    """413 for bodies of more than ``MAX_BODY_BYTES``, counted as they arrive."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY_BYTES:
                # The only kind of exception that FastAPI lets through while it reads a body.
                raise HTTPException(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The local container takes bodies of up to {MAX_BODY_BYTES} bytes: send "
                    "less at once.",
                )
            return message

        await self._app(scope, counted, send)
