"""What the log says of a request for a route that a container does not have.

The answer is that of the real server and tells nothing; whoever looks for the reason looks here.
"""

from __future__ import annotations

import logging
from collections.abc import Container

from starlette.requests import Request

from local_endpoints.containers.http.logged import PATH_CHARACTERS

logger = logging.getLogger(__name__)


def log_missing(request: Request, *, engine: str, known: Container[str]) -> None:
    """Say whether the real server would have had the route.

    Args:
        request: the one that gets 404.
        engine: the real server's name.
        known: paths that it serves and this container does not.
    """
    path = request.url.path
    text = f"known to {engine}, not served here" if path in known else f"no route of {engine}"
    logger.warning("%s %r: %s", request.method, path[:PATH_CHARACTERS], text)
