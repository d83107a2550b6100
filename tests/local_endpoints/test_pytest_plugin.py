"""The plugin as a project of somebody else uses it: pytest in a process and a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.patience import WAIT_SECONDS

EXAMPLE = Path(__file__).parents[2] / "examples" / "poet"
PLUGIN = "local_endpoints.pytest_plugin"

WITHOUT_FIXTURES = """
import sys

def test_nothing_is_imported():
    modules = {"huggingface_hub", "httpx2", "platformdirs", "local_endpoints.client"}
    assert not modules & set(sys.modules)
"""
WITH_FIXTURES = """
import base64, io, os, stat
import pytest
from huggingface_hub import constants, get_token, list_inference_endpoints
from huggingface_hub.errors import HfHubHTTPError

BEFORE = constants.ENDPOINT, constants.INFERENCE_ENDPOINTS_ENDPOINT, get_token()
seen = []

def test_connected(text_generation_endpoint, inference_client, inference_service):
    assert constants.INFERENCE_ENDPOINTS_ENDPOINT == inference_service.url + "/v2"
    assert get_token() == inference_service.token
    (found,) = list_inference_endpoints()
    assert (found.name, found.status) == (text_generation_endpoint.name, "running")
    inference_client.create_inference_endpoint_from_catalog("google/gemma-1.1-2b-it")
    seen.append(found.name)
    found.pause()

def test_as_before():
    assert BEFORE == (constants.ENDPOINT, constants.INFERENCE_ENDPOINTS_ENDPOINT, get_token())

def test_the_same_again(text_generation_endpoint):
    assert text_generation_endpoint.status == "running"
    assert [each.name for each in list_inference_endpoints()] == seen
    text_generation_endpoint.update(scale_to_zero_timeout=30)

def test_another_one_after_a_change(text_generation_endpoint):
    assert text_generation_endpoint.raw["compute"]["scaling"]["scaleToZeroTimeout"] == 60
    assert text_generation_endpoint.name not in seen
    text_generation_endpoint.delete()

def test_another_one_after_a_deletion(text_generation_endpoint):
    assert text_generation_endpoint.fetch().status == "running"

def test_faults(inference_faults, inference_client):
    inference_client.create_inference_endpoint_from_catalog("google/gemma-1.1-2b-it")
    fault = inference_faults.add("status", status=502)
    other = inference_faults.add("empty", path="/nowhere")
    with pytest.raises(HfHubHTTPError, match="502"):
        inference_client.list_inference_endpoints()
    assert (inference_faults.struck(fault), inference_faults.struck(other)) == (1, 0)

def test_faults_end_with_their_test(inference_client, inference_faults):
    assert inference_faults.journal() == []
    assert len(inference_client.list_inference_endpoints(namespace="local-user")) == 1
    (entry,) = inference_faults.journal("/v2/")
    assert entry["status"] == 200

def test_an_eye_and_a_hand(text_to_image_endpoint, image_text_to_text_endpoint):
    endpoints = (text_to_image_endpoint, image_text_to_text_endpoint)
    assert [each.status for each in endpoints] == ["running", "running"]
    picture = text_to_image_endpoint.client.text_to_image("a llama", num_inference_steps=1)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    url = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    message = {"role": "user", "content": [
        {"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}},
    ]}
    eye = image_text_to_text_endpoint
    answer = eye.client.chat_completion([message], model=eye.repository, max_tokens=4)
    assert answer.choices[0].message.content.strip()

def test_the_service_is_private(inference_service):
    folder = inference_service.state_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700 or os.name != "posix"
"""


def run_pytest(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a folder, with nothing of the run around it."""
    foreign = ("PYTEST_", "HF_", STATE_DIR_VARIABLE)
    env = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**env, "HF_HUB_DISABLE_EXPERIMENTAL_WARNING": "1", **variables},
        capture_output=True,
        text=True,
        timeout=5 * WAIT_SECONDS,
    )


def test_the_example_passes_one_service_for_each_worker(tmp_path: Path) -> None:
    pytest.importorskip("xdist")
    project = shutil.copytree(EXAMPLE, tmp_path / "poet")
    result = run_pytest(project, "-n2", f"--basetemp={tmp_path / 'base'}")
    assert result.returncode == 0, result.stdout
    services = list((tmp_path / "base").glob("popen-gw*/inference-service0"))
    assert len(services) == 2
    assert not [each for each in services if (each / "service.json").exists()], "both have ended"


def test_a_run_that_does_not_use_it_does_not_feel_it(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(WITHOUT_FIXTURES)
    result = run_pytest(tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert result.returncode == 0, result.stdout


def test_fixtures_leave_nothing_to_the_next_test(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(WITH_FIXTURES)
    result = run_pytest(tmp_path, f"--basetemp={tmp_path / 'base'}", HF_TOKEN="hf_" + "x" * 34)
    assert "9 passed" in result.stdout, result.stdout


def test_the_fixtures_say_what_they_are(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, "--fixtures", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    for name in ("inference_service", "text_to_image_endpoint", "inference_clock"):
        assert f"\n{name}" in result.stdout
    assert "no docstring" not in result.stdout.partition(PLUGIN)[2].partition("\n---")[0]
