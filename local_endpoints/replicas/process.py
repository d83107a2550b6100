"""One process per replica: start it, watch it, read its log, stop it.

A container process gets its settings as one JSON line on standard input, so that neither secrets
nor keys show up in a process list. The pipe stays open for as long as the service lives: when the
service is gone, however it went, the container reads end-of-file and exits.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from local_endpoints.clock import Clock
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.log_file import LogFiles
from local_endpoints.replicas.replica import Phase, ReplicaOrder, new_replica_id
from local_endpoints.replicas.wire import parse_ready_line
from local_endpoints.telemetry import TELEMETRY_OFF

MAX_LINE_BYTES = 1_000_000
STOP_SECONDS = 3.0
HEALTH_SECONDS = 0.05


class ProcessReplica:
    """A replica in a process of its own on this computer. See ``Replica`` for the attributes."""

    def __init__(
        self, order: ReplicaOrder, *, id: str, log: Log, on_change: Callable[[], None]
    ) -> None:
        self.id = id
        self.log = log
        self.phase: Phase = "starting"
        self.url = ""
        self.headers: Mapping[str, str] = order.key_headers
        self.withheld: Collection[str] = ()
        self.in_flight = 0
        self._order = order
        self._on_change = on_change
        self._stopping = False
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
            self._process = await self._start()
        except OSError as error:
            # No descriptor, process or memory is left.
            end = f"container could not be started: {error.strerror}"
        else:
            end = f"container exited with code {await self._watch(self._process)}"
        self.log.close_file()
        if not self._stopping:
            self.log.write(end)
            self.phase = "exited"
            self._on_change()

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "local_endpoints.containers"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=MAX_LINE_BYTES,
            env={**os.environ, **TELEMETRY_OFF},
            # A Ctrl-C in the service's terminal must not kill containers behind its back.
            **_own_process_group(),
        )

    async def _watch(self, process: asyncio.subprocess.Process) -> int:
        """Give it its settings and read its log until it ends. Returns: its exit code."""
        assert process.stdin and process.stdout
        with contextlib.suppress(OSError):
            process.stdin.write(self._order.to_line())
            await process.stdin.drain()
        health: asyncio.Task[None] | None = None
        async for line in _lines(process.stdout):
            self.log.write(line)
            url = parse_ready_line(line)
            if url is not None and health is None:
                self.url = url
                health = asyncio.create_task(self._become_ready())
        code = await process.wait()
        if health is not None:
            health.cancel()
        return code

    async def _become_ready(self) -> None:
        await healthy(self.url, self._order)
        self.phase = "ready"
        self._on_change()

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


async def healthy(url: str, order: ReplicaOrder) -> None:
    """Wait until the container at the address says that it is."""
    async with aiohttp.ClientSession(headers=order.key_headers) as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError, OSError):
                async with session.get(f"{url}/{order.health_route.lstrip('/')}") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(HEALTH_SECONDS)


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
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


class ProcessLauncher:
    """Starts container processes and can wait for all of them to be gone.

    Args:
        log_dir: folder for the logs; see ``LogFiles``.
        clock: the one clock.

    Raises:
        OSError: the folder cannot be used.
    """

    def __init__(self, log_dir: Path, *, clock: Clock) -> None:
        self._files = LogFiles(log_dir)
        self._clock = clock
        self._replicas: list[ProcessReplica] = []

    def launch(self, order: ReplicaOrder, on_change: Callable[[], None]) -> ProcessReplica:
        """Start a replica; ``on_change`` is called at every change of its phase."""
        self._replicas = [replica for replica in self._replicas if not replica.gone]
        id = new_replica_id()
        file = self._files.begin(f"{order.log_name}-{id}", endpoint_id=order.endpoint_id)
        log = Log(self._clock, file)
        replica = ProcessReplica(order, id=id, log=log, on_change=on_change)
        self._replicas.append(replica)
        return replica

    def forget(self, endpoint_id: str) -> None:
        """Remove the logs of an endpoint that was deleted."""
        self._files.forget(endpoint_id)

    async def stop_all(self) -> None:
        """Stop every replica and return when no process is left."""
        for replica in self._replicas:
            replica.stop()
        await asyncio.gather(*(replica.stopped() for replica in self._replicas))
