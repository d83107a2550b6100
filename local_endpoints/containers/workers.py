"""Work that would hold up the event loop, done aside.

A few threads do it, of a pool of their own: a request that is given up leaves its work behind, and
so never more of it than these threads is in memory, however many requests come and go.
"""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

Result = TypeVar("Result")

WORKERS = 2
"""As many as TGI's router has validation workers by default."""

LARGE = 8_000
"""What reads as many bytes or characters is done aside. Less takes some milliseconds, and must not
wait for what takes seconds."""

HUGE = 100_000
"""What reads as many leaves much free memory behind."""

_POOL = ThreadPoolExecutor(WORKERS, "aside")


async def aside(work: Callable[..., Result], *given: Any, size: int = LARGE) -> Result:
    """What ``work`` returns, or raises.

    Args:
        work: does not hold Python's lock for long in one piece.
        given: its arguments.
        size: bytes or characters that it reads.
    """
    if size < LARGE:
        return work(*given)
    loop = asyncio.get_running_loop()
    context = contextvars.copy_context()  # whose work it is, for its log lines
    try:
        return await loop.run_in_executor(_POOL, partial(context.run, work, *given))
    finally:
        if size >= HUGE:
            loop.run_in_executor(_POOL, _give_memory_back)


def _give_memory_back() -> None:
    """glibc keeps what was freed, half a gigabyte after a picture; others have no such function."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (TypeError, OSError, AttributeError):
        return
    trim(0)
