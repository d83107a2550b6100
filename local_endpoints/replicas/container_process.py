"""The process of containers, as the service sees it: how it starts, and what it says."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

from local_endpoints.telemetry import TELEMETRY_OFF

MAX_LINE_BYTES = 1_000_000


async def start_process(*arguments: str) -> asyncio.subprocess.Process:
    """Start ``python -m local_endpoints.containers``, with pipes.

    Raises:
        OSError: no descriptor, process or memory is left.
    """
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local_endpoints.containers", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=MAX_LINE_BYTES,
        env={**os.environ, **TELEMETRY_OFF},
        # A Ctrl-C in the service's terminal must not kill containers behind its back.
        **_own_process_group(),
    )


async def lines_of(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """The lines of a log. One that is too long is left out: the log must go on being read, or
    the container would block when the pipe is full."""
    while True:
        try:
            raw = await stream.readline()
        except ValueError:
            yield f"(a line of more than {MAX_LINE_BYTES} bytes is left out)"
            continue
        if not raw:
            return
        yield raw.decode("utf-8", "replace").rstrip()


def _own_process_group() -> dict[str, Any]:
    if sys.platform == "win32":
        import subprocess

        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
