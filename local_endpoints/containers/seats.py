"""One process for many containers of a model: ``python -m local_endpoints.containers seats``.

Each has its own settings, key, limits, counters and log lines. They share the engine, as far as
their limits allow one batch, and a port: the key says whose request it is. What the service writes
on standard input, and how it is answered, is in ``replicas/wire.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from local_endpoints.containers.answered import Answered
from local_endpoints.containers.key import WRONG_KEY
from local_endpoints.containers.parent import STDIN
from local_endpoints.containers.server import HOST, run_loop
from local_endpoints.door.connection import ABORT
from local_endpoints.door.limits import Limits
from local_endpoints.door.server import DoorServer
from local_endpoints.replicas.wire import (
    KEY_HEADER,
    ConfigurationError,
    ContainerSettings,
    ended_line,
    ready_line,
    seat_line,
)

GRACE_SECONDS = 1.0
"""How long open answers may go on when a seat is given up, as when a process ends."""
LOOK_SECONDS = 0.02
KILLED = -9
"""The code of a process that was killed."""
LIMITS = Limits(connections=8 * Limits.connections)

_SEAT: ContextVar[str] = ContextVar("seat", default="")
_KEY_HEADER = KEY_HEADER.encode()


class Container(Protocol):
    """What has a seat; see ``containers.__main__``."""

    async def start(self) -> ASGIApp:
        """Load and warm the model; returns the application."""
        ...

    def stop(self) -> None:
        """Give up the engine."""
        ...


Make = Callable[[ContainerSettings], Container]


def run(make: Make) -> None:
    """Serve seats until standard input ends, which ends the process at once.

    Args:
        make: makes the containers, each of which may raise ``ConfigurationError``.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_OfASeat("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    run_loop(_serve(make))


async def _serve(make: Make) -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((HOST, 0))
    seats = Seats(make, url=f"http://{HOST}:{listener.getsockname()[1]}")
    server = _Server(seats, limits=LIMITS)
    loop = asyncio.get_running_loop()

    def read() -> None:
        with open(STDIN, "rb", closefd=False) as lines:
            for line in lines:
                loop.call_soon_threadsafe(seats.told, line)
        os._exit(0)

    threading.Thread(target=read, name="parent-watch", daemon=True).start()
    await server.serve(sockets=[listener])


class _Server(DoorServer):
    """Leaves signals to the system: there is nothing to end that the pipe would not."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class _Seat:
    number: str
    app: ASGIApp | None = None
    aborts: list[Callable[[], None]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None
    leave: asyncio.Event = field(default_factory=asyncio.Event)
    is_killed: bool = False


class Seats:
    """ASGI application of all seats; passes a request on to the one whose key it has.

    Args:
        make: makes the containers.
        url: where this is served.
    """

    def __init__(self, make: Make, *, url: str) -> None:
        self._make = make
        self._url = url
        self._seats: dict[str, _Seat] = {}
        self._by_key: dict[bytes, _Seat] = {}
        self._former_keys: set[bytes] = set()

    def told(self, line: bytes) -> None:
        """Do what a line of the service says."""
        verb, number, *rest = line.split(b" ", 2)
        name = number.strip().decode()
        if verb == b"open":
            new = self._seats[name] = _Seat(name)
            new.task = asyncio.create_task(self._occupy(new, rest[0]))
        elif seat := self._seats.get(name):
            seat.is_killed = verb == b"crash"
            seat.leave.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        digest = _digest_of_key(scope)
        seat = self._by_key.get(digest)
        abort = scope["extensions"][ABORT]["abort"]
        if seat is None or seat.app is None:
            if digest in self._former_keys:
                # As where a process has ended: its clients find nobody.
                abort()
            else:
                await PlainTextResponse(WRONG_KEY, 403)(scope, receive, send)
            return
        _SEAT.set(seat.number)
        seat.aborts.append(abort)
        try:
            await seat.app(scope, receive, send)
        finally:
            seat.aborts.remove(abort)

    async def _occupy(self, seat: _Seat, settings: bytes) -> None:
        """A seat's whole life."""
        _SEAT.set(seat.number)
        life = asyncio.create_task(self._live(seat, settings))
        leaving = asyncio.create_task(seat.leave.wait())
        await asyncio.wait({life, leaving}, return_when=asyncio.FIRST_COMPLETED)
        life.cancel()
        (code,) = await asyncio.gather(life, return_exceptions=True)
        leaving.cancel()
        if not isinstance(code, int):
            code = KILLED if seat.is_killed else 0
        del self._seats[seat.number]
        _say(ended_line(code))

    async def _live(self, seat: _Seat, settings: bytes) -> int:
        """Start its container and let it answer until the task is cancelled. Returns: the exit
        code of one that cannot start."""
        container, key = None, b""
        try:
            parsed = ContainerSettings.parse(settings)
            container = self._make(parsed)
            seat.app = Answered(await container.start())
            key = _digest(parsed.replica_key.encode())
            self._by_key[key] = seat
            _say(ready_line(self._url, parsed.replica_key))
            await asyncio.Event().wait()
            return 0
        except ConfigurationError as error:
            _say(f"Error: {error}")
            return 1
        except Exception:
            _say(traceback.format_exc())
            return 1
        finally:
            await self._vacate(seat, key)
            if container is not None:
                container.stop()

    async def _vacate(self, seat: _Seat, key: bytes) -> None:
        if self._by_key.pop(key, None) is not None:
            self._former_keys.add(key)
        deadline = asyncio.get_running_loop().time() + GRACE_SECONDS
        while seat.aborts and not seat.is_killed and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
        for abort in list(seat.aborts):
            abort()


class _OfASeat(logging.Formatter):
    """Puts the seat before every line."""

    def format(self, record: logging.LogRecord) -> str:
        return _about_seat(super().format(record))


def _about_seat(text: str) -> str:
    return "\n".join(seat_line(_SEAT.get(), line) for line in text.splitlines())


def _say(text: str) -> None:
    print(_about_seat(text), flush=True)


def _digest_of_key(scope: Scope) -> bytes:
    given = [value for name, value in scope["headers"] if name == _KEY_HEADER]
    return _digest(given[0]) if len(given) == 1 else b""


def _digest(key: bytes) -> bytes:
    """Keys are looked up by their hash: how long that takes tells nothing of them."""
    return hashlib.sha256(key).digest()
