"""What still bills is paused, and the exit status says whether that is true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from helpers.sweep import main, sweep
from tests.fakes import Service
from tests.helpers.conftest import Trouble
from tests.helpers.test_spending import move, use_token

LOCAL = ["--backend", "local"]


@pytest.fixture
def swept(connected: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A connected service that ``find_running`` finds, too."""
    monkeypatch.setenv("LOCAL_ENDPOINTS_STATE_DIR", str(connected.folder))
    return connected


def states(service: Service) -> dict[str, str]:
    return {each.name: str(each.state) for each in service.lifecycle.list_endpoints()}


def test_what_bills_is_paused_in_all_namespaces(
    swept: Service, wanted: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    swept.create_running("mine")
    huggingface_hub.create_inference_endpoint("ours", namespace="local-class", **wanted)
    assert main(LOCAL) == 0
    assert states(swept) == {"mine": "paused", "ours": "paused"}
    assert capsys.readouterr().out.splitlines() == [
        "paused local-user/mine",
        "paused local-class/ours",
        "Nothing bills in local-user, local-class.",
    ]


def test_what_sleeps_is_left_asleep_unless_asked_for(swept: Service) -> None:
    swept.create_running("sleeper")
    huggingface_hub.scale_to_zero_inference_endpoint("sleeper")
    assert main(LOCAL) == 0
    assert states(swept) == {"sleeper": "scaledToZero"}
    assert main([*LOCAL, "--asleep"]) == 0
    assert states(swept) == {"sleeper": "paused"}


@pytest.mark.parametrize(("replicas", "state"), [(2, "paused"), (1, "updateFailed")])
def test_replicas_that_outlived_an_update_are_paused(
    swept: Service, replicas: int, state: str
) -> None:
    """Of two, one is left; of one, none."""
    endpoint = swept.create_running("mine", scaling={"maxReplica": replicas})
    swept.launcher.ready = False
    swept.server.call(lambda: swept.lifecycle.update(endpoint, endpoint.spec))
    swept.tick()
    swept.launcher.last.die()
    swept.tick()
    assert (endpoint.state, endpoint.target_replica) == ("updateFailed", replicas - 1)
    assert main(LOCAL) == 0
    assert states(swept) == {"mine": state}


def test_a_dry_run_pauses_nothing(swept: Service, capsys: pytest.CaptureFixture[str]) -> None:
    swept.create_running("mine")
    assert main([*LOCAL, "--dry-run"]) == 1
    assert states(swept) == {"mine": "running"}
    said = capsys.readouterr()
    assert said.out.splitlines() == ["would pause local-user/mine"]
    assert said.err.splitlines() == ["still billing: local-user/mine, running, $0.80 per hour"]


def test_one_namespace_only(swept: Service, wanted: dict[str, Any]) -> None:
    swept.create_running("mine")
    huggingface_hub.create_inference_endpoint("ours", namespace="local-class", **wanted)
    assert main([*LOCAL, "--namespace", "local-class"]) == 0
    assert states(swept) == {"mine": "running", "ours": "pending"} | {"ours": "paused"}


def test_one_that_refuses_keeps_no_other_from_being_paused(
    swept: Service, trouble: Trouble, capsys: pytest.CaptureFixture[str]
) -> None:
    swept.create_running("stubborn")
    swept.create_running("willing")
    trouble.method, trouble.path, trouble.answers = "POST", "stubborn/pause", [409]
    assert main(LOCAL) == 1
    assert states(swept) == {"stubborn": "running", "willing": "paused"}
    said = capsys.readouterr().err
    assert "could not pause local-user/stubborn" in said
    assert "still billing: local-user/stubborn" in said


def test_a_stumble_is_tried_again(swept: Service, trouble: Trouble) -> None:
    swept.create_running("mine")
    trouble.method, trouble.path, trouble.answers = "POST", "mine/pause", [503, None]
    assert sweep().refused == {}
    assert states(swept) == {"mine": "paused"}


def test_without_a_service_nothing_bills_and_none_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOCAL_ENDPOINTS_STATE_DIR", str(tmp_path / "nothing"))
    assert main(LOCAL) == 0
    assert "nothing bills" in capsys.readouterr().out
    assert not (tmp_path / "nothing" / "service.json").exists()


def test_who_cannot_look_says_so(
    real: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(huggingface_hub.constants, "HF_TOKEN_PATH", "/nowhere/token")
    monkeypatch.setattr("helpers.login.getpass", nobody)
    assert main([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Could not look: no Hugging Face token, and nobody to ask")


def test_the_real_service_with_the_stored_token(real: Service) -> None:
    real.create_running("left-behind")
    assert main([]) == 0
    assert states(real) == {"left-behind": "paused"}


def test_a_token_for_an_organization_pauses_what_is_there(
    real: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What its user has may bill all the same, so the status is that of a doubt."""
    move(real, real.create_running("ours"), "local-class")
    use_token(real, monkeypatch, "local-class")
    assert main([]) == 1
    assert states(real) == {"ours": "paused"}
    said = capsys.readouterr()
    assert said.out.splitlines() == ["paused local-class/ours"]
    assert said.err.splitlines() == ["not allowed to look into local-user: use another token"]
    assert main(["--namespace", "local-class"]) == 0
