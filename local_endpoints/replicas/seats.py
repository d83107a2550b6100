"""Replicas of one model share processes, in which each has a seat of its own.

What they share is the interpreter, the model and its batch. State, key, limits, settings, log and
end are each replica's own: one that is killed leaves the others alone. Only what kills the process
itself, as when memory is short, kills all of them, and each is replaced as it would be alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from local_endpoints.replicas.contained import ContainedReplica
from local_endpoints.replicas.container_process import lines_of, start_process
from local_endpoints.replicas.launcher import ContainerLauncher
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.process import STOP_SECONDS, ProcessReplica
from local_endpoints.replicas.replica import ReplicaOrder
from local_endpoints.replicas.wire import ended_line, is_ended_line, parse_seat_line

MOST_SEATS = 32
"""In one process: as many sequences fit into one batch of a text engine, and one interpreter has
enough to do with their connections."""
LOOK_SECONDS = 0.05


class SeatReplica(ContainedReplica):
    """A replica beside others in a process of this computer."""

    def __init__(
        self,
        order: ReplicaOrder,
        host: _Host,
        *,
        id: str,
        log: Log,
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(order, id=id, log=log, on_change=on_change)
        self._host = host
        self._seat = host.give_seat(self, order)

    def stop(self) -> None:
        """Begin to stop it; returns at once."""
        if not self._stopping:
            self._stopping = True
            self._host.stop(self._seat)

    def crash(self) -> None:
        """End it in the middle of whatever it does; returns at once."""
        self._host.crash(self._seat)


class _Host:
    """A process with seats. It ends with the last of them.

    Attributes:
        model: what it serves.
    """

    def __init__(self, model: tuple[str, Path]) -> None:
        self.model = model
        self._numbers = map(str, itertools.count(1))
        self._seats: dict[str, SeatReplica] = {}
        self._is_leaving = False
        self._process: asyncio.subprocess.Process | None = None
        self._unsaid: list[bytes] = []
        self._ends: set[asyncio.Task[None]] = set()
        self._task = asyncio.create_task(self._run())

    @property
    def has_room(self) -> bool:
        """Whether another replica can have a seat."""
        return not self._is_leaving and len(self._seats) < MOST_SEATS

    @property
    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._task.done()

    def give_seat(self, replica: SeatReplica, order: ReplicaOrder) -> str:
        """Start a replica. Returns: the number of its seat."""
        seat = next(self._numbers)
        self._seats[seat] = replica
        self._say(f"open {seat} ".encode() + order.to_line())
        return seat

    def stop(self, seat: str) -> None:
        """Begin to stop what has the seat. Where it does not end in time, its seat is lost, and
        with the last one the process is killed."""
        self._say(f"stop {seat}\n".encode())
        self._begin(self._end(seat))

    def crash(self, seat: str) -> None:
        """Let what has the seat die."""
        self._say(f"crash {seat}\n".encode())

    def stop_all(self) -> None:
        """Begin to stop everything."""
        for replica in list(self._seats.values()):
            replica.stop()

    async def ended(self) -> None:
        """Wait until the process is gone."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def _say(self, line: bytes) -> None:
        if self._process is None:
            self._unsaid.append(line)
        elif self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.write(line)

    async def _run(self) -> None:
        try:
            self._process = await start_process("seats")
        except OSError as error:
            how = f"container could not be started: {error.strerror}"
        else:
            assert self._process.stdin and self._process.stdout
            with contextlib.suppress(OSError):
                self._process.stdin.writelines(self._unsaid)
            async for line in lines_of(self._process.stdout):
                self._hear(line)
            how = ended_line(await self._process.wait())
        self._is_leaving = True
        for seat in list(self._seats):
            self._seats.pop(seat).ended(how)

    def _hear(self, line: str) -> None:
        seat, text = parse_seat_line(line)
        if seat in self._seats and is_ended_line(text):
            self._vacate(seat, text)
            return
        present = self._seats if not seat else {seat} & self._seats.keys()
        for each in present:
            self._seats[each].heard(text)

    def _vacate(self, seat: str, how: str) -> None:
        self._seats.pop(seat).ended(how)
        if not self._seats and not self._is_leaving:
            self._is_leaving = True
            self._begin(self._leave())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)

    async def _end(self, seat: str) -> None:
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        while seat in self._seats and asyncio.get_running_loop().time() < deadline:
            await asyncio.wait({self._task}, timeout=LOOK_SECONDS)
        if seat in self._seats:
            self._vacate(seat, "container did not stop")

    async def _leave(self) -> None:
        """End the process: it does so by itself when its input ends."""
        while self._process is None and not self.gone:
            await asyncio.sleep(LOOK_SECONDS)
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.wait({self._task}, timeout=STOP_SECONDS)
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


class SeatLauncher:
    """Starts replicas in processes that those of one model share, and can wait for all of them to
    be gone. A container whose engine is a server of its own has a process to itself.

    Args:
        alone: starts those that have a process to themselves, and keeps everybody's logs.
    """

    def __init__(self, alone: ContainerLauncher[ProcessReplica]) -> None:
        self._alone = alone
        self._hosts: list[_Host] = []

    def launch(
        self, order: ReplicaOrder, on_change: Callable[[], None]
    ) -> SeatReplica | ProcessReplica:
        """Start a replica; ``on_change`` is called at every change of its phase."""
        if order.bearer:
            return self._alone.launch(order, on_change)
        host = self._host((order.dialect, order.model_dir))
        id, log = self._alone.begin_log(order)
        return SeatReplica(order, host, id=id, log=log, on_change=on_change)

    def forget(self, endpoint_id: str) -> None:
        """Remove the logs of an endpoint that was deleted."""
        self._alone.forget(endpoint_id)

    async def stop_all(self) -> None:
        """Stop every replica and return when no process is left."""
        for host in self._hosts:
            host.stop_all()
        await asyncio.gather(self._alone.stop_all(), *(host.ended() for host in self._hosts))

    def _host(self, model: tuple[str, Path]) -> _Host:
        self._hosts = [host for host in self._hosts if not host.gone]
        for host in self._hosts:
            if host.model == model and host.has_room:
                return host
        self._hosts.append(_Host(model))
        return self._hosts[-1]
