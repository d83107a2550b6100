"""Replicas that share a process do what every kind has to do, and each of them for itself."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from local_endpoints.clock import Clock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.replicas.launcher import ContainerLauncher
from local_endpoints.replicas.process import ProcessReplica
from local_endpoints.replicas.replica import Launcher, Replica
from local_endpoints.replicas.seats import SeatLauncher
from tests.fakes import Service
from tests.local_endpoints.replicas.conformance import Conformance, Stand, ask
from tests.patience import eventually
from tests.processes import children

PROGRAM = Path(__file__).with_name("seat_program.py")
ROOT = Path(__file__).parents[3]
SITE = """
import dataclasses
from local_endpoints.dialects import DIALECTS
DIALECTS["tgi"] = dataclasses.replace(DIALECTS["tgi"], container="seat_program:Program")
"""


class Seats(Stand):
    """The program as a container beside others."""

    def __init__(self, record: Path, log_dir: Path) -> None:
        super().__init__(record)
        self._log_dir = log_dir

    def launcher(self, clock: Clock) -> Launcher:
        return SeatLauncher(ContainerLauncher(ProcessReplica, self._log_dir, clock=clock))

    def revive(self) -> None:
        """The service starts another."""


class TestSeats(Conformance):
    @pytest.fixture
    def stand(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
        site = tmp_path / "site"
        site.mkdir()
        shutil.copy(PROGRAM, site)
        (site / "sitecustomize.py").write_text(SITE)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(ROOT)]))
        yield Seats(tmp_path / "record", tmp_path / "logs")
        assert children("local_endpoints.containers") == []

    @pytest.fixture
    def three(self, kind_service: Service, stand: Stand) -> list[Endpoint]:
        """Running endpoints of one model."""
        made = []
        for name in ("first", "second", "third"):
            spec: dict[str, Any] = stand.spec()
            spec["model"]["env"]["NAME"] = name
            made.append(kind_service.create(f"the-{name}", **spec))
        assert eventually(lambda: all(each.state == "running" for each in made))
        return made

    def test_they_share_a_process_until_the_last_is_gone(
        self, kind_service: Service, three: list[Endpoint], stand: Stand
    ) -> None:
        for endpoint in three:
            assert ask(kind_service, endpoint).text == "hello"
        (process,) = {each["process"] for each in stand.events("asked")}
        lifecycle = kind_service.lifecycle
        for endpoint in three:
            assert psutil.pid_exists(process)
            kind_service.server.call(lambda gone=endpoint: lifecycle.delete(gone))
        assert eventually(lambda: children("local_endpoints.containers") == [])

    def test_one_that_dies_leaves_the_others_alone(
        self, kind_service: Service, three: list[Endpoint], stand: Stand
    ) -> None:
        first, second, _ = (replica_of(kind_service, each) for each in three)
        with ask(kind_service, three[1], "/stream", stream=True) as answer:
            events = answer.iter_lines()
            next(events)
            with ask(kind_service, three[0], "/stream", stream=True) as broken:
                lines = broken.iter_lines()
                next(lines)
                kind_service.server.call(first.crash)
                with pytest.raises(requests.RequestException):
                    for _ in lines:
                        pass
            assert [next(events) for _ in range(4)]
        assert eventually(lambda: replica_of(kind_service, three[0]) is not first)
        assert replica_of(kind_service, three[1]) is second
        assert "container exited with code -9" in first.log.tail(1)
        assert eventually(lambda: ask(kind_service, three[0]).status_code == 200)
        assert len({each["process"] for each in stand.events("asked")}) == 1

    def test_when_the_process_dies_each_gets_another(
        self, kind_service: Service, three: list[Endpoint], stand: Stand
    ) -> None:
        with contextlib.suppress(requests.RequestException):
            ask(kind_service, three[0], "/die")
        for endpoint in three:
            assert eventually(lambda each=endpoint: ask(kind_service, each).status_code == 200)
            assert endpoint.state == "running"

    def test_one_replicas_key_opens_no_other_and_a_former_one_nothing(
        self, kind_service: Service, three: list[Endpoint]
    ) -> None:
        first, second, _ = (replica_of(kind_service, each) for each in three)
        assert first.url == second.url and first.headers != second.headers
        answer = requests.get(f"{first.url}/hello", headers={"x-replica-key": "no"}, timeout=20)
        assert answer.status_code == 403
        kind_service.server.call(lambda: kind_service.lifecycle.pause(three[0]))

        def is_gone() -> bool:
            try:
                requests.get(f"{first.url}/hello", headers=dict(first.headers), timeout=20)
            except requests.ConnectionError:
                return True
            return False

        assert eventually(is_gone)
        answer = requests.get(f"{second.url}/hello", headers=dict(second.headers), timeout=20)
        assert answer.status_code == 200


def replica_of(service: Service, endpoint: Endpoint) -> Replica:
    deployment = service.server.call(lambda: service.lifecycle.deployment(endpoint))
    return deployment.replicas[0]
