"""Toolkit containers on the tiny pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.replicas.wire import ContainerSettings
from tests.local_endpoints.containers.conftest import KEY, Env, RunningContainer, StartContainer
from tests.local_endpoints.engine.diffusion.tiny_pipeline import write_tiny_pipeline

REPOSITORY = "stabilityai/stable-diffusion-xl-base-1.0"


@pytest.fixture(scope="session")
def pipeline_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny pipeline."""
    return write_tiny_pipeline(tmp_path_factory.mktemp("tiny-pipeline"))


def settings_for(folder: Path, env: Env) -> ContainerSettings:
    """An order for a toolkit container."""
    return ContainerSettings("toolkit", REPOSITORY, folder, dict(env), KEY)


@pytest.fixture(scope="session")
def toolkit(pipeline_dir: Path) -> Iterator[RunningContainer]:
    """One container that all tests share."""
    running = RunningContainer(settings_for(pipeline_dir, {"POCKET_THREADS": "1"})).start()
    yield running
    running.stop()


@pytest.fixture
def start_toolkit(pipeline_dir: Path) -> Iterator[StartContainer]:
    """Starts a container of one's own; takes environment variables."""
    started: list[RunningContainer] = []

    def start(**env: str) -> RunningContainer:
        running = RunningContainer(settings_for(pipeline_dir, env)).start()
        started.append(running)
        return running

    yield start
    for running in started:
        running.stop()
