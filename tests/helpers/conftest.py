"""The helpers, connected to the service of a test; nothing of it is left afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import InferenceEndpoint, constants, hf_api

from helpers import connect, disconnect
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.door.connection import ABORT
from local_endpoints.repositories import Repository
from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.fakes import MODEL_ID, TGI_IMAGE, ServerThread, Service
from tests.processes import Process

login_module: Any = import_module("helpers.login")

STORED_TOKEN = "hf_" + "stored" * 6

WANTED: dict[str, Any] = {
    "framework": "pytorch",
    "task": "text-generation",
    "accelerator": "gpu",
    "vendor": "aws",
    "region": "us-east-1",
    "type": "authenticated",
    "instance_size": "x1",
    "instance_type": "nvidia-l4",
    "custom_image": TGI_IMAGE,
}


def announce(service: Service) -> Service:
    """Let ``connect("local", state_dir=service.folder)`` find it."""
    description = {"url": service.url, "pid": os.getpid(), "token": service.token}
    service.folder.mkdir(exist_ok=True)
    (service.folder / "service.json").write_text(json.dumps(description))
    return service


@pytest.fixture
def real(
    container_server: ServerThread,
    repositories: dict[str, Repository],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Service]:
    """What plays the real service: the client's constants lead there, with a stored token."""
    folder = tmp_path / "real"
    folder.mkdir()
    service = Service(container_server, folder)
    service.access.add(STORED_TOKEN)
    service.access.revoke(service.token)
    (tmp_path / "stored-token").write_text(STORED_TOKEN)
    monkeypatch.setattr(constants, "ENDPOINT", service.url)
    monkeypatch.setattr(constants, "INFERENCE_ENDPOINTS_ENDPOINT", f"{service.url}/v2")
    monkeypatch.setattr(constants, "INFERENCE_CATALOG_ENDPOINT", f"{service.url}/api/v1/catalog")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "stored-token"))
    monkeypatch.setattr(constants, "HF_STORED_TOKENS_PATH", str(tmp_path / "stored-tokens"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    monkeypatch.setattr(hf_api.api, "endpoint", service.url)
    # The client asks its hub for a list of programs, once, and keeps it in the user's home.
    monkeypatch.setattr("huggingface_hub.utils._detect_agent._registry", {})
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    huggingface_hub.close_session()
    yield service.start()
    disconnect()
    service.stop()


@pytest.fixture
def local(real: Service, service: Service) -> Service:
    """The local service; ``connect`` finds it in ``service.folder``."""
    return announce(service)


@pytest.fixture
def connected(local: Service) -> Service:
    """The local service, connected to, with time running for replicas that are ready at once."""
    connect("local", state_dir=local.folder)
    return local


@pytest.fixture
def wanted() -> dict[str, Any]:
    """What ``create_inference_endpoint`` needs besides a name."""
    return {"repository": MODEL_ID, **WANTED}


@pytest.fixture(scope="session")
def _healthy_server() -> Iterator[ServerThread]:
    server = ServerThread().start()
    yield server
    server.stop()


class Health:
    """A container that only has a health route."""

    def __init__(self) -> None:
        self.status = 200
        self.asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def health(connected: Service, _healthy_server: ServerThread) -> Health:
    """The health route of all containers of the connected service."""
    health = Health()
    _healthy_server.app = health
    connected.launcher.url = _healthy_server.url
    return health


class Time:
    """A clock for ``wait_until_running``: sleeping moves it, and the service with it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.seconds = 0.0
        self.naps: list[float] = []
        self.while_asleep: Callable[[], None] = service.tick

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds
        self.while_asleep()

    @property
    def options(self) -> dict[str, Any]:
        return {"now": self.now, "sleep": self.sleep}


@pytest.fixture
def time(connected: Service) -> Time:
    return Time(connected)


@pytest.fixture
def ticking(connected: Service, health: Health, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service moves by itself, and nobody waits half a second between two looks."""
    connected.keep_ticking()
    endpoints: Any = import_module("helpers.endpoints")
    wait = endpoints.wait_until_running

    def impatient(endpoint: InferenceEndpoint, **options: Any) -> InferenceEndpoint:
        waited: InferenceEndpoint = wait(endpoint, refresh_every=0.01, **options)
        return waited

    monkeypatch.setattr(endpoints, "wait_until_running", impatient)
    return connected


class Trouble:
    """Makes requests to the management API fail.

    Attributes:
        answers: what the next requests meet: a status, or ``None`` for no answer at all; then the
            service answers again.
        method, path: which requests, by method and by what their path contains.
        happens: whether the service does what they ask for, and only its answer gets lost.
    """

    def __init__(self, service: Service) -> None:
        self.answers: list[int | None] = []
        self.happens = False
        self.method = "GET"
        self.path = "/v2/endpoint/"
        self._app = service.server.app
        service.server.app = self._serve

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        if (
            scope["type"] == "http"
            and self.answers
            and scope["method"] == self.method
            and self.path in scope["path"]
        ):
            status = self.answers.pop(0)
            if self.happens:
                await self._app(scope, receive, _lose)
            if status is None:
                scope["extensions"][ABORT]["abort"]()
                return
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b"upstream connect error"})
            return
        await self._app(scope, receive, send)


async def _lose(message: Any) -> None:
    """Send it to nobody."""


@pytest.fixture
def trouble(connected: Service, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """The connected service stumbles when the test says so; nobody waits for it to recover."""
    monkeypatch.setattr("helpers.answers.PAUSES_SECONDS", (0.0,) * 5)
    return Trouble(connected)


PRELUDE = """
import json, os, sys

opened, lookups = [], []

def watch(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        lookups.append(str(arguments[0]))

sys.addaudithook(watch)

def close_the_last_hole(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        if arguments[0] not in ("127.0.0.1", "localhost", None):
            raise RuntimeError(f"the wall has a hole: {arguments[0]}")

def outcome(call):
    try:
        return repr(call())
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
"""


@pytest.fixture
def run(local: Service, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Run a program in a process of its own; returns what it prints as JSON."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "token").write_text(STORED_TOKEN)
    (home / "stored_tokens").write_text(f"[mine]\nhf_token = {STORED_TOKEN}\n")

    def run(program: str, **variables: str) -> dict[str, Any]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        env |= {"HF_HOME": str(home), STATE_DIR_VARIABLE: str(local.folder), **variables}
        process = Process("-c", PRELUDE + program, env=env)
        code, output, errors = process.result()
        assert code == 0, errors
        result: dict[str, Any] = json.loads(output.splitlines()[-1])
        return result

    return run


@pytest.fixture
def running(connected: Service, health: Health) -> InferenceEndpoint:
    """An endpoint of the connected service that runs."""
    connected.create_running("an-endpoint")
    return huggingface_hub.get_inference_endpoint("an-endpoint")


def state_of(service: Service) -> str:
    """Of the endpoint that most tests here use."""
    return service.lifecycle.get("local-user", "an-endpoint").state


def create_failed(service: Service, *, log: str = "killed") -> Endpoint:
    """That endpoint, in state ``failed``: its first replica died while it started."""
    service.launcher.ready = False
    endpoint = service.create("an-endpoint")
    while not service.launcher.launched:
        service.tick()
    service.launcher.last.die(log)
    service.tick()
    assert endpoint.state == "failed"
    service.launcher.ready = True
    return endpoint
