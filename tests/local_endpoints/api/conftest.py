"""Two ways to the management API of a test: the unmodified client, and by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
import requests
from huggingface_hub import HfApi, InferenceEndpoint, constants, hf_api
from huggingface_hub.errors import HfHubHTTPError

from tests.fakes import MODEL_ID, TGI_IMAGE, Service

NAMESPACE = "local-user"
WARNING = "X-Local-Warning"


def create(client: HfApi, name: str = "an-endpoint", **changes: Any) -> InferenceEndpoint:
    wanted: dict[str, Any] = {
        "repository": MODEL_ID,
        "framework": "pytorch",
        "task": "text-generation",
        "accelerator": "gpu",
        "vendor": "aws",
        "region": "us-east-1",
        "type": "authenticated",
        "instance_size": "x1",
        "instance_type": "nvidia-l4",
        "min_replica": 0,
        "custom_image": TGI_IMAGE,
        "namespace": NAMESPACE,
        **changes,
    }
    return client.create_inference_endpoint(name, **wanted)


def refused(caught: pytest.ExceptionInfo[HfHubHTTPError], status: int) -> str:
    """The server's text in the client's exception."""
    assert caught.value.response.status_code == status
    return str(caught.value.server_message)


def error_text(answer: requests.Response, status: int) -> str:
    """The text of a refusal, which must have the form that every client understands."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"error", "code"}
    assert isinstance(body["error"], str)
    return str(body["error"])


@pytest.fixture
def client(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HfApi]:
    """``huggingface_hub``'s API object; module-level functions talk to the same service."""
    monkeypatch.setattr(constants, "ENDPOINT", service.url)
    monkeypatch.setattr(constants, "INFERENCE_ENDPOINTS_ENDPOINT", f"{service.url}/v2")
    template = service.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(hf_api.api, "endpoint", service.url)
    monkeypatch.setenv("HF_TOKEN", service.token)
    huggingface_hub.close_session()
    yield HfApi()
    huggingface_hub.close_session()


class Api:
    """Raw requests to ``/v2``."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(
        self, method: str, path: str, body: Any = None, **options: Any
    ) -> requests.Response:
        headers = {**self.service.headers, **options.pop("headers", {})}
        url = f"{self.service.url}/v2{path}"
        return self.session.request(method, url, json=body, headers=headers, timeout=20, **options)

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self("GET", path, params=parameters)


@pytest.fixture
def api(service: Service) -> Api:
    return Api(service)
