"""An error that was answered is over."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)


class Answered:
    """ASGI wrapper that writes an error into the log whose answer, a 500, is complete.

    Starlette raises it again for the server to see. uvicorn would close the connection then,
    without having said so, and the gateway would lose the next request that it sends there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        is_complete = False

        async def watched(message: Message) -> None:
            nonlocal is_complete
            await send(message)
            is_complete = message["type"] == "http.response.body" and not message.get("more_body")

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if not is_complete:
                raise
            logger.exception("%s %s failed", scope["method"], scope["path"])
