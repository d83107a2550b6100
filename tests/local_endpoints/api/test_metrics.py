"""Graphs as clients read them."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from local_endpoints.control_plane.endpoint import Endpoint, iso
from tests.fakes import ServerThread
from tests.local_endpoints.api.conftest import NAMESPACE, WARNING, Api, error_text

PATH = f"/endpoint/{NAMESPACE}/an-endpoint"


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    status = int(scope["path"].rpartition("/")[2] or 200)
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def endpoint(api: Api, container_server: ServerThread) -> Endpoint:
    """A running one whose container answers with the status that the path names."""
    container_server.app = _answer
    api.service.launcher.url = container_server.url
    return api.service.create_running()


def ask(api: Api, endpoint: Endpoint, path: str, **headers: str) -> int:
    url = f"{api.service.url}/{endpoint.id}{path}"
    return requests.get(url, headers={**api.service.headers, **headers}, timeout=20).status_code


def period(api: Api, minutes: float = 60) -> dict[str, str]:
    now = api.service.clock.now()
    return {"start": iso(now - 60 * minutes), "stop": iso(now)}


def graphs(api: Api, suffix: str = "") -> Any:
    api.service.clock.advance(seconds=1)
    api.service.tick()
    answer = api("POST", f"{PATH}/metrics{suffix}", period(api))
    assert answer.status_code == 200, answer.text
    return answer.json()


def totals(graph: Any, label: str) -> dict[str, float]:
    return {
        series[label]: sum(point["y"] for point in series["data"]) for series in graph["series"]
    }


def last(graph: Any) -> Any:
    (series,) = graph["series"]
    return series["data"][-1]["y"]


def test_requests_by_status_and_by_class(api: Api, endpoint: Endpoint) -> None:
    for status in (200, 200, 204, 404, 500):
        assert ask(api, endpoint, f"/{status}") == status
    assert ask(api, endpoint, "/200", Authorization="Bearer wrong") == 401
    found = graphs(api)
    by_status = {"200": 2, "204": 1, "401": 1, "404": 1, "500": 1}
    assert totals(found["responseStatusCode"], "statusCode") == by_status
    by_class = {"2xx": 3, "4xx": 2, "5xx": 1}
    assert totals(found["responseStatusCodeGrouped"], "statusCode") == by_class
    one = graphs(api, "/response-status-code")
    assert totals(one, "statusCode") == by_status


def test_what_the_proxy_refuses_counts_too(api: Api, endpoint: Endpoint) -> None:
    api("POST", f"{PATH}/pause")
    assert ask(api, endpoint, "/200") == 400
    api.service.launcher.ready = False
    api("POST", f"{PATH}/resume")
    assert ask(api, endpoint, "/200") == 503
    assert totals(graphs(api)["responseStatusCode"], "statusCode") == {"400": 1, "503": 1}


def test_how_long_answers_take(api: Api, endpoint: Endpoint) -> None:
    assert graphs(api, "/response-elapsed")["series"] == []
    ask(api, endpoint, "/200")
    found = graphs(api, "/response-elapsed")
    assert [series["percentile"] for series in found["series"]] == ["p50", "p90", "p95", "p99"]
    for series in found["series"]:
        ((point),) = series["data"]
        assert 0 < point["y"] < 60_000, "milliseconds"
    assert graphs(api)["responseElapsed"]["series"] == found["series"]


def test_replicas_over_time(api: Api, endpoint: Endpoint) -> None:
    (name,) = graphs(api)["replicaIds"]
    assert last(graphs(api, "/replica-running")) == 1
    api("POST", f"{PATH}/pause")
    api.service.tick()
    api.service.clock.advance(minutes=5)
    running = graphs(api)["replicasRunning"]
    (series,) = running["series"]
    values = [point["y"] for point in series["data"]]
    assert (values[0], values[-1], set(values)) == (1, 0, {0, 1})
    assert graphs(api, "/replica-ids") == running["replicaIds"] == [name]
    (stage,) = graphs(api, "/replica-status")["series"]
    assert (stage["replicaId"], stage["status"]) == (name, "running")


def test_a_replica_that_starts_is_not_running(api: Api, endpoint: Endpoint) -> None:
    api("POST", f"{PATH}/pause")
    api.service.launcher.ready = False
    api("POST", f"{PATH}/resume")
    api.service.tick(2)
    api.service.clock.advance(minutes=5)
    assert last(graphs(api, "/replica-running")) == 0
    stages = {series["status"] for series in graphs(api, "/replica-status")["series"]}
    assert "pending" in stages


def test_pending_requests(api: Api, endpoint: Endpoint) -> None:
    traffic = api.service.lifecycle.deployment(endpoint).traffic
    with traffic.holding(), traffic.holding():
        api.service.tick()
    assert last(graphs(api, "/pending-request")) == 2
    api.service.clock.advance(minutes=5)
    assert last(graphs(api)["pendingRequest"]) == 0


def test_what_is_not_measured_is_said(api: Api, endpoint: Endpoint) -> None:
    api.service.clock.advance(seconds=1)
    answer = api("POST", f"{PATH}/metrics", period(api))
    for name in ("hardwareCpu", "hardwareMem", "hardwareGpu", "hardwareGpuMem"):
        assert answer.json()[name]["series"] == []
        assert name in answer.headers[WARNING]
    for graph in ("hardware-cpu", "vllm/requests", "vllm/prefix-cache"):
        text = error_text(api("POST", f"{PATH}/metrics/{graph}", period(api)), 501)
        assert "not imitated" in text


def test_every_graph_says_what_it_shows(api: Api, endpoint: Endpoint) -> None:
    api.service.clock.advance(minutes=24 * 60)
    asked = period(api, minutes=24 * 60)
    found = api("POST", f"{PATH}/metrics", asked).json()
    for graph in (found, *(part for part in found.values() if isinstance(part, dict))):
        assert (graph["start"], graph["stop"]) == (asked["start"], asked["stop"])
        assert graph["timeWindowSeconds"] == 720


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "missing field `start`"),
        ({"start": "2026-11-26T18:00:00Z"}, "missing field `stop`"),
        ({"start": "now", "stop": "2026-11-26T18:00:00Z"}, "start must be a time such as"),
        ({"start": 5, "stop": "2026-11-26T18:00:00Z"}, "start must be a time such as"),
        ({"start": "2026-11-26T18:00:00", "stop": "2026-11-26T19:00:00Z"}, "start must be a time"),
        ({"start": "2026-11-26T18:00:00Z", "stop": "9999-12-31T23:59:59Z"}, "stop must be a time"),
        ({"start": "2026-11-26T18:00:00Z", "stop": "2026-11-26T18:00:00Z"}, "before stop"),
    ],
)
@pytest.mark.parametrize("suffix", ["", "/replica-ids", "/response-elapsed"])
def test_periods_that_make_no_sense(api: Api, suffix: str, body: Any, text: str) -> None:
    answer = api("POST", f"/endpoint/{NAMESPACE}/no-such-one/metrics{suffix}", body)
    assert text in error_text(answer, 400)


def test_a_young_endpoint_is_shown_in_detail_whatever_the_period(
    api: Api, endpoint: Endpoint
) -> None:
    """Also where the clock was put forward, and a client's own is behind: it may ask ahead."""
    ask(api, endpoint, "/200")
    api.service.clock.advance(minutes=2)
    now = api.service.clock.now()
    asked = {"start": iso(now - 10 * 86_400), "stop": iso(now + 10 * 86_400)}
    found = api("POST", f"{PATH}/metrics/response-status-code", asked).json()
    assert found["timeWindowSeconds"] == 15
    assert len(found["series"][0]["data"]) in (9, 10)


def test_longest_period(api: Api, endpoint: Endpoint) -> None:
    asked = {"start": "1000-01-01T00:00:00Z", "stop": "2999-12-31T23:59:59+00:00"}
    assert api("POST", f"{PATH}/metrics", asked).status_code == 200
