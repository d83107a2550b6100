"""Serving one ASGI application on a loopback port of the system's choice."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

from starlette.types import ASGIApp

from local_endpoints.door.server import DoorServer
from local_endpoints.replicas.wire import ready_line

HOST = "127.0.0.1"

MakeApp = Callable[[], Awaitable[ASGIApp]]


def serve(make_app: MakeApp) -> None:
    """Run until SIGTERM or SIGINT.

    Prints ``Listening on http://127.0.0.1:PORT`` once ``make_app`` is done and the port is open:
    like TGI, nothing listens before the model is ready.

    Args:
        make_app: makes the application on the event loop that it will run on.
    """
    run_loop(_serve(make_app))


def stand_by(listen: Callable[[], str]) -> None:
    """The same where another server does the work: announce it, and wait until SIGTERM or SIGINT.

    Args:
        listen: opens its port and returns the address.
    """
    url, ended = listen(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not before: while a model loads, nobody could listen, and the signal itself ends all.
        signal.signal(number, lambda number, frame: ended.set())
    # Its own log goes to the same place, from other threads and in pieces: a line must begin here.
    sys.stdout.write(f"\n{ready_line(url)}\n")
    sys.stdout.flush()
    # On Windows, a wait without end would not hear of a signal.
    while not ended.wait(1.0):
        pass


async def _serve(make_app: MakeApp) -> None:
    app = await make_app()
    # With the protocol named, asyncio does not delay small answers. (uvloop never does.)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((HOST, 0))
    await _Server(app).serve(sockets=[listener])


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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if sockets:
            print(ready_line(f"http://{HOST}:{sockets[0].getsockname()[1]}"), flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        yield

    def _stop(self, number: int, frame: object) -> None:
        self.should_exit = True
