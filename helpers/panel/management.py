"""The routes of the management API that the client has no method for, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from huggingface_hub import InferenceEndpoint, constants, get_session
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

from helpers.answers import plain_words
from helpers.errors import RefusedError

MISSING = (403, 404, 405, 501)
"""Answers that mean: not here, or not for this token."""


def read_log(endpoint: InferenceEndpoint, *, lines: int) -> list[str]:
    """The newest lines of its container's log.

    Raises:
        RefusedError, UnreachableError: it cannot be read.
    """
    with _in_words(endpoint, "its log"):
        response = get_session().get(
            f"{_address(endpoint)}/logs", params={"tail": lines}, headers=build_hf_headers()
        )
        hf_raise_for_status(response)
    return str(response.text).splitlines()


def read_graph(
    endpoint: InferenceEndpoint, graph: str, *, seconds: float, stop: datetime
) -> dict[str, Any]:
    """What the gateway counted.

    Args:
        graph: the last part of the graph's route, for example ``response-elapsed``.
        seconds: how far to look back.
        stop: from when, on the service's clock.

    Raises:
        RefusedError, UnreachableError: it cannot be read.
    """
    period = {"start": stop - timedelta(seconds=seconds), "stop": stop}
    body = {name: f"{time:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z" for name, time in period.items()}
    with _in_words(endpoint, "its analytics"):
        response = get_session().post(
            f"{_address(endpoint)}/metrics/{graph}", json=body, headers=build_hf_headers()
        )
        hf_raise_for_status(response)
        found: dict[str, Any] = response.json()
    return found


def last_heard_of(endpoint: InferenceEndpoint) -> datetime:
    """The latest time of which the service has spoken: the local one's clock may have been put
    forward."""
    told = endpoint.raw["status"].get("lastUsedAt")
    used = datetime.fromisoformat(told.replace("Z", "+00:00")) if told else endpoint.updated_at
    return max(used, endpoint.updated_at)


def _address(endpoint: InferenceEndpoint) -> str:
    return f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/{endpoint.namespace}/{endpoint.name}"


@contextmanager
def _in_words(endpoint: InferenceEndpoint, what: str) -> Iterator[None]:
    """A route that is missing is no fault of whoever looks."""
    try:
        with plain_words(f"reading {what}"):
            yield
    except RefusedError as refusal:
        if refusal.status not in MISSING:
            raise
        raise RefusedError(
            f"{endpoint.name}: this service does not show {what} by its API, or not to this token "
            f"({refusal.status}). On the real one, look at it in the web interface",
            status=refusal.status,
        ) from None
