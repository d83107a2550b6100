"""The switch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from helpers import ConnectError, SpendLimitError, connect
from local_endpoints.client import STATE_DIR_VARIABLE, stop_running

from ..fakes import MODEL_ID, Service
from .conftest import STORED_TOKEN, connect_module


def test_local(local: Service, real: Service) -> None:
    connection = connect("local", state_dir=local.folder)
    assert connection.backend == "local"
    assert connection.is_local
    assert connection.url == f"{local.url}/v2"
    assert connection.namespace == "local-user"
    assert connection.minute == 60
    assert huggingface_hub.get_token() == local.token
    local.create("only-here")
    assert [item.name for item in huggingface_hub.list_inference_endpoints()] == ["only-here"]
    assert local.token not in repr(connection)


def test_a_namespace_may_be_chosen(local: Service) -> None:
    connection = connect("local", state_dir=local.folder, namespace="local-class")
    assert connection.namespace == "local-class"


def test_hub_files_come_from_the_local_hub(local: Service) -> None:
    connect("local", state_dir=local.folder)
    path = huggingface_hub.hf_hub_download(MODEL_ID, "config.json")
    assert Path(path).is_relative_to(local.folder)
    assert huggingface_hub.model_info(MODEL_ID).id == MODEL_ID


def test_connecting_announces_this_process_as_owner(local: Service) -> None:
    connect("local", state_dir=local.folder)
    local.clock.advance(minutes=1000)
    assert not local.owners.gone_for_good()


@pytest.mark.parametrize("backend", ["", "LOCAL", "huggingface"])
def test_unknown_backends(backend: str) -> None:
    with pytest.raises(ConnectError, match="local, hf"):
        connect(backend)


def test_no_service_is_a_connect_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConnectError, match=STATE_DIR_VARIABLE):
        connect("local", state_dir=tmp_path / "file")


def test_the_service_is_started_if_there_is_none(real: Service, tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    try:
        connection = connect("local", state_dir=str(state_dir), minute=0.5)
        assert connection.minute == 0.5
        assert huggingface_hub.whoami()["name"] == "local-user"
    finally:
        assert stop_running(state_dir)


@pytest.mark.parametrize("trouble", ["refused", "unreachable"])
def test_nothing_can_be_created_after_a_failed_attempt(
    local: Service,
    real: Service,
    wanted: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    connect("local", state_dir=local.folder)
    if trouble == "refused":
        (tmp_path / "stored-token").write_text("hf_wrong")
    else:
        monkeypatch.setitem(connect_module._REDIRECT._constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ConnectError):
        connect("hf", max_spend_usd=100)
    with pytest.raises(SpendLimitError):
        huggingface_hub.create_inference_endpoint(
            "sneaked-in", namespace="local-user", token=STORED_TOKEN, **wanted
        )
    assert real.lifecycle.list_endpoints() == []
