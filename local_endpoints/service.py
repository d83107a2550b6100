"""The service process: one per state directory, found through ``service.json``."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from filelock import BaseFileLock, FileLock, Timeout

from local_endpoints.access import ACCOUNTS_FILE, Accounts, Directory
from local_endpoints.access.jupyterhub import JupyterHub
from local_endpoints.address import Address
from local_endpoints.app import make_app
from local_endpoints.client import POLL_SECONDS, START_SECONDS, find_running, mute
from local_endpoints.clock import Clock, SystemClock
from local_endpoints.control_plane.store import Store
from local_endpoints.door.server import DoorServer
from local_endpoints.environment import without_tokens
from local_endpoints.errors import ServiceError
from local_endpoints.replicas.kinds import Kinds
from local_endpoints.replicas.launcher import ContainerLauncher
from local_endpoints.replicas.process import ProcessReplica
from local_endpoints.replicas.ray_cluster import RayCluster, ray_cluster
from local_endpoints.replicas.replica import Launcher
from local_endpoints.replicas.seats import SeatLauncher
from local_endpoints.replicas.upstream import UpstreamLauncher
from local_endpoints.repositories import REPOSITORIES
from local_endpoints.shelf import Shelf
from local_endpoints.state_dir import (
    SERVICE_FILE,
    SERVICE_LOCK,
    make_state_dir,
    unusable,
    write_private,
)

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.05
OWNER_SECONDS = 0.5
ACCOUNTS_HINT = "Its users' tokens: python -m local_endpoints tokens add"
HOST = "127.0.0.1"
EVERYWHERE = "0.0.0.0"


@dataclass(frozen=True)
class ServiceOptions:
    """How to serve.

    Attributes:
        state_dir: folder of everything the service writes; made with mode 0700 if missing.
        port: 0 for the port of the last run if it is free, else any.
        minute: seconds of a local minute.
        owner: process on whose behalf the service runs; ``None`` to run until told to stop.
        shared: whether others than the operator, whom nobody may know, reach it.
        host: IPv4 address to listen at, besides the loopback one.
        url: what clients write in place of the loopback address; see ``address``.
        replicas: what places containers: ``process`` on this computer, or ``ray``.
        ray_address: of the Ray cluster; ``None`` to start Ray on this computer.
        jupyterhub: whether the users of the JupyterHub whose service this is have access.
    """

    state_dir: Path
    port: int = 0
    minute: float = 1.0
    owner: int | None = None
    shared: bool = False
    host: str = HOST
    url: str | None = None
    replicas: str = "process"
    ray_address: str | None = None
    jupyterhub: bool = False


def serve(options: ServiceOptions) -> None:
    """Run the service until it is stopped, or return at once when the state directory has one.

    The first line on standard output is ``Local Inference Endpoints at http://127.0.0.1:PORT``.

    Raises:
        ServiceError: the port is taken, the state directory cannot be used, another service
            holds it but does not answer, or Ray or a JupyterHub is wanted and not there.
    """
    directory = JupyterHub.of_environment() if options.jupyterhub else None
    make_state_dir(options.state_dir)
    lock = FileLock(options.state_dir / SERVICE_LOCK, mode=0o600, blocking=False)
    deadline = time.monotonic() + START_SECONDS
    while not _acquire(lock, options.state_dir):
        # Another process is the service, or is about to be, or has just been, or it only looks
        # whether there is one.
        info = find_running(options.state_dir)
        if info is not None:
            print(f"Local Inference Endpoints at {info.url}")
            print(f"It was running already, as process {info.pid}.", flush=True)
            return
        if time.monotonic() > deadline:
            raise mute(options.state_dir)
        time.sleep(POLL_SECONDS)
    # uvicorn raises the signal again after it has ended everything properly.
    with lock, contextlib.suppress(KeyboardInterrupt):
        _forget_tokens(options.state_dir)
        with _cluster(options) as cluster:
            try:
                service = _Service(options, cluster, directory)
            except OSError as error:
                raise unusable(options.state_dir, error) from None
            asyncio.run(service.run())


def _cluster(options: ServiceOptions) -> contextlib.AbstractContextManager[RayCluster | None]:
    if options.replicas == "ray":
        return ray_cluster(options.state_dir, options.ray_address)
    return contextlib.nullcontext()


def _acquire(lock: BaseFileLock, state_dir: Path) -> bool:
    try:
        lock.acquire()
    except Timeout:
        return False
    except OSError as error:
        raise unusable(state_dir, error) from None
    return True


def _forget_tokens(state_dir: Path) -> None:
    """Whoever starts the service by hand may have a real token in the environment, which replicas
    would inherit."""
    environment = without_tokens(state_dir)
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)


class _Server(DoorServer):
    """Ends properly when its terminal is closed, too. Under ``nohup`` a terminal does not
    matter."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            if sys.platform == "win32" or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
                yield
                return
            before = signal.signal(signal.SIGHUP, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(signal.SIGHUP, before)


class _Service:
    """Raises: OSError when the state directory does not take what has to be written there."""

    def __init__(
        self, options: ServiceOptions, cluster: RayCluster | None, directory: Directory | None
    ) -> None:
        self._options = options
        self._service_file = options.state_dir / SERVICE_FILE
        # The description that a killed predecessor left has the right address, but a wrong pid.
        self._service_file.unlink(missing_ok=True)
        self._clock = SystemClock(options.minute)
        REPOSITORIES.shelf = Shelf(options.state_dir)
        self._store = Store(options.state_dir / "state.sqlite3", self._clock)
        self._store.load()
        self._launcher = Kinds(
            process=_containers(options, cluster, clock=self._clock),
            upstream=UpstreamLauncher(clock=self._clock),
        )
        self._sockets = _bind(options.host, options.port, preferred=self._store.port)
        port: int = self._sockets[0].getsockname()[1]
        self._address = Address(port, options.url)
        self._store.begin(port=port)
        self._app = make_app(
            store=self._store,
            launcher=self._launcher,
            clock=self._clock,
            address=self._address,
            stop=self._stop,
            keep=options.owner is None,
            accounts=Accounts(options.state_dir / ACCOUNTS_FILE),
            directory=directory,
            shared=options.shared,
        )
        self._app.api.router.lifespan_context = self._lifespan
        self._context = self._app.context
        description = {
            "url": self._address.local,
            "pid": os.getpid(),
            "token": self._context.access.token,
        }
        write_private(self._service_file, json.dumps(description))
        if options.owner is not None:
            self._context.owners.add(options.owner)
        self._server = _Server(self._app, lifespan="on")

    async def run(self) -> None:
        await self._server.serve(sockets=self._sockets)

    def _stop(self) -> None:
        self._server.should_exit = True

    @contextlib.asynccontextmanager
    async def _lifespan(self, api: FastAPI) -> AsyncIterator[None]:
        await self._app.gateway.start()
        ticking = asyncio.create_task(self._tick())
        watching = asyncio.create_task(self._watch_owners())
        # Where standard output is a file on a disk that is full by now, these lines are lost.
        with contextlib.suppress(OSError):
            print(f"Local Inference Endpoints at {self._address.local}", flush=True)
            if self._options.shared:
                print(f"Shared, for clients at {self._address.url}. {ACCOUNTS_HINT}", flush=True)
            print(
                f"A local minute lasts {self._clock.minute:g} s. {_who_answers()} "
                "Stop with Ctrl-C or: python -m local_endpoints stop",
                flush=True,
            )
        try:
            yield
        finally:
            for task in (ticking, watching):
                task.cancel()
            await asyncio.gather(ticking, watching, return_exceptions=True)
            try:
                self._context.lifecycle.shut_down()
                await self._launcher.stop_all()
                await self._app.gateway.close()
            finally:
                self._store.close()
                with contextlib.suppress(OSError):
                    self._service_file.unlink(missing_ok=True)

    async def _tick(self) -> None:
        while True:
            try:
                self._context.lifecycle.tick()
            except Exception:
                # One bad endpoint must not stop time for the others.
                logger.exception("tick failed")
            await self._context.lifecycle.changed(TICK_SECONDS)

    async def _watch_owners(self) -> None:
        while not self._context.owners.gone_for_good():
            await asyncio.sleep(OWNER_SECONDS)
        logger.info("no process uses this service any more: ending")
        self._stop()


def _containers(options: ServiceOptions, cluster: RayCluster | None, *, clock: Clock) -> Launcher:
    log_dir = options.state_dir / "logs"
    if cluster is None:
        alone = ContainerLauncher(ProcessReplica, log_dir, clock=clock)
        return SeatLauncher(alone) if options.shared else alone
    from local_endpoints.replicas.ray_replica import RayReplica  # takes the extra `ray`

    return ContainerLauncher(partial(RayReplica, cluster=cluster), log_dir, clock=clock)


def _who_answers() -> str:
    shelved = [name for name, each in REPOSITORIES.items() if each.entry]
    return (
        f"Pocket models answer, and of the shelf {', '.join(shelved)}."
        if shelved
        else ("Pocket models answer.")
    )


def _bind(host: str, port: int, *, preferred: int) -> list[socket.socket]:
    """Listening sockets on ``port``, or for 0 on the preferred port if that is free: one on the
    loopback address, where the operator's commands come in, and one on another host."""
    if port == 0 and preferred:
        with contextlib.suppress(OSError):
            return _bound_sockets(host, preferred)
    try:
        return _bound_sockets(host, port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ServiceError(
            f"port {port} on {host} cannot be used ({reason}). Choose another with "
            "--port, or --port 0 for any free one"
        ) from None


def _bound_sockets(host: str, port: int) -> list[socket.socket]:
    if host in (HOST, EVERYWHERE):
        return [_bound_socket(host, port)]
    own = _bound_socket(HOST, port)
    try:
        return [own, _bound_socket(host, own.getsockname()[1])]
    except OSError:
        own.close()
        raise


def _bound_socket(host: str, port: int) -> socket.socket:
    # With the protocol named, asyncio does not delay small answers (40 ms each on Linux).
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There, anybody else could listen on this port as well.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # Whoever reads the address may connect at once, also before the server accepts.
        bound.listen()
    except OSError:
        bound.close()
        raise
    bound.set_inheritable(False)
    return bound
