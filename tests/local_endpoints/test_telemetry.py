"""Nothing leaves this computer: no name is looked up, nothing is noted down about its user."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.repositories import REPOSITORIES
from local_endpoints.telemetry import TELEMETRY_OFF
from tests.alone import run_alone, why_not
from tests.fakes import TGI_IMAGE

ROOT = Path(__file__).parent.parent.parent
DOOR = "local_endpoints/engine/runtime.py"

alone = pytest.mark.skipif(bool(why_not()), reason=why_not())

IMAGES = {
    "vllm": {"vLLM": {"url": "vllm/vllm-openai:latest"}},
    "tgi": TGI_IMAGE,
    "toolkit": {"huggingface": {}},
}
"""What to ask for to get each dialect."""

# A service, one endpoint of every dialect that is started, asked and stopped.
LIFE = """
import json, sys, time
from pathlib import Path
from local_endpoints import ensure_running, stop_running

state_dir, specs = Path(sys.argv[1]), json.loads(sys.argv[2])
service = ensure_running(state_dir)
for spec in specs:
    service.call("POST", "/v2/endpoint/local-user", spec)
for spec in specs:
    path = "/v2/endpoint/local-user/" + spec["name"]
    deadline = time.monotonic() + 60
    while (status := service.call("GET", path)["status"])["state"] != "running":
        assert time.monotonic() < deadline and status["state"] != "failed", status
        time.sleep(0.05)
    url = status["url"].removeprefix(service.url)
    if spec["model"]["task"] == "text-to-image":
        # The answer is no JSON: an error of the model is, and says so.
        body = {"inputs": "a fox", "parameters": {"num_inference_steps": 1, "width": 128,
                                                  "height": 128}}
    elif "vLLM" in spec["model"]["image"]:
        url, body = url + "/v1/completions", {"prompt": "Hello", "max_tokens": 2}
    else:
        body = {"inputs": "Hello", "parameters": {"max_new_tokens": 2}}
    answer = service.call("POST", url, body)
    assert answer, answer
    service.call("POST", path + "/pause")
stop_running(state_dir)
"""


def specs() -> list[dict[str, object]]:
    """One endpoint of each dialect that any repository is served by."""
    by_dialect = {
        dialect: repository
        for repository in REPOSITORIES.values()
        for dialect in repository.dialects
    }
    return [
        {
            "name": f"an-endpoint-{dialect}",
            "type": "authenticated",
            "provider": {"vendor": "aws", "region": "us-east-1"},
            "compute": {
                "accelerator": "gpu",
                "instanceType": "nvidia-l4",
                "instanceSize": "x1",
                "scaling": {"minReplica": 1, "maxReplica": 1},
            },
            "model": {
                "repository": repository.id,
                "framework": "pytorch",
                "task": repository.task,
                "image": IMAGES[dialect],
            },
        }
        for dialect, repository in by_dialect.items()
    ]


@alone
def test_the_service_and_its_replicas_look_up_no_name_and_note_nothing_down(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    program = (sys.executable, "-c", LIFE, str(tmp_path / "state"), json.dumps(specs()))
    assert run_alone(*program, home=home) == []
    assert list(home.rglob("*")) == []


@alone
def test_whoever_imports_the_engine_notes_nothing_down(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert (
        run_alone(sys.executable, "-c", "import local_endpoints.engine.text.model", home=home) == []
    )
    assert list(home.rglob("*")) == []


@alone
def test_what_the_two_tests_above_would_see(tmp_path: Path) -> None:
    """Telemetry notes a device id down as soon as it starts, nine seconds before its first
    look-up: with the file missing, it never started."""
    home = tmp_path / "home"
    home.mkdir()
    program = """
import socket, onnxruntime
try:
    socket.getaddrinfo("a-name.example.com", 443)
except OSError:
    pass
"""
    assert "a-name.example.com" in run_alone(sys.executable, "-c", program, home=home)
    version = subprocess.run(
        [sys.executable, "-c", "import importlib.metadata as m; print(m.version('onnxruntime'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if int(version.split(".")[1]) >= 32:
        assert list(home.rglob("deviceid"))


def python_files() -> Iterator[Path]:
    for folder in ("local_endpoints", "helpers", "tests", "benchmarks"):
        yield from (ROOT / folder).rglob("*.py")
    yield ROOT / "conftest.py"


def imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module)


def test_nobody_imports_onnxruntime_but_through_the_module_that_switches_it_off() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in python_files()
        for name in imports(path.read_text(encoding="utf-8"))
        if name.partition(".")[0] == "onnxruntime"
    }
    assert found == {DOOR}


def test_no_notebook_imports_onnxruntime() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any("onnxruntime" in "".join(cell["source"]) for cell in cells), path.name


def test_the_module_overrules_the_environment() -> None:
    """``0`` leaves telemetry on."""
    (variable,) = TELEMETRY_OFF
    program = f"import os, local_endpoints.engine.runtime; print(os.environ[{variable!r}])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, variable: "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1"
