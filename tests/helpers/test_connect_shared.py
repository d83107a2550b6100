"""The switch, to a service that somebody else runs for many."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest

from helpers import ConnectError, bill, connect, disconnect, still_billing
from helpers.doctor.__main__ import main as doctor
from helpers.sweep import main as sweep
from local_endpoints.access.token import Grant
from local_endpoints.children.sitecustomize import SERVICE_VARIABLE
from local_endpoints.environment import TOKEN_VARIABLE
from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.fakes import ServerThread, Service
from tests.helpers.conftest import STORED_TOKEN
from tests.patience import WAIT_SECONDS


@pytest.fixture
def shared(
    real: Service,
    _service_server: ServerThread,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Service]:
    """For several users; nobody finds it by a folder."""
    folder = tmp_path / "of-the-operator"
    folder.mkdir()
    service = Service(_service_server, folder, shared=True).start()
    service.keep_ticking()
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path / "of-anna"))
    yield service
    service.stop()


@pytest.fixture
def annas(shared: Service) -> str:
    """Her token."""
    return shared.accounts.add({"anna": Grant("first-day")})["anna"]


@pytest.fixture
def named(shared: Service, annas: str, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The two variables that a hub sets."""
    monkeypatch.setenv(SERVICE_VARIABLE, shared.url)
    monkeypatch.setenv(TOKEN_VARIABLE, annas)
    return shared


@pytest.mark.parametrize("by", ["arguments", "environment"])
def test_it_is_reached_and_none_is_started(
    shared: Service, annas: str, by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "environment":
        monkeypatch.setenv(SERVICE_VARIABLE, shared.url)
        monkeypatch.setenv(TOKEN_VARIABLE, annas)
        connection = connect("local")
    else:
        connection = connect("local", url=shared.url, token=annas)
    assert connection.url == f"{shared.url}/v2"
    assert connection.namespace == "anna"
    assert connection.minute == shared.clock.minute
    assert huggingface_hub.get_token() == annas
    shared.create("of-the-operator")
    assert huggingface_hub.list_inference_endpoints() == []
    assert connection.accounts() == []
    assert annas not in repr(connection)
    assert not (tmp_path / "of-anna" / "service.json").exists()
    disconnect()
    assert huggingface_hub.get_token() == STORED_TOKEN
    assert os.environ.get(TOKEN_VARIABLE) == (annas if by == "environment" else None)


def test_her_own_is_listed_and_billed(named: Service, wanted: dict[str, object]) -> None:
    connection = connect("local")
    wanted["repository"] = "open-models/tiny"
    endpoint = huggingface_hub.create_inference_endpoint("of-anna", **wanted)
    assert endpoint.namespace == "anna"
    assert [each.name for each in still_billing()] == ["of-anna"]
    assert [each["name"] for each in connection.accounts()] == ["of-anna"]
    assert "of-anna" in str(bill())


def test_a_program_that_the_notebook_starts_reaches_it_too(named: Service, annas: str) -> None:
    disconnected = connect("local", url=named.url, token=annas)
    program = "from helpers import connect; print(connect('local').namespace)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=5 * WAIT_SECONDS
    )
    assert result.stdout.strip() == disconnected.namespace == "anna", result.stderr


def test_whoever_names_a_folder_means_their_own(named: Service, local: Service) -> None:
    assert connect("local", state_dir=local.folder).namespace == "local-user"


def test_named_is_not_connected(named: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub's variables keep nobody from the real service."""
    assert connect("hf").backend == "hf"
    assert huggingface_hub.get_token() == STORED_TOKEN


def test_nor_does_the_sweep_look_elsewhere(
    named: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(["--backend", "local"]) == 0
    assert "No local service" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        (None, "local_anna", SERVICE_VARIABLE),
        ("http://127.0.0.1:9", None, TOKEN_VARIABLE),
        ("http://127.0.0.1:9", STORED_TOKEN, "token of the real Hugging Face"),
        ("https://huggingface.co", "local_anna", 'connect\\("hf"\\)'),
        ("http://127.0.0.1:9", "local_anna", "does not answer"),
    ],
)
def test_refusals(real: Service, url: str | None, token: str | None, said: str) -> None:
    with pytest.raises(ConnectError, match=said) as refused:
        connect("local", url=url, token=token)
    assert str(token) not in str(refused.value)
    assert huggingface_hub.get_token() == STORED_TOKEN


def test_a_revoked_token(shared: Service, annas: str) -> None:
    shared.accounts.revoke("first-day")
    with pytest.raises(ConnectError, match="it was revoked"):
        connect("local", url=shared.url, token=annas)


def test_the_real_service_takes_neither(real: Service) -> None:
    with pytest.raises(ConnectError, match="shared local service"):
        connect("hf", token="local_anna")


def test_the_doctor_asks_it_and_starts_nothing(
    named: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert doctor([]) == 0
    *_, service, verdict = capsys.readouterr().out.splitlines()
    assert service.startswith("ok     service") and named.url in service and "anna" in service
    assert "All is well" in verdict
    assert not (tmp_path / "of-anna" / "service.json").exists()
    monkeypatch.setenv(TOKEN_VARIABLE, "hf_nobodys")
    assert doctor([]) == 1
    *_, service, verdict = capsys.readouterr().out.splitlines()
    assert service.startswith("WRONG  service") and "needs your attention" in verdict
    assert "hf_nobodys" not in service
