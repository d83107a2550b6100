from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from local_endpoints import peer
from local_endpoints.__main__ import main
from tests.fakes import Service


@pytest.fixture
def announced(service: Service) -> Service:
    description = {"url": service.url, "pid": os.getpid(), "token": service.token}
    (service.folder / "service.json").write_text(json.dumps(description))
    return service


def test_status(announced: Service, capsys: pytest.CaptureFixture[str]) -> None:
    announced.create_running()
    announced.clock.advance(minutes=30)
    assert main(["status", "--state-dir", str(announced.folder)]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == f"Local Inference Endpoints at {announced.url}"
    assert str(os.getpid()) in second
    assert "local-user/an-endpoint" in third
    assert "running" in third
    assert "$0.800/h" in third
    assert "$0.4000 so far" in third


def test_nothing_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--state-dir", str(tmp_path)]) == 1
    assert f"No service is running for {tmp_path}" in capsys.readouterr().out
    assert main(["stop", "--state-dir", str(tmp_path)]) == 0
    assert f"No service is running for {tmp_path}" in capsys.readouterr().out


def test_a_service_that_is_busy(
    announced: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "ANSWER_SECONDS", 0.1)
    folder = str(announced.folder)
    with FileLock(announced.folder / "service.lock"), announced.held_up():
        assert main(["status", "--state-dir", folder]) == 3
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert f"process {os.getpid()}" in said.err
        assert "does not answer: it is busy" in said.err
        assert main(["stop", "--state-dir", folder]) == 1
        assert "busy" in capsys.readouterr().err
    assert main(["status", "--state-dir", folder]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["begin"],
        ["serve", "--port", "x"],
        ["serve", "--port", "-1"],
        ["serve", "--port", "65536"],
        ["serve", "--minute", "0"],
        ["serve", "--minute", "nan"],
        ["serve", "--minute", "-1"],
        ["serve", "--minute", "9999"],
        ["serve", "--owner", "x"],
    ],
)
def test_wrong_arguments_are_explained(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m local_endpoints" in capsys.readouterr().err


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert {"serve", "status", "stop"} <= set(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "say --shared as well"),
        (["--host", "10.0.0.1", "--url", "https://class.example.org"], "say --shared as well"),
        (["--url", "https://class.example.org"], "say --shared as well"),
        (["--shared", "--host", "0.0.0.0"], "say --url, too"),
        (["--jupyterhub"], "--jupyterhub lets a Hub's users in: say --shared as well"),
    ],
)
def test_nobody_is_let_in_by_accident(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *options, "--state-dir", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "class.example.org"], "is no IPv4 address"),
        (["--shared", "--url", "class.example.org"], "is no address"),
    ],
)
def test_what_sharing_takes(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["serve", *options])
    assert said in capsys.readouterr().err
