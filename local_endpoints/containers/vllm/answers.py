"""What answers of all routes have in common."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import StreamingResponse

from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.http.sse import DONE, frame
from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.vllm.errors import worded
from local_endpoints.containers.vllm.fields import StreamOptions


@dataclass(frozen=True)
class Envelope:
    """The first fields of every answer and chunk to one request.

    Attributes:
        id: of the answer.
        model: the served name.
        created: when the request came, in seconds since 1970.
    """

    id: str
    model: str
    created: int = field(default_factory=lambda: int(time.time()))

    def fields(self, kind: str) -> dict[str, Any]:
        """Them, for an object of type ``kind``."""
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def random_id() -> str:
    """Sixteen hexadecimal digits."""
    return secrets.token_hex(8)


def answer_id(prefix: str, request: HttpRequest, given: str | None) -> str:
    """``X-Request-Id`` of the request, its ``request_id``, or a new one."""
    return f"{prefix}-{request.headers.get('x-request-id') or given or random_id()}"


@dataclass(frozen=True)
class Usage:
    """Tokens that were read and written."""

    prompt: int
    completion: int

    def counts(self) -> dict[str, Any]:
        """As streams write it."""
        return {
            "prompt_tokens": self.prompt,
            "total_tokens": self.prompt + self.completion,
            "completion_tokens": self.completion,
        }

    def whole(self) -> dict[str, Any]:
        """As whole answers write it."""
        return {
            **self.counts(),
            "prompt_tokens_details": None,
            "completion_tokens_details": None,
        }


def usage_wanted(options: StreamOptions | None, *, always: bool) -> tuple[bool, bool]:
    """Whether a stream ends with its usage, and whether every chunk has it."""
    if always:
        return True, True
    if options is None:
        return False, False
    wanted = bool(options.include_usage)
    return wanted, wanted and bool(options.continuous_usage_stats)


def stream(chunks: AsyncIterator[list[dict[str, Any]]]) -> StreamingResponse:
    """The events of a streamed answer: one per chunk, an error as the last one, the end mark.

    Args:
        chunks: those that come together.
    """

    async def events() -> AsyncIterator[bytes]:
        try:
            async for documents in chunks:
                yield b"".join(frame(encode(document)) for document in documents)
        except RequestError as error:
            yield frame(json.dumps(worded(error).body()))
        yield DONE

    return StreamingResponse(events(), media_type="text/event-stream")
