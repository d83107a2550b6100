"""Stand-ins for what is slow or outside: containers, model files, a server in this process."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterator,
    Mapping,
    MutableMapping,
)
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from fastapi.routing import APIRoute

from local_endpoints.access import ACCOUNTS_FILE, Accounts, Directory
from local_endpoints.address import Address
from local_endpoints.app import make_app
from local_endpoints.client import ServiceInfo
from local_endpoints.clock import Clock, ManualClock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.spec import EndpointSpec, parse_spec
from local_endpoints.control_plane.store import Store
from local_endpoints.door.limits import Limits
from local_endpoints.door.server import DoorServer
from local_endpoints.replicas.log import Log
from local_endpoints.replicas.replica import Launcher, Phase, ReplicaOrder
from local_endpoints.repositories import Repository
from tests.patience import WAIT_SECONDS

T = TypeVar("T")
App = Callable[..., Awaitable[None]]
Scope = MutableMapping[str, Any]

MODEL_ID = "google/gemma-1.1-2b-it"
TGI_IMAGE = {
    "tgi": {
        "url": "ghcr.io/huggingface/text-generation-inference:3.3.7",
        "healthRoute": "/health",
    }
}


def spec_body(name: Any = "an-endpoint", **changes: Any) -> dict[str, Any]:
    """The body of a create request, as ``huggingface_hub`` 2.4 sends it.

    Args:
        **changes: ``scaling``, ``compute``, ``model`` and ``provider`` are merged into the part of
            that name; anything else replaces a top-level field. A value of ``...`` removes.
    """
    body: dict[str, Any] = {
        "compute": {
            "accelerator": "gpu",
            "instanceSize": "x1",
            "instanceType": "nvidia-l4",
            "scaling": {"maxReplica": 1, "minReplica": 0, "scaleToZeroTimeout": None},
        },
        "model": {
            "framework": "pytorch",
            "repository": MODEL_ID,
            "revision": None,
            "image": TGI_IMAGE,
            "task": "text-generation",
        },
        "name": name,
        "provider": {"region": "us-east-1", "vendor": "aws"},
        "type": "authenticated",
    }
    if name is ...:
        del body["name"]
    parts = {"scaling": body["compute"]["scaling"], **body}
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(parts.get(key), dict):
            parts[key].update(value)
            for part in [field for field, item in parts[key].items() if item is ...]:
                del parts[key][part]
        elif value is ...:
            del body[key]
        else:
            body[key] = value
    return body


def make_spec(name: str = "an-endpoint", **changes: Any) -> EndpointSpec:
    """The checked form of ``spec_body``."""
    return parse_spec(spec_body(name, **changes))


@contextmanager
def unwritable(path: Path) -> Iterator[None]:
    """The file cannot be replaced, as on a full disk; also not by root. Afterwards it is as it
    was."""
    aside = path.with_name(f"{path.name}.aside")
    path.rename(aside)
    path.mkdir()
    try:
        yield
    finally:
        path.rmdir()
        aside.rename(path)


@dataclass
class FakeReplica:
    """A replica that is whatever the test says."""

    order: ReplicaOrder
    id: str
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: {"x-replica-key": "the-replica-key"})
    withheld: Collection[str] = ()
    signature: str = ""
    phase: Phase = "starting"
    in_flight: int = 0
    log: Log = field(default_factory=lambda: Log(ManualClock()))
    stopped: bool = False

    def say(self, *lines: str) -> None:
        for line in lines:
            self.log.write(line)

    def stop(self) -> None:
        self.stopped = True

    def become_ready(self) -> None:
        self.phase = "ready"

    def crash(self) -> None:
        self.die("killed")

    def die(self, *log: str) -> None:
        self.say(*log)
        self.phase = "exited"


class FakeLauncher:
    """Launches ``FakeReplica``.

    Args:
        url: address of the container behind all of them.
        ready: whether a replica is ready at once.
        clock: of their logs.
    """

    def __init__(
        self,
        *,
        url: str = "http://127.0.0.1:9",
        ready: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self.url = url
        self.clock = clock or ManualClock()
        self.ready = ready
        self.launched: list[FakeReplica] = []
        self.forgotten: list[str] = []

    def launch(self, order: ReplicaOrder, on_change: Callable[[], None]) -> FakeReplica:
        replica = FakeReplica(order, f"r{len(self.launched):04}", self.url, log=Log(self.clock))
        if self.ready:
            replica.become_ready()
        self.launched.append(replica)
        return replica

    def forget(self, endpoint_id: str) -> None:
        self.forgotten.append(endpoint_id)

    async def stop_all(self) -> None:
        for replica in self.launched:
            replica.stop()

    @property
    def running(self) -> list[FakeReplica]:
        """Those that nobody stopped and that did not die."""
        return [each for each in self.launched if not each.stopped and each.phase != "exited"]

    @property
    def last(self) -> FakeReplica:
        return self.launched[-1]


def make_model_folder(folder: Path) -> Path:
    """Files of a repository: a real but tiny tokenizer, and weights that nobody reads."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder.mkdir(parents=True)
    vocabulary = {"<unk>": 0, "a": 1, "small": 2, "red": 3, "fox": 4}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    (folder / "config.json").write_text(json.dumps({"model_type": "gemma", "vocab_size": 5}))
    (folder / "model.onnx").write_bytes(b"weights")
    (folder / "extra").mkdir()
    (folder / "extra" / "notes.txt").write_text("notes\n")
    (folder / ".hidden").write_text("not offered\n")
    return folder


def make_repositories(root: Path) -> dict[str, Repository]:
    """A gated repository with files under the name of a lesson's one, and an open one."""
    common = {"task": "text-generation", "framework": "transformers", "dialects": ("tgi",)}
    folders = {
        MODEL_ID: make_model_folder(root / "gated"),
        "open-models/tiny": make_model_folder(root / "open"),
    }
    return {
        name: Repository(id=name, folder=str(folder), gated=name == MODEL_ID, **common)  # type: ignore[arg-type]
        for name, folder in folders.items()
    }


class ServerThread:
    """A server on a loopback port, in a thread; the application behind it can be exchanged.

    Starting a server for every test would take most of the tests' time.

    Args:
        limits: what clients are granted; the service's own by default.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.app: App = _nothing
        self._loop_is_there = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = DoorServer(self._dispatch, limits=limits)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> ServerThread:
        self._thread.start()
        assert self._loop_is_there.wait(WAIT_SECONDS)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(WAIT_SECONDS)
        assert not self._thread.is_alive()

    def call(self, work: Callable[[], T]) -> T:
        """Run a function on the server's loop, where everything that it serves lives."""

        async def awaitable() -> T:
            return work()

        return self.wait_for(awaitable())

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WAIT_SECONDS)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._loop_is_there.set()
        await self._server.serve(sockets=[self._socket])

    async def _dispatch(self, scope: Scope, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


async def _nothing(scope: Scope, receive: Any, send: Any) -> None:
    raise AssertionError("no application is installed")


class Service:
    """The service's application with fake replicas and a clock that stands still.

    Args:
        server: where to install it.
        folder: its state directory.
        launcher: starts its replicas, in place of ``launcher``, which starts fake ones.
        url: its public address, if it has one.
        shared: whether it is for several users.
        directory: knows further users.
    """

    def __init__(
        self,
        server: ServerThread,
        folder: Path,
        launcher: Launcher | None = None,
        *,
        url: str | None = None,
        shared: bool = False,
        directory: Directory | None = None,
    ) -> None:
        self.server = server
        self.folder = folder
        self.url = server.url
        self.clock = ManualClock()
        self.store = Store(folder / "state.sqlite3", self.clock)
        self.launcher = FakeLauncher(ready=True, clock=self.clock)
        self.stopped = threading.Event()
        self.accounts = Accounts(folder / ACCOUNTS_FILE)
        self._app = make_app(
            store=self.store,
            launcher=launcher or self.launcher,
            clock=self.clock,
            address=Address(server.port, url),
            stop=self.stopped.set,
            keep=False,
            accounts=self.accounts,
            shared=shared,
            directory=directory,
        )
        self.gateway = self._app.gateway
        self.routes = [each for each in self._app.api.routes if isinstance(each, APIRoute)]
        self.lifecycle = self._app.context.lifecycle
        self.access = self._app.context.access
        self.token = self.access.token
        self.owners = self._app.context.owners
        self._ticking: asyncio.Task[None] | None = None

    def start(self) -> Service:
        self.server.wait_for(self.gateway.start())
        self.server.app = self._app
        return self

    def stop(self) -> None:
        self.server.app = _nothing
        if self._ticking is not None:
            self.server.call(self._ticking.cancel)
        self.server.wait_for(self.gateway.close())

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Let it be too busy to answer anybody, inside the block."""
        free = threading.Event()
        self.server.loop.call_soon_threadsafe(free.wait, WAIT_SECONDS)
        try:
            yield
        finally:
            free.set()

    @property
    def headers(self) -> dict[str, str]:
        """What a client with all permissions sends."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def info(self) -> ServiceInfo:
        """The service as another process finds it."""
        return ServiceInfo(self.url, 0, self.token, self.folder)

    def tick(self, times: int = 1) -> None:
        """Let what is due happen."""
        for _ in range(times):
            self.server.call(self.lifecycle.tick)

    def keep_ticking(self) -> None:
        """Let things happen by themselves, as the real service does."""

        async def tick_for_ever() -> None:
            while True:
                self.lifecycle.tick()
                await self.lifecycle.changed(0.01)

        async def begin() -> None:
            self._ticking = asyncio.create_task(tick_for_ever())

        self.server.wait_for(begin())

    def create(self, name: str = "an-endpoint", **changes: Any) -> Endpoint:
        """An endpoint in state ``pending``."""
        return self.server.call(
            lambda: self.lifecycle.create(
                namespace="local-user", user="local-user", spec=make_spec(name, **changes)
            )
        )

    def create_running(self, name: str = "an-endpoint", **changes: Any) -> Endpoint:
        """A running endpoint; its replicas forward to ``launcher.url``."""
        endpoint = self.create(name, **changes)
        self.launcher.ready = True
        self.tick(3)
        assert endpoint.state == "running"
        return endpoint
