"""What the log says of requests, and how much of them: no request fills it."""

from __future__ import annotations

import logging
from collections.abc import Container, Sequence

from starlette.requests import Request

logger = logging.getLogger(__name__)

NAMES = 8
NAME_CHARACTERS = 40
PATH_CHARACTERS = 100
TEXT_CHARACTERS = 300


def few(names: Sequence[str]) -> list[str]:
    """The beginnings of the first few names."""
    return [name[:NAME_CHARACTERS] for name in names[:NAMES]]


def shortened(text: str, *, limit: int = TEXT_CHARACTERS) -> str:
    """At most ``limit`` characters of a text, and how many there were."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text)} characters)"


def log_missing(request: Request, *, engine: str, known: Container[str]) -> None:
    """Say of a route that a container does not have whether the real server would have had it.

    The answer is that of the real server and tells nothing: whoever looks for the reason looks into
    the log.

    Args:
        request: the one that gets 404.
        engine: the real server's name.
        known: paths that it serves and this container does not.
    """
    path = request.url.path
    text = f"known to {engine}, not served here" if path in known else f"no route of {engine}"
    logger.warning("%s %r: %s", request.method, path[:PATH_CHARACTERS], text)
