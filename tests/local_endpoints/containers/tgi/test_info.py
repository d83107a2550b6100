"""The routes that describe the container."""

from __future__ import annotations

import re

import pytest

from tests.local_endpoints.containers.conftest import RunningContainer, StartContainer


@pytest.mark.parametrize("path", ["/", "/health", "/ping"])
def test_health_is_an_empty_200(container: RunningContainer, path: str) -> None:
    reply = container.get(path)
    assert (reply.status, reply.text) == (200, "")


def test_info(container: RunningContainer) -> None:
    assert container.get("/info").json() == {
        "model_id": "/repository",
        "model_sha": None,
        "model_pipeline_tag": None,
        "max_concurrent_requests": 128,
        "max_best_of": 2,
        "max_stop_sequences": 4,
        "max_input_tokens": 60,
        "max_total_tokens": 100,
        "validation_workers": 2,
        "max_client_batch_size": 4,
        "router": "text-generation-router",
        "version": "3.3.7",
        "sha": None,
        "docker_label": "pocket-test",
    }


def test_models(container: RunningContainer, start_container: StartContainer) -> None:
    assert container.get("/v1/models").json() == {
        "object": "list",
        "data": [{"id": "/repository", "object": "model", "created": 0, "owned_by": "/repository"}],
    }
    named = start_container(MODEL_ID="google/gemma-1.1-2b-it")
    assert named.get("/v1/models").json()["data"][0]["id"] == "google/gemma-1.1-2b-it"


def test_the_documentation_lists_every_field_and_loads_nothing(container: RunningContainer) -> None:
    reply = container.get("/docs")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    for name in ("max_new_tokens", "top_n_tokens", "stream_options", "presence_penalty"):
        assert f"<code>{name}</code>" in reply.text
    assert not re.search(r"https?://|<script|<link|src=", reply.text)


def test_every_documented_route_exists(container: RunningContainer) -> None:
    document = container.get("/api-doc/openapi.json").json()
    assert document["info"]["version"] == "3.3.7"
    for path, methods in document["paths"].items():
        for method in methods:
            status = container.send(method.upper(), path).status
            assert status == (200 if method == "get" else 415), (method, path)
    generate = document["paths"]["/generate"]["post"]["requestBody"]["content"]
    schema = generate["application/json"]["schema"]
    assert schema["required"] == ["inputs"]
    assert schema["properties"]["parameters"]["properties"]["top_k"]["nullable"]
