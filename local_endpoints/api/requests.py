"""What the routes need from a request: its token and its JSON body, or a proper refusal."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from local_endpoints.access import Token
from local_endpoints.api.context import Context
from local_endpoints.errors import ApiError, bad_request

MAX_BODY_BYTES = 1_000_000
MAX_NESTING = 32
_TIME = TypeAdapter(AwareDatetime)
# Not the first and last years that Python knows: in other zones they are others.
_LOOKS_LIKE_TIME = re.compile(r"[12]\d{3}-\d\d-\d\d[Tt ]", re.ASCII)


async def authenticate(request: Request, context: Context) -> Token:
    """The caller's token. Raises: ApiError 401, or what a directory raises."""
    return await context.access.identify(request.headers.get("authorization"))


async def authenticated(request: Request, context: Context) -> Token | None:
    """The caller's token where none is needed; None for one that is not known, too."""
    try:
        return await context.access.identify(request.headers.get("authorization"))
    except ApiError:
        return None


Caller = Annotated[Token, Depends(authenticate)]


async def json_object(request: Request, _: Caller) -> dict[str, Any]:
    """The body as a JSON object. Nobody's body is read before the token is known.

    Raises:
        ApiError: 401 without a known token, 415 without a JSON content type, 413 above 1 MB
            (counted on received bytes), 400 when it is no JSON object.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise ApiError(415, "Expected request with `Content-Type: application/json`")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ApiError(413, f"length limit of {MAX_BODY_BYTES} bytes exceeded")
    try:
        value = json.loads(body)
    except RecursionError:
        raise bad_request("Failed to parse the request body as JSON: too deep") from None
    except ValueError as error:
        raise bad_request(f"Failed to parse the request body as JSON: {error}") from None
    if not isinstance(value, dict) or _depth(value) > MAX_NESTING:
        raise bad_request("Failed to parse the request body as JSON: expected an object")
    try:
        # Python reads more than JSON can say: NaN, infinity and halves of surrogate pairs would
        # come back as answers that nobody can encode.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise bad_request(f"Failed to parse the request body as JSON: {error}") from None
    return value


Body = Annotated[dict[str, Any], Depends(json_object)]


def whole_number(text: str, name: str, *, most: int) -> int:
    """A query parameter from 1 to ``most``. Raises: ApiError 400."""
    if not text.isdecimal() or len(text) > len(str(most)) or not 1 <= int(text) <= most:
        raise bad_request(f"{name} must be from 1 to {most}")
    return int(text)


def moment(text: object, name: str) -> float:
    """A time in seconds since the epoch, from how RFC 3339 writes it. Raises: ApiError 400."""
    if isinstance(text, str) and _LOOKS_LIKE_TIME.match(text):
        with contextlib.suppress(ValidationError):
            return _TIME.validate_python(text).timestamp()
    raise bad_request(f"{name} must be a time such as 2026-11-26T18:30:00Z")


def _depth(value: object) -> int:
    """Nesting depth, without recursion: hostile bodies must not exhaust the stack."""
    deepest, level = 0, [value]
    while level and deepest <= MAX_NESTING:
        deepest += 1
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return deepest
