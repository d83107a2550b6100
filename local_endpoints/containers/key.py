"""Only the gateway may talk to a container: every request carries the replica's key."""

from __future__ import annotations

import hmac

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from local_endpoints.replicas.wire import KEY_HEADER

WRONG_KEY = "The replica's key is missing or wrong."

_KEY_HEADER = KEY_HEADER.encode()


class RequireKey:
    """ASGI wrapper that answers 403 to requests without the right ``x-replica-key``.

    Users on one machine share the loopback interface, so that binding to it is no protection.
    """

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check HTTP requests, pass everything else on."""
        if scope["type"] == "http" and not self._allowed(scope):
            refusal = PlainTextResponse(WRONG_KEY, 403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == _KEY_HEADER]
        return len(given) == 1 and hmac.compare_digest(given[0], self._key)
