"""The unmodified client, pointed at the service of a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import HfApi, constants, hf_api

from tests.fakes import Service


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
