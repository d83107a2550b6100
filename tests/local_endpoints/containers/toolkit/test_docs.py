"""The document of the container's routes: it names all of them, and real answers fit it."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests.local_endpoints.containers.conftest import Reply, RunningContainer

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def document(toolkit: RunningContainer) -> dict[str, Any]:
    found: dict[str, Any] = toolkit.get("/openapi.json").json()
    return found


def test_every_method_of_every_route_is_described_and_no_other(
    toolkit: RunningContainer, document: dict[str, Any]
) -> None:
    assert set(document["paths"]) == {"/", "/health", "/predict", "/metrics", "/openapi.json"}
    for path, operations in document["paths"].items():
        for method in METHODS:
            reply = toolkit.send(method.upper(), path)
            assert (reply.status != 405) == (method in operations), (method, path)
            assert reply.status == 405 or str(reply.status) in operations[method]["responses"]


def check(document: dict[str, Any], reply: Reply) -> None:
    """That a picture, or its refusal, is as the document says."""
    described = document["paths"]["/"]["post"]["responses"][str(reply.status)]
    schema = described["content"][reply.headers["content-type"]]["schema"]
    if reply.headers["content-type"] == "application/json":
        jsonschema.validate(reply.json(), schema)


@pytest.mark.parametrize(
    ("body", "accept", "status"),
    [
        ({"inputs": "a", "parameters": {"num_inference_steps": 1}}, "*/*", 200),
        ({"inputs": ["a"], "parameters": {"num_inference_steps": 1}}, "image/webp", 200),
        ({"inputs": "a", "parameters": {"num_inference_steps": 0}}, "image/png", 400),
        ({}, "*/*", 400),
    ],
)
def test_answers_are_as_the_document_says(
    toolkit: RunningContainer, document: dict[str, Any], body: Any, accept: str, status: int
) -> None:
    reply = toolkit.post("/", body, accept=accept)
    assert reply.status == status, reply.text
    check(document, reply)


def test_what_is_sent_is_as_the_document_says(document: dict[str, Any]) -> None:
    sent = document["paths"]["/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    parameters = {"negative_prompt": "b", "height": 64, "width": 64, "guidance_scale": 1.5, "x": 1}
    jsonschema.validate({"inputs": "a", "parameters": parameters}, sent)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"parameters": {}}, sent)
