"""One process per replica: start it, watch it, read its log, stop it.

A container process gets its settings as one JSON line on standard input, so that neither secrets
nor keys show up in a process list. The pipe stays open for as long as the service lives: when the
service is gone, however it went, the container reads end-of-file and exits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from local_endpoints.replicas.contained import ContainedReplica
from local_endpoints.replicas.container_process import lines_of, start_process
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.replica import ReplicaOrder
from local_endpoints.replicas.wire import ended_line

STOP_SECONDS = 3.0


class ProcessReplica(ContainedReplica):
    """A replica in a process of its own on this computer."""

    def __init__(
        self, order: ReplicaOrder, *, id: str, log: Log, on_change: Callable[[], None]
    ) -> None:
        super().__init__(order, id=id, log=log, on_change=on_change)
        self._process: asyncio.subprocess.Process | None = None
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Begin to stop the process; returns at once."""
        if not self._stopping:
            self._stopping = True
            self._stop_task = asyncio.create_task(self._stop())

    def crash(self) -> None:
        """Kill the process, as the system does when memory is short; returns at once."""
        self._crash_task = asyncio.create_task(self._crash())

    @property
    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._task.done()

    async def stopped(self) -> None:
        """Wait until the process is gone."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        try:
            self._process = await start_process()
        except OSError as error:
            self.ended(f"container could not be started: {error.strerror}")
        else:
            self.ended(ended_line(await self._watch(self._process)))

    async def _watch(self, process: asyncio.subprocess.Process) -> int:
        """Give it its settings and read its log until it ends. Returns: its exit code."""
        assert process.stdin and process.stdout
        with contextlib.suppress(OSError):
            process.stdin.write(self._order.to_line())
            await process.stdin.drain()
        async for line in lines_of(process.stdout):
            self.heard(line)
        return await process.wait()

    async def _started(self) -> asyncio.subprocess.Process | None:
        """Its process, as soon as there is one; ``None`` if it has ended."""
        while self._process is None and not self._task.done():
            await asyncio.sleep(0.01)
        process = self._process
        return process if process is not None and process.returncode is None else None

    async def _crash(self) -> None:
        process = await self._started()
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    async def _stop(self) -> None:
        process = await self._started()
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except asyncio.TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
