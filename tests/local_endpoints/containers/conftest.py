"""Containers on the tiny models: in this process, and as the real process."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.containers.__main__ import Container, make_container
from local_endpoints.containers.key import RequireKey
from local_endpoints.containers.tgi.container import TgiContainer
from local_endpoints.containers.vllm.container import VllmContainer
from local_endpoints.door.server import DoorServer
from local_endpoints.engine.text.part import TextPart
from local_endpoints.replicas.wire import ContainerSettings
from tests.local_endpoints.engine.tiny_model import write_tiny_model
from tests.local_endpoints.engine.tiny_vision import write_tiny_vision_model
from tests.patience import WAIT_SECONDS

KEY = "key-of-the-replica"
REPOSITORY = "google/gemma-1.1-2b-it"
ENV = {"MAX_INPUT_TOKENS": "60", "MAX_TOTAL_TOKENS": "100", "PAYLOAD_LIMIT": "20000"}
Env = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """A whole HTTP answer; header names are lower-case."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def events(self) -> list[str]:
        """The data of every event of a stream."""
        frames = self.text.split("\n\n")
        assert frames.pop() == ""
        assert all(frame.startswith("data: ") for frame in frames), frames
        return [frame.removeprefix("data: ") for frame in frames]


@dataclass
class RunningContainer:
    """A container that answers on a port of this process."""

    settings: ContainerSettings
    container: Container = field(init=False)
    port: int = 0

    def start(self) -> RunningContainer:
        """Serve in a thread; returns when the port is open."""
        self.container = make_container(self.settings)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(WAIT_SECONDS)
        return self

    async def _serve(self) -> None:
        app = RequireKey(await self.container.start(), KEY)
        self._server = DoorServer(app)
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        self.port = listener.getsockname()[1]
        self._ready.set()
        await self._server.serve(sockets=[listener])

    def stop(self) -> None:
        """Stop serving and end the engine."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(WAIT_SECONDS)
        self.container.stop()

    @property
    def engine(self) -> TextPart:
        """The engine behind the routes of a text container."""
        assert isinstance(self.container, (TgiContainer, VllmContainer))
        assert self.container.engine is not None
        return self.container.engine

    def send(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request; carries the replica's key unless ``headers`` say otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        try:
            content = body.encode() if isinstance(body, str) else body
            connection.request(method, path, content, {"x-replica-key": KEY, **(headers or {})})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, names, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Reply:
        """A GET request."""
        return self.send("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        """A POST request; ``body`` is sent as JSON unless it is text or bytes already."""
        content = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.send("POST", path, content, {"content-type": "application/json", **headers})

    def open(self, path: str, body: Any) -> socket.socket:
        """Send a POST request and hand over the connection, unread."""
        content = json.dumps(body).encode()
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_SECONDS)
        head = (
            f"POST {path} HTTP/1.1\r\nhost: container\r\nx-replica-key: {KEY}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        connection.sendall(head.encode() + content)
        return connection


StartContainer = Callable[..., RunningContainer]


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny model."""
    return write_tiny_model(tmp_path_factory.mktemp("tiny-model"))


@pytest.fixture(scope="session")
def vision_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model that sees."""
    return write_tiny_vision_model(tmp_path_factory.mktemp("tiny-vision"))


def settings_for(model_dir: Path, env: Env) -> ContainerSettings:
    """An order for a TGI container."""
    return ContainerSettings("tgi", REPOSITORY, model_dir, dict(env), KEY, "pocket-test")


@pytest.fixture(scope="session")
def container(model_dir: Path) -> Iterator[RunningContainer]:
    """One container that all tests share."""
    running = RunningContainer(settings_for(model_dir, ENV)).start()
    yield running
    running.stop()


@pytest.fixture
def start_container(model_dir: Path) -> Iterator[StartContainer]:
    """Starts a container of one's own; takes environment variables."""
    started: list[RunningContainer] = []

    def start(**env: str) -> RunningContainer:
        running = RunningContainer(settings_for(model_dir, {**ENV, **env})).start()
        started.append(running)
        return running

    yield start
    for running in started:
        running.stop()
