"""What every kind of replica has to do, seen from outside: by clients, on the bill, and by what
answers behind it. A kind is tried by a subclass of ``Conformance`` that brings a ``Stand``.
"""

from __future__ import annotations

import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from local_endpoints.clock import Clock, ManualClock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.replicas.replica import Launcher
from tests.fakes import ServerThread, Service
from tests.patience import WAIT_SECONDS, eventually

PROGRAM = Path(__file__).with_name("program.py")


class Stand(ABC):
    """A kind, with ``program`` behind it.

    Args:
        record: the file that the program writes into.
    """

    def __init__(self, record: Path) -> None:
        self.record = record

    @abstractmethod
    def launcher(self, clock: Clock) -> Launcher:
        """Of this kind; asked for once, in the loop that it will live in."""

    def spec(self) -> dict[str, Any]:
        """How a spec asks for an endpoint that it serves; see ``spec_body``."""
        return {"model": {"env": {"RECORD": str(self.record)}}}

    def doom(self) -> None:
        """Let the program not start any more."""
        self.record.with_suffix(".doom").touch()

    @abstractmethod
    def revive(self) -> None:
        """After the program's death: let it answer again, where the service does not do it."""

    def events(self, event: str) -> list[dict[str, Any]]:
        """What happened in the program."""
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return [each for each in map(json.loads, lines) if each["event"] == event]


class Conformance:
    """The tests. A subclass defines the fixture ``stand``."""

    @pytest.fixture
    def kind_service(
        self, _service_server: ServerThread, repositories: object, tmp_path: Path, stand: Stand
    ) -> Iterator[Service]:
        """The service in this process, with real replicas and a clock that stands still."""
        server = _service_server
        launcher = server.call(lambda: stand.launcher(ManualClock()))
        service = Service(server, tmp_path, launcher=launcher).start()
        service.keep_ticking()
        yield service
        service.stop()
        server.wait_for(launcher.stop_all())

    @pytest.fixture
    def running(self, kind_service: Service, stand: Stand) -> Endpoint:
        endpoint = kind_service.create(**stand.spec())
        assert eventually(lambda: endpoint.state == "running"), endpoint.error_message
        return endpoint

    def test_it_serves_pauses_and_serves_again(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        assert ask(kind_service, running).text == "hello"
        kind_service.server.call(lambda: kind_service.lifecycle.pause(running))
        assert ask(kind_service, running).status_code == 400
        kind_service.server.call(lambda: kind_service.lifecycle.resume(running))
        assert eventually(lambda: ask(kind_service, running).status_code == 200)
        kind_service.server.call(lambda: kind_service.lifecycle.delete(running))
        assert ask(kind_service, running).status_code == 404

    def test_a_stream_comes_as_it_is_made_and_ends_with_its_reader(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        with ask(kind_service, running, "/stream", stream=True) as answer:
            assert next(answer.iter_lines()) == b"data: event"
        assert eventually(lambda: len(stand.events("left")) == 1)

    def test_a_path_arrives_byte_by_byte_and_the_answer_names_no_server_in_between(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        answer = ask(kind_service, running, "/a%2Fb//%20c;d?q=%26+%20&q=")
        (asked,) = stand.events("asked")
        assert asked["path"] == "/a%2Fb//%20c;d?q=%26+%20&q="
        assert "uvicorn" not in answer.headers.get("server", "")
        assert len(answer.headers["x-request-id"]) > 0

    def test_where_it_leads_elsewhere_the_way_goes_by_the_endpoints_address(
        self, kind_service: Service, running: Endpoint
    ) -> None:
        url = f"{kind_service.url}/{running.id}"
        answer = requests.get(
            f"{url}/moved",
            headers=kind_service.headers,
            allow_redirects=False,
            timeout=WAIT_SECONDS,
        )
        assert (answer.status_code, answer.headers["location"]) == (307, f"{url}/hello")

    def test_of_the_caller_it_sees_no_token(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        ask(kind_service, running)
        (asked,) = stand.events("asked")
        assert kind_service.token not in json.dumps(asked)

    def test_after_its_death_there_is_another(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        with pytest.raises(requests.RequestException):
            ask(kind_service, running, "/die")
        stand.revive()
        assert eventually(lambda: ask(kind_service, running).status_code == 200)
        assert running.state == "running"

    def test_one_that_dies_on_demand_is_replaced_too(
        self, kind_service: Service, running: Endpoint
    ) -> None:
        deployment = kind_service.server.call(lambda: kind_service.lifecycle.deployment(running))
        first = deployment.replicas[0]
        kind_service.server.call(first.crash)
        assert eventually(lambda: first not in deployment.replicas)
        assert eventually(lambda: ask(kind_service, running).status_code == 200)

    def test_when_none_can_live_the_endpoint_fails_and_costs_no_more(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        stand.doom()
        with contextlib.suppress(requests.RequestException):
            ask(kind_service, running, "/die")
        assert eventually(lambda: running.state == "failed")
        assert running.error_message
        assert ask(kind_service, running).status_code == 400
        cost = bill(kind_service, running)
        kind_service.clock.advance(seconds=3600)
        assert bill(kind_service, running) == cost

    def test_where_none_comes_to_life_the_endpoint_fails_with_the_reason(
        self, kind_service: Service, stand: Stand
    ) -> None:
        stand.doom()
        endpoint = kind_service.create(**stand.spec())
        assert eventually(lambda: endpoint.state == "failed")
        assert endpoint.error_message
        assert bill(kind_service, endpoint) == 0

    def test_asleep_it_is_left_alone_until_a_request_wakes_it(
        self, kind_service: Service, running: Endpoint, stand: Stand
    ) -> None:
        assert ask(kind_service, running).status_code == 200
        assert eventually(lambda: is_idle(kind_service, running))
        kind_service.clock.advance(seconds=15 * 60)
        assert eventually(lambda: running.state == "scaledToZero")
        kind_service.clock.advance(seconds=60)  # replicas drain before they go
        before = len(stand.events("asked"))
        assert ask(kind_service, running).status_code == 503
        assert len(stand.events("asked")) == before
        assert eventually(lambda: running.state == "running")
        assert ask(kind_service, running).status_code == 200

    def test_it_bills_while_it_is_up(self, kind_service: Service, running: Endpoint) -> None:
        kind_service.clock.advance(seconds=600)
        per_minute = running.compute.price_per_hour / 60
        assert bill(kind_service, running) == pytest.approx(10 * per_minute)
        kind_service.server.call(lambda: kind_service.lifecycle.pause(running))
        kind_service.clock.advance(seconds=6000)
        assert bill(kind_service, running) == pytest.approx(10 * per_minute)


def ask(
    service: Service, endpoint: Endpoint, path: str = "/hello", *, stream: bool = False
) -> requests.Response:
    """A request with all permissions."""
    return requests.get(
        f"{service.url}/{endpoint.id}{path}",
        headers=service.headers,
        stream=stream,
        timeout=WAIT_SECONDS,
    )


def is_idle(service: Service, endpoint: Endpoint) -> bool:
    """Whether the gateway has ended all that it was asked."""
    traffic = service.server.call(lambda: service.lifecycle.deployment(endpoint).traffic)
    return not service.server.call(lambda: traffic.in_flight)


def bill(service: Service, endpoint: Endpoint) -> float:
    """USD so far."""
    return endpoint.meter.total(service.clock)
