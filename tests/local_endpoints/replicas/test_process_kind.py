"""Replicas as processes of this computer do what every kind has to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.clock import Clock
from local_endpoints.replicas.launcher import ContainerLauncher
from local_endpoints.replicas.process import ProcessReplica
from local_endpoints.replicas.replica import Launcher
from tests.local_endpoints.replicas.conformance import PROGRAM, Conformance, Stand
from tests.processes import children


class Processes(Stand):
    """The program as a container."""

    def __init__(self, record: Path, log_dir: Path) -> None:
        super().__init__(record)
        self._log_dir = log_dir

    def launcher(self, clock: Clock) -> Launcher:
        return ContainerLauncher(ProcessReplica, self._log_dir, clock=clock)

    def revive(self) -> None:
        """The service starts another."""


class TestProcess(Conformance):
    @pytest.fixture
    def stand(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
        package = tmp_path / "program" / "local_endpoints" / "containers"
        package.mkdir(parents=True)
        shutil.copy(PROGRAM, package / "__main__.py")
        for folder in (package, package.parent):
            (folder / "__init__.py").touch()
        # `python -m` looks into the current folder first.
        monkeypatch.chdir(tmp_path / "program")
        yield Processes(tmp_path / "record", tmp_path / "logs")
        assert children("local_endpoints.containers") == []
