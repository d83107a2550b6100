"""A container whose model sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.replicas.wire import ContainerSettings
from tests.local_endpoints.containers.conftest import KEY, RunningContainer, settings_for
from tests.local_endpoints.containers.tgi.scripted import Script

ENV = {"MAX_INPUT_TOKENS": "1024", "MAX_TOTAL_TOKENS": "1536", "MAX_BATCH_PREFILL_TOKENS": "2048"}
REPOSITORY = "HuggingFaceM4/idefics2-8b-chatty"


def settings(folder: Path, **env: str) -> ContainerSettings:
    return ContainerSettings("tgi", REPOSITORY, folder, {**ENV, **env}, KEY, "pocket-test")


@pytest.fixture(scope="session")
def eye(vision_dir: Path) -> Iterator[RunningContainer]:
    running = RunningContainer(settings(vision_dir)).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def roomy(model_dir: Path) -> Iterator[RunningContainer]:
    """A container with room for tools in its prompts."""
    env = {"MAX_INPUT_TOKENS": "1900", "MAX_TOTAL_TOKENS": "2000"}
    running = RunningContainer(settings_for(model_dir, env)).start()
    yield running
    running.stop()


@pytest.fixture
def script(roomy: RunningContainer, monkeypatch: pytest.MonkeyPatch) -> Script:
    """What the roomy container's model says."""
    return Script(roomy, monkeypatch)
