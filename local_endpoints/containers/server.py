"""Serving one ASGI application on a loopback port of the system's choice."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from queue import Empty, SimpleQueue
from typing import Any

from starlette.types import ASGIApp

from local_endpoints.door.server import DoorServer
from local_endpoints.replicas.wire import ready_line

HOST = "127.0.0.1"

MakeApp = Callable[[], Awaitable[ASGIApp]]


def serve(make_app: MakeApp, *, key: str) -> None:
    """Run until SIGTERM or SIGINT.

    Prints the line of ``wire.ready_line`` once ``make_app`` is done and the port is open: like TGI,
    nothing listens before the model is ready.

    Args:
        make_app: makes the application on the event loop that it will run on.
        key: the replica's.
    """
    run_loop(_serve(make_app, key))


def stand_by(listen: Callable[[], str], *, key: str) -> None:
    """The same where another server does the work: announce it, and wait until SIGTERM or SIGINT.

    Args:
        listen: opens its port and returns the address.
        key: the replica's.
    """
    url, told = listen(), SimpleQueue[int]()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not before: while a model loads, nobody could listen, and the signal itself ends all.
        # No Event: its `set`, in the middle of its own `wait`, would wait for itself.
        signal.signal(number, lambda number, frame: told.put(number))
    # Its own log goes to the same place, from other threads and in pieces: a line must begin here.
    sys.stdout.write(f"\n{ready_line(url, key)}\n")
    sys.stdout.flush()
    while True:
        # On Windows, a wait without end would not hear of a signal.
        with contextlib.suppress(Empty):
            told.get(timeout=1.0)
            return


async def _serve(make_app: MakeApp, key: str) -> None:
    app = await make_app()
    # With the protocol named, asyncio does not delay small answers. (uvloop never does.)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((HOST, 0))
    await _Server(app, key).serve(sockets=[listener])


def run_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run to the end, on the fastest loop there is."""
    try:
        import uvloop
    except ImportError:
        # There is none for Windows.
        asyncio.run(main)
    else:
        uvloop.run(main)


class _Server(DoorServer):
    """Announces its port, and ends with exit code 0 on a signal.

    uvicorn's own handler raises the signal again after the shutdown.
    """

    def __init__(self, app: ASGIApp, key: str) -> None:
        super().__init__(app)
        self._key = key

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if sockets:
            url = f"http://{HOST}:{sockets[0].getsockname()[1]}"
            print(ready_line(url, self._key), flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        yield

    def _stop(self, number: int, frame: object) -> None:
        self.should_exit = True
