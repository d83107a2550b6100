"""What the router's answers have in common: their headers, and JSON in serde's spelling."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.text.generation import Answer
from local_endpoints.engine.text.request import Token


def token_object(token: Token) -> dict[str, Any]:
    """A generated token as the router writes it."""
    return {
        "id": token.id,
        "text": token.text,
        "logprob": token.logprob,
        "special": token.special,
    }


def answer_headers(
    answer: Answer, *, arrived: float, ended: float, inputs: str, compute_type: str
) -> dict[str, str]:
    """Headers of a whole answer: times in milliseconds, except ``x-compute-time`` in seconds."""
    queued, started = answer.request.queued_at, answer.request.started_at
    generated = answer.finish.generated_tokens
    return {
        "x-compute-type": compute_type,
        "x-compute-time": f"{ended - arrived:.9f}",
        "x-compute-characters": str(len(inputs)),
        "x-total-time": _milliseconds(ended - arrived),
        "x-validation-time": _milliseconds(queued - arrived),
        "x-queue-time": _milliseconds(started - queued),
        "x-inference-time": _milliseconds(ended - started),
        "x-time-per-token": _milliseconds((ended - started) / generated),
        "x-prompt-tokens": str(len(answer.request.prompt)),
        "x-generated-tokens": str(generated),
    }


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


def json_response(document: Any, headers: dict[str, str]) -> Response:
    """A JSON answer in serde's spelling."""
    return Response(encode(document), headers=headers, media_type="application/json")


def stream_headers(inputs: str, *, compute_type: str) -> dict[str, str]:
    """Headers of a streamed answer, beside those of every event stream."""
    return {
        "x-compute-type": compute_type,
        "x-compute-characters": str(len(inputs)),
        "x-accel-buffering": "no",
    }
