"""vLLM containers on tiny models, and one on Pocket Qwen3, which calls functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.replicas.wire import ContainerSettings
from local_endpoints.repositories import MODELS_DIR
from tests.local_endpoints.containers.conftest import KEY, RunningContainer

CHAT = "/v1/chat/completions"
COMPLETIONS = "/v1/completions"
NAME = "google/gemma-1.1-2b-it"
TOOLS = ("--enable-auto-tool-choice", "--tool-call-parser", "hermes")

StartVllm = Callable[..., RunningContainer]


def settings(
    folder: Path, *args: str, repository: str = NAME, accelerators: int = 1, **env: str
) -> ContainerSettings:
    """An order for a vLLM container."""
    return ContainerSettings(
        "vllm", repository, folder, env, KEY, "pocket-test", accelerators, list(args)
    )


def asking(text: str = "the fox", **fields: Any) -> dict[str, Any]:
    """The body of a chat of one message."""
    return {"messages": [{"role": "user", "content": text}], "max_tokens": 6, "seed": 1, **fields}


def ask(container: RunningContainer, text: str = "the fox", **fields: Any) -> Any:
    """The answer to a chat of one message."""
    reply = container.post(CHAT, asking(text, **fields))
    assert reply.status == 200, reply.text
    return reply.json()


def content(answer: Any, index: int = 0) -> str:
    """What was said."""
    text: str = answer["choices"][index]["message"]["content"]
    return text


def refusal(container: RunningContainer, path: str, body: Any) -> tuple[int, str]:
    """Status and text of a refusal."""
    reply = container.post(path, body)
    return reply.status, reply.json()["error"]["message"]


@pytest.fixture(scope="session")
def vllm(model_dir: Path) -> Iterator[RunningContainer]:
    """A container that all tests share."""
    running = RunningContainer(settings(model_dir, "--max-model-len", "100")).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def seeing(vision_dir: Path) -> Iterator[RunningContainer]:
    """One whose model sees."""
    running = RunningContainer(settings(vision_dir, "--limit-mm-per-prompt.image", "2")).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def qwen() -> Iterator[RunningContainer]:
    """Pocket Qwen3, which calls functions."""
    order = settings(MODELS_DIR / "qwen3", *TOOLS, repository="Qwen/Qwen3-1.7B")
    running = RunningContainer(order).start()
    yield running
    running.stop()


@pytest.fixture
def start_vllm(model_dir: Path) -> Iterator[StartVllm]:
    """Starts a container of one's own; takes arguments and environment variables."""
    started: list[RunningContainer] = []

    def start(*args: str, **env: str) -> RunningContainer:
        running = RunningContainer(settings(model_dir, *args, **env)).start()
        started.append(running)
        return running

    yield start
    for running in started:
        running.stop()
