"""The real process: how it starts, refuses to start, and ends."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_endpoints.containers.conftest import ENV, KEY, REPOSITORY
from tests.local_endpoints.engine.diffusion.tiny_pipeline import write_tiny_pipeline
from tests.patience import WAIT_SECONDS

Process = subprocess.Popen[str]


def start(model_dir: Path, **changes: object) -> Process:
    order = {
        "dialect": "tgi",
        "repository": REPOSITORY,
        "model_dir": str(model_dir),
        "env": ENV,
        "replica_key": KEY,
        **changes,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "local_endpoints.containers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    return process


@pytest.fixture
def process(model_dir: Path) -> Iterator[Process]:
    running = start(model_dir)
    yield running
    running.kill()
    running.wait()
    for stream in (running.stdin, running.stdout, running.stderr):
        if stream:
            stream.close()


def url_of(process: Process) -> str:
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("Listening on http://127.0.0.1:"), line
    return line.split()[2]


def get(url: str, **headers: str) -> int:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_it_answers_as_soon_as_it_says_so_and_only_with_the_key(process: Process) -> None:
    url = url_of(process)
    assert get(f"{url}/health", **{"x-replica-key": KEY}) == 200
    assert get(f"{url}/health") == 403
    assert get(f"{url}/health", **{"x-replica-key": "another"}) == 403


def test_a_long_head_is_refused_whoever_sends_it(process: Process) -> None:
    headers = {"x-long": "x" * 100_000}
    assert get(f"{url_of(process)}/health", **headers) == 431


def test_the_end_of_standard_input_ends_it(process: Process) -> None:
    url_of(process)
    assert process.stdin
    process.stdin.close()
    assert process.wait(WAIT_SECONDS) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_a_signal_ends_it_while_a_stream_is_open(process: Process) -> None:
    url = url_of(process)
    body = json.dumps({"inputs": "the fox", "parameters": {"max_new_tokens": 40}}).encode()
    headers = {"x-replica-key": KEY, "content-type": "application/json"}
    request = urllib.request.Request(f"{url}/generate_stream", body, headers)
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as stream:
        assert stream.readline().startswith(b"data: ")
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_a_signal_leaves_nobody_with_an_internal_error(tmp_path: Path) -> None:
    process = start(write_tiny_pipeline(tmp_path), dialect="toolkit", env={"POCKET_MAX_BATCH": "1"})
    address = url_of(process).removeprefix("http://")
    parameters = {"num_inference_steps": 1000, "height": 128, "width": 128}
    body = json.dumps({"inputs": "a fox", "parameters": parameters})
    headers = {"x-replica-key": KEY, "content-type": "application/json"}
    # One after the other, they take longer than a server waits for answers when it ends.
    connections = [http.client.HTTPConnection(address, timeout=WAIT_SECONDS) for _ in range(64)]
    for connection in connections:
        connection.request("POST", "/", body, headers)
    assert get(f"http://{address}/health", **headers) == 200, "and it has read all the others"
    process.send_signal(signal.SIGTERM)
    answers = [connection.getresponse() for connection in connections]
    assert {answer.status for answer in answers} <= {200, 503}
    assert json.loads(answers[-1].read())["error"] == "503 Service Unavailable"
    assert process.wait(WAIT_SECONDS) == 0
    assert process.stderr
    assert "Traceback" not in process.stderr.read()


def test_the_log_names_the_pocket_model_and_no_prompt(process: Process) -> None:
    url = url_of(process)
    body = json.dumps({"inputs": "a very private text", "secret_field": 1}).encode()
    headers = {"x-replica-key": KEY, "content-type": "application/json"}
    request = urllib.request.Request(f"{url}/generate", body, headers)
    urllib.request.urlopen(request, timeout=WAIT_SECONDS).read()
    process.kill()
    _, log = process.communicate(timeout=WAIT_SECONDS)
    assert f"A pocket model speaks here, not the real {REPOSITORY}" in log
    assert "secret_field" in log
    assert "private" not in log
    assert KEY not in log


@pytest.mark.parametrize(
    ("env", "refusal"),
    [
        (
            {"MAX_INPUT_TOKENS": "10", "MAX_INPUT_LENGTH": "10"},
            "Both `max_input_tokens` (10) and `max_input_length` (10) are set.",
        ),
        (
            {"MAX_INPUT_TOKENS": "100", "MAX_TOTAL_TOKENS": "100"},
            "`max_input_tokens`(100) must be < `max_total_tokens`(100)",
        ),
        ({"MAX_TOTAL_TOKENS": "many"}, "invalid digit found in string"),
    ],
)
def test_a_wrong_configuration_ends_it_with_the_launchers_words(
    model_dir: Path, env: dict[str, str], refusal: str
) -> None:
    process = start(model_dir, env=env)
    output, log = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 1
    assert refusal in log
    assert "Traceback" not in log
    assert output == ""


def test_an_unknown_dialect_is_refused(model_dir: Path) -> None:
    process = start(model_dir, dialect="other")
    _, log = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 1
    assert "no container speaks 'other': choose 'vllm' or 'tgi' or 'toolkit'" in log


def test_a_toolkit_process_draws_and_its_log_holds_no_prompt(tmp_path: Path) -> None:
    process = start(write_tiny_pipeline(tmp_path), dialect="toolkit", env={})
    url = url_of(process)
    body = json.dumps({"inputs": "a very private fox", "parameters": {"num_inference_steps": 2}})
    headers = {"x-replica-key": KEY, "content-type": "application/json", "accept": "image/png"}
    request = urllib.request.Request(url, body.encode(), headers)
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
        assert answer.read().startswith(b"\x89PNG")
    assert process.stdin
    process.stdin.close()
    assert process.wait(WAIT_SECONDS) == 0
    assert process.stderr
    log = process.stderr.read()
    assert f"A pocket model draws here, not the real {REPOSITORY}" in log
    assert "2 steps, guidance 5, seed " in log
    assert "private" not in log
    assert KEY not in log


def test_a_folder_with_another_model_ends_a_toolkit_process(model_dir: Path) -> None:
    process = start(model_dir, dialect="toolkit", env={})
    output, log = process.communicate(timeout=WAIT_SECONDS)
    assert (process.returncode, output) == (1, "")
    assert "holds no text-to-image model" in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("dialect", "its_own"),
    # vLLM words what FastAPI and pydantic find in a body.
    [("vllm", "fastapi"), ("tgi", ""), ("toolkit", "")],
)
def test_heavy_libraries_are_not_imported(dialect: str, its_own: str) -> None:
    code = (
        f"import sys, local_endpoints.containers.{dialect}.container; "
        "print([m for m in ('torch', 'transformers', 'huggingface_hub', 'onnx', 'fastapi') "
        f"if m in sys.modules and m != {its_own!r}])"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "[]"
