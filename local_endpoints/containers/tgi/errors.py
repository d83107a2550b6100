"""Refusals as TGI words them: router/src/infer/mod.rs and router/src/validation.rs."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from local_endpoints.containers.http.json_text import encode


@dataclass(eq=False)
class InferError(Exception):
    """A request that gets no answer.

    Attributes:
        status: HTTP status where no stream has begun.
        error_type: TGI's name for the kind.
        text: what went wrong.
    """

    status: int
    error_type: str
    text: str

    def __str__(self) -> str:
        return self.text

    def body(self) -> str:
        """The JSON that plain routes and their streams answer."""
        return encode({"error": self.text, "error_type": self.error_type})

    def chat_stream_body(self) -> str:
        """The JSON inside a chat stream; TGI writes 422 there whatever the kind."""
        return encode({"error": {"message": self.text, "http_status_code": 422}})

    def response(self) -> Response:
        """The answer where no stream has begun."""
        return Response(self.body(), self.status, media_type="application/json")


def validation(text: str) -> InferError:
    """A parameter or an input is not acceptable."""
    return InferError(422, "validation", f"Input validation error: {text}")


def template(text: str) -> InferError:
    """The chat template refuses the messages."""
    return InferError(422, "template_error", f"Template error: {text}")


def tool(text: str) -> InferError:
    """Tools cannot be used as asked."""
    return InferError(422, "tool_error", f"Tool error: {text}")


def generation(text: str) -> InferError:
    """The model failed; the router passes on what its server said."""
    return InferError(424, "generation", f"Request failed during generation: Server error: {text}")


def overloaded() -> InferError:
    """As many requests as allowed are in flight."""
    return InferError(429, "overloaded", "Model is overloaded")


def unhealthy() -> InferError:
    """The health probe failed."""
    return InferError(503, "healthcheck", "unhealthy")
