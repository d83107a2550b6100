"""What is looked at before a class, and what is said where something is wrong."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

from helpers import RefusedError
from helpers.doctor import COMPUTER, MODELS, Check, NotWellError, computer, examine, models
from helpers.doctor.service import own_service
from local_endpoints import find_running


class Amount(NamedTuple):
    available: float = 0.0
    free: float = 0.0


def refuse(*_: Any, **__: Any) -> Any:
    raise OSError("not permitted")


def missing(name: str) -> Any:
    raise PackageNotFoundError(name)


def test_all_is_well_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: Amount(available=1.1e9))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Amount(free=0.3e9))
    assert examine(COMPUTER)


@pytest.mark.parametrize(
    ("place", "name", "value", "look", "found"),
    [
        (psutil, "virtual_memory", lambda: Amount(5e8), computer.check_memory, "0.5 GB free"),
        (shutil, "disk_usage", lambda _: Amount(free=1e8), computer.check_disk, "0.1 GB free"),
        (socket, "create_server", refuse, computer.check_loopback, "not permitted"),
        (computer, "requires", missing, computer.check_packages, "the course is not installed"),
        (
            computer,
            "requires",
            lambda _: ["nosuch~=1.0"],
            computer.check_packages,
            "nosuch is missing",
        ),
        (computer, "version", lambda _: "0.0.1", computer.check_packages, "numpy 0.0.1 is there"),
    ],
)
def test_what_is_wrong_is_said(
    place: Any,
    name: str,
    value: Any,
    look: Callable[[], str],
    found: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(place, name, value)
    with pytest.raises(NotWellError) as problem:
        look()
    assert found in str(problem.value)
    assert problem.value.remedy


def test_one_thing_that_is_wrong_hides_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    def wrong() -> str:
        raise NotWellError("no room", remedy="make some")

    def refused() -> str:
        raise RefusedError("a service said no", status=403)

    checks = [Check("disk", wrong), Check("model", refused), Check("other", lambda: "fine")]
    assert not examine(checks)
    assert capsys.readouterr().out.splitlines() == [
        "WRONG  disk        no room",
        "                   -> make some",
        "WRONG  model       a service said no",
        "ok     other       fine",
    ]


def test_every_model_answers_from_a_service_of_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOCAL_ENDPOINTS_STATE_DIR", str(tmp_path / "the learner's"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with own_service() as found:
        assert found.startswith("http://127.0.0.1:")
        assert examine(MODELS)
        monkeypatch.setattr(models, "InferenceClient", refuse)
        assert not examine(MODELS[:1])
    *answers, wrong, remedy = capsys.readouterr().out.splitlines()
    assert len(answers) == len(MODELS) and all(line.startswith("ok ") for line in answers)
    assert "llama" in answers[-1], "the example picture shows one"
    assert "the model gave no answer (OSError: not permitted)" in wrong and "->" in remedy
    assert find_running() is None, "the learner's own service is left alone"
    assert list(tmp_path.iterdir()) == [], "nothing is left"
