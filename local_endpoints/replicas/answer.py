"""A replica's answer, and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from local_endpoints.replicas.replica import Replica

LOOK_SECONDS = 0.5
"""Between two looks whether a replica that has not answered is still there."""


@asynccontextmanager
async def answer_of(
    replica: Replica, request: Coroutine[Any, Any, aiohttp.ClientResponse]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Send the request. Returns: the replica's answer, as soon as its head is there.

    Where a proxy stands in between, that may answer for a replica that is gone, or hold the
    request until there is another. Both count as a connection that breaks.

    Raises:
        aiohttp.ClientError: the replica does not answer.
    """
    waiting = asyncio.ensure_future(request)
    try:
        while not (await asyncio.wait({waiting}, timeout=LOOK_SECONDS))[0]:
            if replica.phase == "exited":
                raise aiohttp.ClientConnectionError("it died before it answered")
        async with waiting.result() as answer:
            if replica.signature and replica.signature not in answer.headers:
                raise aiohttp.ClientConnectionError(f"{answer.status} was said in its place")
            yield answer
    finally:
        if not waiting.cancel() and not waiting.cancelled() and waiting.exception() is None:
            waiting.result().close()  # it came when the caller was being cancelled
