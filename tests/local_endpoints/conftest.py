"""Services as processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.client import stop_running
from tests.processes import Process, Start, service


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start services; whatever is left of them at the end is killed."""
    processes: list[Process] = []

    def start(*arguments: str, state_dir: Path = tmp_path / "state") -> Process:
        process = service(state_dir, *arguments)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state directory whose service is stopped at the end."""
    folder = tmp_path / "state"
    yield folder
    stop_running(folder)
