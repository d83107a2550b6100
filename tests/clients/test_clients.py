"""The clients of the extra ``dev``, against both containers of a real service.

`tests.clients` is the same with more of them, each in an environment of its own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.common import Service
from local_endpoints import ServiceInfo, ensure_running, stop_running
from tests.clients.__main__ import DIALECTS, REPOSITORY, Outcome, ask, table
from tests.clients.environments import CLIENTS
from tests.patience import WAIT_SECONDS

OWN = [client for client in CLIENTS if client.version is None]
NOT_WORKING: dict[tuple[str, str], dict[str, str]] = {
    ("openai", "TGI"): {"schema (`parse`)": "refused 422", "result of a call": "wrong"},
    ("huggingface_hub", "vLLM"): {
        "chat, `model=url`": "refused 404",
        "schema (`json_schema`)": "wrong",
        "schema (TGI's `json`)": "refused 400",
        "text_generation": "refused 404",
        "text_generation, stream": "refused 404",
        "text_generation, JSON grammar": "refused 404",
        "text_generation, regex": "refused 404",
    },
    ("huggingface_hub", "TGI"): {"schema (vLLM's, by `extra_body`)": "wrong"},
    ("smolagents", "vLLM"): {"call, `InferenceClientModel(url)`": "refused 404"},
}
"""With the real servers neither: the folder's README says why."""


@pytest.fixture(scope="module")
def info(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceInfo]:
    folder = tmp_path_factory.mktemp("clients")
    yield ensure_running(folder, owner=os.getpid(), minute=60)
    stop_running(folder)


@pytest.fixture(scope="module")
def services(info: ServiceInfo) -> dict[str, Service]:
    """An endpoint of each dialect."""
    for dialect, options in DIALECTS.items():
        info.call("POST", "/v2/endpoint/local-user", spec(dialect, **options))
    return {dialect: running(info, dialect) for dialect in DIALECTS}


def spec(
    dialect: str, *, custom_image: dict[str, Any], container_args: list[str] | None = None
) -> dict[str, Any]:
    model: dict[str, Any] = {"repository": REPOSITORY, "framework": "pytorch"}
    model |= {"task": "text-generation", "image": custom_image, "args": container_args}
    return {
        "name": f"clients-{dialect.lower()}",
        "type": "private",
        "provider": {"vendor": "aws", "region": "us-east-1"},
        "compute": {
            "accelerator": "gpu",
            "instanceType": "nvidia-l4",
            "instanceSize": "x1",
            "scaling": {"minReplica": 1, "maxReplica": 1},
        },
        "model": {name: value for name, value in model.items() if value is not None},
    }


def running(info: ServiceInfo, dialect: str) -> Service:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        status = info.call("GET", f"/v2/endpoint/local-user/clients-{dialect.lower()}")["status"]
        if status["state"] == "running":
            return Service(status["url"], info.token, info.pid, 0, 0)
        time.sleep(0.05)
    raise AssertionError(status)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("client", OWN, ids=lambda client: client.name)
def test_a_client_gets_what_the_real_server_would_give(
    services: dict[str, Service], client: Any, dialect: str, tmp_path: Path
) -> None:
    outcomes = dict(ask(client, services[dialect], tmp_path))
    found = {name: each.verdict for name, each in outcomes.items() if each.verdict != "works"}
    assert found == NOT_WORKING.get((client.name, dialect), {}), outcomes
    assert len(outcomes) > len(found)


def test_outcomes_are_told_as_a_table() -> None:
    refused = Outcome("refused 422", "no value")
    told = table(
        {
            ("a 1", "chat"): {"vLLM": Outcome("works"), "TGI": refused},
            ("a 1", "schema"): {"vLLM": refused},
        }
    )
    assert told.splitlines() == [
        "| client | feature | vLLM | TGI |",
        "| --- | --- | --- | --- |",
        "| a 1 | chat | works | refused 422 (1) |",
        "| a 1 | schema | refused 422 (1) | not tried |",
        "",
        "1. no value",
    ]
