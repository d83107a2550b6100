"""What `tests.imitation` says of the TGI dialect is so: each row, from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.containers.tgi.container import NOT_SERVED
from local_endpoints.containers.tgi.launcher import Launch
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.schemas import CHAT, COMPLETION, GENERATE, PARAMETERS
from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.replicas.wire import ContainerSettings
from local_endpoints.repositories import MODELS_DIR
from tests.imitation import tgi
from tests.imitation.row import Example, names, verdicts
from tests.local_endpoints.containers.conftest import KEY, Reply, RunningContainer, StartContainer

GENERATING = "`parameters` of `/`, `/generate`, `/generate_stream`"
BODIES: dict[str, dict[str, Any]] = {
    GENERATING: {"max_new_tokens": 4},
    "chat": {"messages": tgi.MESSAGES, "max_tokens": 4, "temperature": 0},
    "completions": {"prompt": "Hello", "max_tokens": 4, "temperature": 0},
}
EXAMPLES: dict[str, dict[str, Example]] = {
    GENERATING: tgi.PARAMETERS,
    "chat": tgi.CHAT,
    "completions": tgi.COMPLETIONS,
}
FIELDS = [(part, name) for part in BODIES for name in names(tgi.ROWS, part)]


class Watched(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, **env: str) -> None:
        super().__init__(env)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


@pytest.fixture(scope="module")
def qwen() -> Iterator[RunningContainer]:
    """Pocket Qwen3, which calls functions."""
    order = ContainerSettings("tgi", "Qwen/Qwen3-1.7B", MODELS_DIR / "qwen3", {}, KEY)
    running = RunningContainer(order).start()
    yield running
    running.stop()


def send(container: RunningContainer, part: str, fields: dict[str, Any]) -> Reply:
    body = {**BODIES[part], **fields}
    if part == GENERATING:
        return container.post("/generate", {"inputs": "Hello there", "parameters": body})
    return container.post(f"/v1/{part.replace('chat', 'chat/completions')}", body)


def said(reply: Reply) -> str:
    assert reply.status == 200, reply.text
    told = reply.json()
    return str(told.get("generated_text") or told["choices"][0])


def test_every_field_of_the_bodies_has_a_row_and_an_example() -> None:
    assert set(GENERATE) == {"inputs", "parameters"}
    for part, fields in ((GENERATING, PARAMETERS), ("chat", CHAT), ("completions", COMPLETION)):
        assert set(names(tgi.ROWS, part)) == set(fields) == set(EXAMPLES[part])


@pytest.mark.parametrize(("part", "name"), FIELDS)
def test_a_field_is_taken(qwen: RunningContainer, part: str, name: str) -> None:
    example = EXAMPLES[part][name]
    reply = send(qwen, part, example.fields(name))
    words = example.refusal
    assert (reply.status, words in reply.text) == (422 if words else 200, True), reply.text


@pytest.mark.parametrize(("part", "name"), FIELDS)
def test_a_field_is_read_and_not_overlooked(qwen: RunningContainer, part: str, name: str) -> None:
    """A field that the router does not know may have any value."""
    reply = send(qwen, part, {**EXAMPLES[part][name].fields(name), name: [{"a": 1}]})
    assert reply.status == 422
    assert reply.text.startswith("Failed to deserialize the JSON body into the target type")
    assert send(qwen, part, {"colour": [{"a": 1}]}).status == 200


@pytest.mark.parametrize(
    ("part", "name"), [key for key in FIELDS if verdicts(tgi.ROWS, key[0])[key[1]] == "ignored"]
)
def test_what_is_ignored_changes_nothing(qwen: RunningContainer, part: str, name: str) -> None:
    fields = EXAMPLES[part][name].fields(name)
    assert said(send(qwen, part, fields)) == said(send(qwen, part, {}))


def test_every_route_has_a_row(qwen: RunningContainer) -> None:
    told = verdicts(tgi.ROWS, "routes")
    served = set(qwen.get("/api-doc/openapi.json").json()["paths"])
    assert {path for path, each in told.items() if each != "refused"} == served
    assert {path for path, each in told.items() if each == "refused"} == NOT_SERVED
    assert {qwen.post(path, {}).status for path in NOT_SERVED} == {404}


def test_every_variable_that_is_read_has_a_row(model_dir: Path) -> None:
    env = Watched()
    Limits.from_env(env, ModelConfig.load(model_dir))
    Launch.from_settings(ContainerSettings("tgi", "google/gemma-1.1-2b-it", model_dir, env, KEY))
    told = verdicts(tgi.ROWS, "variables")
    ours = {name for name in env.asked if name.startswith("POCKET_")}
    unread = {"LORA_ADAPTERS", "CORS_ALLOW_ORIGIN", "CUDA_GRAPHS", "TRUST_REMOTE_CODE", "REVISION"}
    assert env.asked - ours == set(told) - unread


def test_variables_that_nobody_reads_change_nothing(start_container: StartContainer) -> None:
    env = {"LORA_ADAPTERS": "a/b", "CORS_ALLOW_ORIGIN": "x", "CUDA_GRAPHS": "0", "REVISION": "x"}
    container = start_container(**env, TRUST_REMOTE_CODE="true")
    assert container.get("/health").status == 200
