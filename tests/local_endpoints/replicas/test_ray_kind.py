"""Replicas that Ray places do what every kind has to do. These tests take Ray Serve, which is not
part of the extra ``dev``: they are left out without it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from local_endpoints.client import find_running
from local_endpoints.clock import Clock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.replicas.launcher import ContainerLauncher
from local_endpoints.replicas.ray_cluster import RayCluster, ray_cluster
from local_endpoints.replicas.replica import Launcher
from tests.fakes import Service, make_spec, spec_body
from tests.local_endpoints.replicas.conformance import PROGRAM, Conformance, Stand, ask
from tests.patience import eventually
from tests.processes import Process, service

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
        from local_endpoints.replicas.ray_replica import RayReplica

        return ContainerLauncher(
            partial(RayReplica, cluster=self._cluster), self._log_dir, clock=clock
        )

    def revive(self) -> None:
        """The service has another placed."""


def workers() -> list[psutil.Process]:
    """The processes of Ray that have a place in them."""
    return [each for each in descendants() if "ServeReplica" in each.name()]


def descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def keys(stand: Stand) -> list[str]:
    """Of the replicas that were asked, one for each request."""
    return [dict(asked["headers"])["x-replica-key"] for asked in stand.events("asked")]


class TestRay(Conformance):
    @pytest.fixture
    def stand(self, tmp_path: Path, cluster: RayCluster) -> Iterator[Stand]:
        from ray import serve

        yield Applications(tmp_path / "record", tmp_path / "logs", cluster)
        assert not serve.status().applications
        assert not workers()

    @pytest.fixture
    def two(self, kind_service: Service, stand: Stand) -> Endpoint:
        scaling = {"minReplica": 2, "maxReplica": 2}
        endpoint = kind_service.create(**stand.spec(), scaling=scaling)
        assert eventually(lambda: endpoint.state == "running"), endpoint.error_message
        return endpoint

    def test_two_replicas_are_two_applications_and_both_answer(
        self, kind_service: Service, two: Endpoint, stand: Stand
    ) -> None:
        from ray import serve

        with ask(kind_service, two, "/stream", stream=True):
            assert ask(kind_service, two).text == "hello"
        assert len(set(keys(stand))) == 2
        applications = serve.status().applications
        assert len(applications) == 2
        assert all(two.id in name and two.name not in name for name in applications)

    def test_while_a_killed_worker_is_replaced_the_other_answers(
        self, kind_service: Service, two: Endpoint
    ) -> None:
        deployment = kind_service.server.call(lambda: kind_service.lifecycle.deployment(two))
        before = list(deployment.replicas)
        workers()[0].kill()
        assert eventually(lambda: any(each.phase == "exited" for each in before))
        assert ask(kind_service, two).status_code == 200
        assert eventually(lambda: len(deployment.ready()) == 2)
        assert len(set(before) & set(deployment.replicas)) == 1
        assert two.state == "running"

    def test_an_update_leaves_no_request_without_an_answer(
        self, kind_service: Service, stand: Stand
    ) -> None:
        from ray import serve

        spec = {**stand.spec(), "scaling": {"minReplica": 1, "maxReplica": 2}}
        endpoint = kind_service.create(**spec)
        assert eventually(lambda: endpoint.state == "running")
        assert ask(kind_service, endpoint).status_code == 200
        new = make_spec(**spec, tags=["new"])
        kind_service.server.call(lambda: kind_service.lifecycle.update(endpoint, new))
        assert eventually(lambda: ask(kind_service, endpoint).status_code != 200 or is_new(stand))
        assert is_new(stand)
        assert eventually(lambda: endpoint.state == "running")
        assert eventually(lambda: len(serve.status().applications) == 1)

    def test_asleep_nothing_of_it_is_placed(self, kind_service: Service, running: Endpoint) -> None:
        from ray import serve

        kind_service.clock.advance(seconds=15 * 60)
        assert eventually(lambda: running.state == "scaledToZero")
        kind_service.clock.advance(seconds=60)
        assert eventually(lambda: not serve.status().applications)
        assert ask(kind_service, running).status_code == 503
        assert eventually(lambda: ask(kind_service, running).status_code == 200)

    def test_one_for_which_there_is_no_room_says_so_and_waits(
        self, kind_service: Service, stand: Stand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from local_endpoints.replicas import ray_replica

        monkeypatch.setattr(ray_replica, "PLACE_BYTES", 10**15)
        monkeypatch.setattr(ray_replica, "WAITING_SECONDS", 0.5)
        endpoint = kind_service.create(**stand.spec())
        deployment = kind_service.server.call(lambda: kind_service.lifecycle.deployment(endpoint))
        assert eventually(lambda: bool(deployment.replicas))
        (replica,) = deployment.replicas
        assert eventually(lambda: "room" in "".join(replica.log.tail(1)))
        assert endpoint.state == "initializing"
        kind_service.server.call(lambda: kind_service.lifecycle.delete(endpoint))

    def test_of_a_killed_service_the_next_start_leaves_nothing_and_without_one_time_does(
        self, stand: Stand, tmp_path: Path
    ) -> None:
        import ray
        from ray import serve

        address = ray.get_runtime_context().gcs_address
        folder = tmp_path / "state"

        def start() -> Process:
            started = service(folder, "--replicas", "ray", "--ray-address", address)
            started.url()
            return started

        def place(path: str, body: object = None) -> str:
            """Have an endpoint start. Returns: the name of its application."""
            info = find_running(folder)
            assert info is not None
            info.call("POST", f"/v2/endpoint/local-user{path}", body)
            assert eventually(lambda: len(serve.status().applications) == 1)
            return next(iter(serve.status().applications))

        first = start()
        left = place("", spec_body(**stand.spec()))
        first.popen.kill()
        second = start()
        assert left not in serve.status().applications
        place("/an-endpoint/resume")
        second.popen.kill()
        assert eventually(lambda: not serve.status().applications)
        for process in (first, second):
            process.result()


def is_new(stand: Stand) -> bool:
    """Whether another replica than the first has been asked."""
    return len(set(keys(stand))) == 2
