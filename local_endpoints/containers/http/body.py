"""Reading a request's body: up to a limit, and the way axum's ``Json`` extractor does."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from local_endpoints.containers.http.serde import BodyError, Reader, read
from local_endpoints.containers.workers import aside


async def read_json(request: Request, reader: Reader, *, limit: int) -> Any:
    """The request's body, parsed and read.

    Args:
        request: its body must not have been read.
        reader: what the body must look like.
        limit: bytes accepted, counted as they arrive.

    Raises:
        BodyError: 415 for another content type, 413 for too many bytes, 400 for text that is no
            JSON, 422 for JSON that does not fit; in this order.
    """
    if not _is_json(request.headers.get("content-type", "")):
        raise BodyError(415, "Expected request with `Content-Type: application/json`")
    body = await read_bytes(request, limit=limit)
    return await aside(read, body, reader, size=len(body))


def _is_json(content_type: str) -> bool:
    mime = content_type.partition(";")[0].strip().lower()
    kind, _, subtype = mime.partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


async def read_bytes(request: Request, *, limit: int) -> bytes:
    """The request's body as it comes.

    Args:
        request: its body must not have been read.
        limit: bytes accepted, counted as they arrive.

    Raises:
        BodyError: 413 for too many bytes.
    """
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyError(413, "Failed to buffer the request body: length limit exceeded")
        chunks.append(chunk)
    return b"".join(chunks)
