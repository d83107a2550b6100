"""The helpers, connected to the service of a test; nothing of it is left afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import constants, hf_api

from helpers import connect
from helpers.spending import lift_spending_guard
from local_endpoints.repositories import Repository

from ..fakes import MODEL_ID, TGI_IMAGE, ServerThread, Service

# The package offers a function of the same name.
connect_module: Any = import_module("helpers.connect")
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
    service.access._tokens = {STORED_TOKEN: service.access.authenticate(f"Bearer {service.token}")}
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
    connect_module._REDIRECT.undo()
    lift_spending_guard()
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
