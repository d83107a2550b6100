"""A shell that was prepared by one command, and the stock ``hf`` program in it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from local_endpoints.__main__ import main
from local_endpoints.access.token import Grant
from local_endpoints.environment import CHILDREN
from local_endpoints.shell import lines
from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.fakes import MODEL_ID, TGI_IMAGE, Service
from tests.patience import WAIT_SECONDS

PREPARE = f'eval "$({sys.executable} -m local_endpoints env)"'
needs_bash = pytest.mark.skipif(
    os.name == "nt" or shutil.which("bash") is None, reason="there is no bash"
)


@pytest.fixture
def announced(service: Service) -> Service:
    """A service that other processes find."""
    description = {"url": service.url, "pid": os.getpid(), "token": service.token}
    path = service.folder / "service.json"
    path.write_text(json.dumps(description))
    path.chmod(0o600)
    service.keep_ticking()
    return service


def bash(service: Service, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a shell that knows which state directory is meant, and nothing else."""
    return subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, STATE_DIR_VARIABLE: str(service.folder), **variables},
        capture_output=True,
        text=True,
        timeout=5 * WAIT_SECONDS,
    )


@needs_bash
def test_the_stock_command_line_lives_a_whole_life(announced: Service) -> None:
    hardware = "--accelerator gpu --instance-size x1 --instance-type nvidia-l4"
    place = "--region us-east-1 --vendor aws"
    image = f"--engine tgi --custom-image {TGI_IMAGE['tgi']['url']} --health-route /health"
    commands = [
        f"deploy an-endpoint --repo {MODEL_ID} --framework pytorch --task text-generation "
        f"{hardware} {place} {image}",
        "ls --format json",
        "describe an-endpoint",
        "hardware --instance-type nvidia-l4",
        "update an-endpoint --min-replica 0 --scale-to-zero-timeout 30",
        "pause an-endpoint",
        "resume an-endpoint",
        "scale-to-zero an-endpoint",
        "catalog ls --search gemma --format json",
        "catalog deploy --repo open-models/tiny --name from-catalog",
        "delete an-endpoint --yes",
        "ls --format json",
    ]
    steps = "".join(f'echo "== $?"; hf endpoints {command}\n' for command in commands)
    result = bash(announced, f"set -e\n{PREPARE}\n{steps}")
    assert result.returncode == 0, result.stdout + result.stderr
    said = result.stdout.split("== 0\n")[1:]
    wanted = ["an-endpoint", "an-endpoint", MODEL_ID, "nvidia-l4", '"scaleToZeroTimeout": 30']
    wanted += ["paused", "an-endpoint", "scaledToZero", "gemma-1-1-2b-it-tgi", "from-catalog"]
    for command, words, text in zip(commands, wanted, said, strict=False):
        assert words in text, command
    assert [each["name"] for each in json.loads(said[-1])] == ["from-catalog"]
    assert announced.token not in result.stdout + result.stderr


@needs_bash
def test_a_refusal_reaches_the_shell(announced: Service) -> None:
    result = bash(announced, f"{PREPARE}; hf endpoints describe nobody")
    assert result.returncode == 404 % 256
    assert "endpoint nobody not found in namespace local-user" in result.stderr


@needs_bash
def test_whatever_one_starts_is_local(announced: Service, tmp_path: Path) -> None:
    program = "import socket; socket.getaddrinfo('huggingface.co', 443)"
    result = bash(announced, f'{PREPARE}; {sys.executable} -c "{program}"')
    assert "OutOfReachError: huggingface.co is out of reach" in result.stderr


@needs_bash
def test_no_token_of_yours_stays_and_ours_is_nowhere_else(announced: Service) -> None:
    mine = "hf_" + "x" * 34
    script = f"{PREPARE}; {PREPARE}; env"
    result = bash(announced, script, HF_TOKEN=mine, OTHER=f"say {mine}", ODD="it's $HOME")
    seen = dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)
    assert mine not in result.stdout
    assert seen["ODD"] == "it's $HOME"
    assert seen["HF_TOKEN"] == announced.token
    assert seen["HF_ENDPOINT"] == announced.url
    assert seen["PYTHONPATH"].split(os.pathsep).count(str(CHILDREN)) == 1
    written = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in announced.folder.rglob("*")
        if path.is_file() and announced.token.encode() in path.read_bytes()
    }
    assert written == {announced.folder / "service.json": 0o600}


LEARNER = (
    "hf auth whoami --format json; "
    "hf endpoints catalog deploy --repo open-models/tiny --name of-mine > /dev/null; "
    "hf endpoints ls --format json; "
    "hf endpoints ls --namespace local-user; echo status $?"
)


def is_anna(result: subprocess.CompletedProcess[str], token: str) -> None:
    """Whether what the commands of ``LEARNER`` said is about her, in her namespace."""
    who, listed, status = result.stdout.splitlines()
    assert json.loads(who)["user"] == "anna", result.stderr
    assert [each["name"] for each in json.loads(listed)] == ["of-mine"]
    assert status == f"status {403 % 256}"
    assert "namespace local-user is not yours" in result.stderr
    assert token not in result.stdout + result.stderr


@needs_bash
def test_a_learner_takes_their_own_token(announced: Service) -> None:
    (token,) = announced.accounts.add({"anna": Grant("first-day")}).values()
    is_anna(bash(announced, f"{PREPARE}; export HF_TOKEN=$MINE; {LEARNER}", MINE=token), token)


@needs_bash
def test_a_learner_who_may_not_read_the_services_folder(announced: Service, tmp_path: Path) -> None:
    (token,) = announced.accounts.add({"anna": Grant("first-day")}).values()
    prepare = f'eval "$({sys.executable} -m local_endpoints env --url {announced.url})"'
    elsewhere = {STATE_DIR_VARIABLE: str(tmp_path / "of-anna"), "HF_TOKEN": token}
    is_anna(bash(announced, f"{prepare}; {LEARNER}", **elsewhere), token)
    assert not (tmp_path / "of-anna" / "service.json").exists()


@pytest.mark.parametrize("token", ["", "hf_" + "x" * 34])
def test_somebody_elses_service_gets_none_of_your_real_tokens(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    command = ["env", "--url", "http://127.0.0.1:9", "--state-dir", str(tmp_path)]
    assert main(command) == 1
    said = capsys.readouterr()
    assert said.out == "" and "set LOCAL_ENDPOINTS_TOKEN" in said.err


def test_the_token_that_is_meant_goes_before_that_of_a_service_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A shell that was prepared for the own service has that one's in ``HF_TOKEN``."""
    monkeypatch.setenv("HF_TOKEN", "local_own")
    monkeypatch.setenv("LOCAL_ENDPOINTS_TOKEN", "local_of-the-class")
    url = "https://class.example.org"
    assert main(["env", "--url", url, "--state-dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "local_of-the-class" in said and "local_own" not in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://huggingface.co", "is the real service"),
        ("http://10.0.0.1:80", "where others can read it"),
    ],
)
def test_where_your_token_must_not_go(
    url: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HF_TOKEN", "local_anna")
    assert main(["env", "--url", url, "--state-dir", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err


def test_what_is_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["env", "--url", "127.0.0.1:80"])
    assert "is no address" in capsys.readouterr().err


def test_a_terminal_does_not_show_the_token(
    announced: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["env", "--shell", "sh", "--state-dir", str(announced.folder)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert 'eval "$(python -m local_endpoints env)"' in said.err


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ("sh", "export A='it'\"'\"'s'\nunset B\n"),
        (
            "powershell",
            "$env:A = 'it''s'\nRemove-Item Env:B -ErrorAction SilentlyContinue\n",
        ),
    ],
)
def test_lines(shell: str, expected: str) -> None:
    assert lines({"A": "it's", "B": None, "BASH_FUNC_f%%": None}, shell=shell) == expected
