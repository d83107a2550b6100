"""Pages of a list, and the cursors that lead from one to the next."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from local_endpoints.errors import bad_request

T = TypeVar("T")


def page(items: Sequence[T], *, cursor: str, size: int) -> tuple[Sequence[T], str | None]:
    """The page that the cursor leads to, the first if it is empty; and the cursor of the next one,
    None after the last. Raises: ApiError 400 for a cursor that is none."""
    start = _decoded(cursor)
    stop = start + size
    return items[start:stop], _encoded(stop) if stop < len(items) else None


def _encoded(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode()


def _decoded(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        start = int(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError):
        start = -1
    if start < 0:
        raise bad_request("cursor is not one of this service's")
    return start
