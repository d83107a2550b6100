"""Server-sent events: an answer that is written while it is generated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Result = TypeVar("Result")

KEEP_ALIVE_SECONDS = 15.0
"""axum's ``KeepAlive::default()``."""

KEEP_ALIVE = b":\n\n"
DONE = b"data: [DONE]\n\n"


def frame(document: str) -> bytes:
    """One event whose data is a JSON document; axum 0.7 writes a space after the colon."""
    return f"data: {document}\n\n".encode()


class EventStream:
    """An ASGI answer that writes the chunks of an async iterator.

    Args:
        chunks: what to write, already framed; an empty chunk becomes a keep-alive comment when
            nothing was written for long enough.
        headers: beside content type and cache control.
        wake: makes the iterator yield an empty chunk; called while nothing comes.
        abandon: called once when the client is gone before the end.
        keep_alive: seconds of silence before a comment is written.
    """

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        *,
        headers: Mapping[str, str],
        wake: Callable[[], None],
        abandon: Callable[[], object],
        keep_alive: float = KEEP_ALIVE_SECONDS,
    ) -> None:
        self._chunks = chunks
        self._headers = {
            "content-type": "text/event-stream",
            "cache-control": "no-cache",
            **headers,
        }
        self._wake = wake
        self._abandon = abandon
        self._keep_alive = keep_alive
        self._silent = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the whole stream, or stop when the client is gone."""
        headers = [(key.encode(), value.encode("latin-1")) for key, value in self._headers.items()]
        watch = asyncio.create_task(watch_disconnect(receive, self._abandon))
        self._schedule_tick()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            async for chunk in self._chunks:
                self._silent = False
                body = chunk or KEEP_ALIVE
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except BaseException:
            # The write failed or the server is shutting down: nobody will read the rest.
            self._abandon()
            raise
        finally:
            self._timer.cancel()
            watch.cancel()

    def _schedule_tick(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._keep_alive, self._tick)

    def _tick(self) -> None:
        if self._silent:
            self._wake()
        self._silent = True
        self._schedule_tick()


async def watch_disconnect(receive: Receive, abandon: Callable[[], object]) -> None:
    """Call ``abandon`` when the client closes the connection; the body must have been read."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            abandon()
            return


class ClientGoneError(Exception):
    """The client closed the connection before its answer was ready."""


async def nobody_listens(request: Request, error: Exception) -> Response:
    """The client is gone; the status is for logs in front of this server only."""
    return Response(status_code=499)


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """Await ``work``, but cancel it when the client closes the connection.

    Raises:
        ClientGoneError: it did; whatever ``work`` held was released by its cancellation.
    """
    task = asyncio.create_task(work)
    watch = asyncio.create_task(watch_disconnect(receive, task.cancel))
    try:
        return await task
    except asyncio.CancelledError:
        if watch.done():
            raise ClientGoneError("the client closed the connection") from None
        task.cancel()
        raise
    finally:
        watch.cancel()
