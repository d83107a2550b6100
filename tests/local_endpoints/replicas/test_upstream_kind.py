"""Replicas that are somebody else's server do what every kind has to do, and keep secrets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.responses import Response

from local_endpoints.clock import Clock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.replicas import upstream
from local_endpoints.replicas.kinds import Kinds
from local_endpoints.replicas.replica import Launcher
from local_endpoints.replicas.upstream import UpstreamLauncher
from local_endpoints.repositories import REPOSITORIES
from local_endpoints.shelf import Shelf, Upstream
from tests.fakes import FakeLauncher, ServerThread, Service
from tests.local_endpoints.replicas.conformance import PROGRAM, Conformance, Stand
from tests.patience import WAIT_SECONDS, eventually

REPOSITORY = "gpu-box/real-model"
KEY_ENV, KEY = "GPU_BOX_KEY", "key-of-the-gpu-box"


class GpuBox(Stand):
    """The program as a server that is there before the service, and may come back."""

    def __init__(self, record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(record)
        self._monkeypatch = monkeypatch
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "RECORD": str(self.record), "EXPECTED": KEY},
            text=True,
        )
        assert self.process.stdout
        self.process.stdout.readline()

    def launcher(self, clock: Clock) -> Launcher:
        return Kinds(process=FakeLauncher(clock=clock), upstream=UpstreamLauncher(clock=clock))

    def spec(self) -> dict[str, Any]:
        image = {"sGLang": {"url": "lmsysorg/sglang:latest"}}
        return {"model": {"repository": REPOSITORY, "image": image}}

    def doom(self) -> None:
        self._monkeypatch.setattr(upstream, "START_MISSES", 3)
        self.close()

    def revive(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        """End the server."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setattr(upstream, "HEALTH_SECONDS", 0.02)
    monkeypatch.setenv(KEY_ENV, KEY)
    box = GpuBox(tmp_path / "record", monkeypatch)
    shelf = Shelf(tmp_path)
    shelf.put(REPOSITORY, Upstream(box.url, key_env=KEY_ENV))
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf)
    yield box
    box.close()


class TestUpstream(Conformance):
    def test_nobody_but_the_upstream_sees_its_key_and_no_callers_credentials_leave(
        self, kind_service: Service, stand: Stand
    ) -> None:
        endpoint = kind_service.create(**stand.spec(), type="public")
        assert eventually(lambda: endpoint.state == "running")
        private = {
            "Authorization": "Bearer caller",
            "Cookie": "session=caller",
            "X-Api-Key": "caller",
            "API-Key": "caller",
        }
        answer = requests.get(
            f"{kind_service.url}/{endpoint.id}/hello", headers=private, timeout=WAIT_SECONDS
        )
        (asked,) = stand.events("asked")
        assert f"Bearer {KEY}" in str(asked) and "caller" not in str(asked)
        assert KEY not in f"{answer.headers} {answer.text} {shown(kind_service, endpoint)}"

    def test_it_says_where_it_is_and_that_nothing_of_it_runs_here(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        assert REPOSITORY in (log := shown(kind_service, running))
        assert f"127.0.0.1:{stand.port}" in log and "outside this service" in log  # type: ignore[attr-defined]

    def test_one_that_says_not_yet_is_waited_for_at_its_own_route(
        self,
        kind_service: Service,
        container_server: ServerThread,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        asked: list[str] = []

        async def loads(scope: Any, receive: Any, send: Any) -> None:
            asked.append(scope["path"])
            await Response(status_code=200 if len(asked) > 5 else 503)(scope, receive, send)

        monkeypatch.setattr(upstream, "START_MISSES", 1)
        container_server.app = loads
        address = Upstream(container_server.url, health_route="/-/healthz")
        Shelf(tmp_path).put("slow/model", address)
        endpoint = kind_service.create(model={"repository": "slow/model"})
        assert eventually(lambda: endpoint.state == "running")
        assert set(asked) == {"/-/healthz"}

    def test_without_its_key_it_does_not_start_and_says_which_variable_is_missing(
        self, kind_service: Service, stand: Stand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(KEY_ENV)
        endpoint = kind_service.create(**stand.spec())
        assert eventually(lambda: endpoint.state == "failed")
        assert KEY_ENV in endpoint.error_message
        assert stand.events("asked") == []


def shown(service: Service, endpoint: Endpoint) -> str:
    """The endpoint's log."""
    logs = service.server.call(lambda: service.lifecycle.deployment(endpoint).logs())
    return "\n".join(line for log in logs.values() for line in log.tail(100))
