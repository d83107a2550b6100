"""The whole life of an endpoint, lived by a program that knows `huggingface_hub` and nothing of us.

The service, its containers and the model are the real ones; the program is a process of its own
with an empty home.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import openai
import psutil
import pytest
import requests

from local_endpoints import ServiceInfo, ensure_running, stop_running
from tests.patience import eventually

PROGRAM = """
import json, os, sys
from huggingface_hub import InferenceClient, constants, create_inference_endpoint
from huggingface_hub import get_inference_endpoint, list_inference_endpoints
from huggingface_hub.errors import HfHubHTTPError

constants.INFERENCE_ENDPOINTS_ENDPOINT = os.environ["HF_ENDPOINT"] + "/v2"
messages = [{"role": "user", "content": "Please write a short poem about rivers for me."}]
options = dict(model="tgi", max_tokens=120, temperature=0.2, seed=1)
seen = {}


def state(endpoint):
    seen.setdefault("states", []).append(endpoint.status)
    return endpoint


endpoint = state(create_inference_endpoint(
    "plain", repository="google/gemma-1.1-2b-it", framework="pytorch", task="text-generation",
    vendor="aws", region="us-east-1", accelerator="gpu", instance_type="nvidia-l4",
    instance_size="x1", min_replica=0,
    custom_image={"url": "ghcr.io/huggingface/text-generation-inference:latest",
                  "health_route": "/health", "env": {"MODEL_ID": "/repository"}},
))
state(endpoint.wait(timeout=60, refresh_every=1))
url = endpoint.url
client = endpoint.client
seen["poem"] = client.chat_completion(messages, **options).choices[0].message.content
stream = client.chat_completion(messages, **options, stream=True)
seen["streamed"] = "".join(chunk.choices[0].delta.content for chunk in stream)
state(endpoint.pause())
try:
    client.chat_completion(messages, **options)
except HfHubHTTPError as error:
    seen["paused"] = error.response.status_code
state(endpoint.resume()).wait(timeout=60, refresh_every=1)
state(endpoint.scale_to_zero())
try:
    while True:  # for another moment the replica answers
        client.chat_completion(messages, model="tgi", max_tokens=1)
except HfHubHTTPError as error:
    seen["asleep"] = error.response.status_code
patient = InferenceClient(base_url=url, headers={"X-Scale-Up-Timeout": "60"})
seen["woken"] = patient.chat_completion(messages, **options).choices[0].message.content
state(endpoint.fetch())
state(endpoint.update(instance_type="nvidia-t4", max_replica=2)).wait(timeout=60, refresh_every=1)
seen["moved"] = endpoint.raw["compute"]["instanceType"]
seen["after_update"] = client.chat_completion(messages, **options).choices[0].message.content
seen["listed"] = [item.name for item in list_inference_endpoints()]
endpoint.delete()
seen["left"] = [item.name for item in list_inference_endpoints()]
print(json.dumps(seen))
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceInfo]:
    info = ensure_running(tmp_path / "state", owner=os.getpid(), minute=6)
    yield info
    stop_running(tmp_path / "state")


def test_a_plain_program_lives_an_endpoints_whole_life(
    service: ServiceInfo, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "HF_ENDPOINT": service.url,
        "HF_TOKEN": service.token,
        "HF_HOME": str(tmp_path / "home"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["states"] == [
        *("pending", "running", "paused", "pending", "scaledToZero", "running", "updating")
    ]
    assert "river" in seen["poem"].lower()
    assert seen["poem"] == seen["streamed"] == seen["woken"] == seen["after_update"]
    assert (seen["paused"], seen["asleep"]) == (400, 503)
    assert seen["moved"] == "nvidia-t4"
    assert (seen["listed"], seen["left"]) == (["plain"], [])


def test_the_openai_client_needs_only_url_and_token(service: ServiceInfo) -> None:
    spec = {
        "name": "for-openai",
        "type": "authenticated",
        "provider": {"vendor": "aws", "region": "us-east-1"},
        "compute": {
            "accelerator": "gpu",
            "instanceType": "nvidia-l4",
            "instanceSize": "x1",
            "scaling": {"minReplica": 0, "maxReplica": 1},
        },
        "model": {
            "repository": "google/gemma-1.1-2b-it",
            "framework": "pytorch",
            "image": {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}},
        },
    }
    endpoint_path = "/v2/endpoint/local-user"
    service.call("POST", endpoint_path, spec)
    url = None
    while url is None:  # a pending endpoint has no URL; it gets one with the next tick
        url = service.call("GET", f"{endpoint_path}/for-openai")["status"]["url"]
    client = openai.OpenAI(
        base_url=f"{url}/v1", api_key=service.token, default_headers={"X-Scale-Up-Timeout": "60"}
    )
    model = client.models.list().data[0].id
    request = {
        "model": model,
        "messages": [{"role": "user", "content": "Please write a short poem about winter for me."}],
        "max_tokens": 120,
        "temperature": 0.2,
        "seed": 1,
    }
    answer = client.chat.completions.create(**request)
    poem = answer.choices[0].message.content
    assert "winter" in poem.lower()
    stream = client.chat.completions.create(
        **request, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content for chunk in chunks[:-1]) == poem
    assert chunks[-1].usage.completion_tokens == answer.usage.completion_tokens
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        client.chat.completions.create(**{**request, "temperature": -1.0})
    assert "`temperature` must be strictly positive" in str(caught.value.body)
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="unknown").models.list()


def test_processes_follow_the_load_and_an_update_drops_no_request(service: ServiceInfo) -> None:
    scaling = {"minReplica": 1, "maxReplica": 2, "measure": {"pendingRequests": None}}
    container = {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}
    spec = {
        "name": "follows-the-load",
        "type": "authenticated",
        "provider": {"vendor": "aws", "region": "us-east-1"},
        "compute": {
            "accelerator": "gpu",
            "instanceType": "nvidia-l4",
            "instanceSize": "x1",
            "scaling": scaling,
        },
        "model": {
            "repository": "google/gemma-1.1-2b-it",
            "framework": "pytorch",
            "image": {"tgi": {**container, "healthRoute": "/health"}},
        },
    }
    path = "/v2/endpoint/local-user/follows-the-load"
    service.call("POST", "/v2/endpoint/local-user", spec)

    def status() -> dict[str, Any]:
        return dict(service.call("GET", path)["status"])

    def processes() -> set[int]:
        children = psutil.Process(service.pid).children()
        return {child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE}

    assert eventually(lambda: status()["state"] == "running")
    first, url = processes(), status()["url"]
    answers: list[int] = []
    is_over = threading.Event()

    def ask() -> None:
        body = {"inputs": "A poem about rivers", "parameters": {"max_new_tokens": 100}}
        headers = {"Authorization": f"Bearer {service.token}"}
        while not is_over.is_set():
            answer = requests.post(url + "/generate", json=body, headers=headers, timeout=60)
            answers.append(answer.status_code)

    def pass_a_minute() -> bool:
        return bool(service.call("POST", "/_local/clock", {"advance": 6}))

    with ThreadPoolExecutor() as threads:
        asking = [threads.submit(ask) for _ in range(6)]
        try:
            assert eventually(lambda: pass_a_minute() and status()["targetReplica"] == 2)
            assert eventually(lambda: status()["readyReplica"] == 2)
            both = processes()
            assert len(first) == 1 and len(both) == 2 and first < both
            service.call("PUT", path, {"model": {"env": {"A": "1"}}})
            assert eventually(lambda: status()["state"] == "running")
            assert eventually(lambda: len(processes()) == 2)
            assert not both & processes()
        finally:
            is_over.set()
        wait(asking)
    assert set(answers) == {200}
    assert eventually(lambda: pass_a_minute() and status()["targetReplica"] == 1)
    assert eventually(lambda: len(processes()) == 1)
