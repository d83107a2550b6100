"""Replicas that Ray places do what every kind has to do. These tests take Ray Serve, which is not
part of the extra ``dev``: they are left out without it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.clock import Clock
from local_endpoints.replicas.ray_cluster import RayCluster, ray_cluster
from local_endpoints.replicas.replica import Launcher
from tests.local_endpoints.replicas.conformance import PROGRAM, Conformance, Stand

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason='takes pip install -e ".[ray]"'
)

# What `python -m local_endpoints.containers` finds first is the program, for the rest there is the
# real package.
SHADOW = "import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\n"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RayCluster]:
    """Ray, of this process and for all tests. Its workers start in the program's folder."""
    folder = tmp_path_factory.mktemp("ray")
    package = folder / "local_endpoints" / "containers"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").write_text(SHADOW)
    (package / "__init__.py").touch()
    shutil.copy(PROGRAM, package / "__main__.py")
    before = Path.cwd()
    os.chdir(folder)
    try:
        with ray_cluster(folder) as cluster:
            os.chdir(before)
            yield cluster
    finally:
        os.chdir(before)


class Applications(Stand):
    """The program as a container in an application."""

    def __init__(self, record: Path, log_dir: Path, cluster: RayCluster) -> None:
        super().__init__(record)
        self._log_dir = log_dir
        self._cluster = cluster

    def launcher(self, clock: Clock) -> Launcher:
        # Ray reads its variables when it is imported: not before the cluster is there.
        from local_endpoints.replicas.ray_launcher import RayLauncher

        return RayLauncher(self._cluster, self._log_dir, clock=clock)

    def revive(self) -> None:
        """The service has another placed."""


class TestRay(Conformance):
    @pytest.fixture
    def stand(self, tmp_path: Path, cluster: RayCluster) -> Iterator[Stand]:
        from ray import serve

        yield Applications(tmp_path / "record", tmp_path / "logs", cluster)
        assert not serve.status().applications
