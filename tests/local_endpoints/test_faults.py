"""Which requests a fault strikes, and how faults are added, listed and removed."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
import requests

from local_endpoints.errors import ApiError
from local_endpoints.faults import OF_REQUESTS, Faults
from tests.fakes import Service
from tests.patience import eventually

DELAY = 0.1
"""Short, but longer than what is not late takes."""


def call(service: Service, method: str, path: str, body: Any = None) -> requests.Response:
    url = f"{service.url}/_local{path}"
    return requests.request(method, url, json=body, headers=service.headers, timeout=20)


def listing(service: Service) -> requests.Response:
    """A request for the management API."""
    return requests.get(
        f"{service.url}/v2/endpoint/local-user", headers=service.headers, timeout=20
    )


def strikes(rule: dict[str, Any], count: int = 20, **request: Any) -> list[bool]:
    """Of so many equal requests, which are struck."""
    faults = Faults()
    faults.add(rule)
    asked = {"endpoint": "a-name", "method": "POST", "path": "/v1/completions", **request}
    return [faults.meet(OF_REQUESTS, **asked) is not None for _ in range(count)]


def test_the_first_fail_and_then_they_succeed() -> None:
    assert strikes({"kind": "reset", "times": 3}, 5) == [True, True, True, False, False]


def test_a_share_fails_the_same_in_every_run() -> None:
    first = strikes({"kind": "reset", "rate": 0.3, "seed": 7}, 200)
    assert first == strikes({"kind": "reset", "rate": 0.3, "seed": 7}, 200)
    assert first != strikes({"kind": "reset", "rate": 0.3, "seed": 8}, 200)
    assert 30 < sum(first) < 90


def test_a_share_can_have_an_end() -> None:
    assert sum(strikes({"kind": "reset", "rate": 0.5, "times": 4}, 200)) == 4


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, True),
        ({"endpoint": "a-name"}, True),
        ({"endpoint": "another"}, False),
        ({"method": "post"}, True),
        ({"method": "GET"}, False),
        ({"path": "/v1/*"}, True),
        ({"path": "/v1"}, False),
        ({"path": "*completions"}, True),
        ({"path": "/generate"}, False),
        ({"rate": 0.0}, False),
    ],
)
def test_whom_it_strikes(rule: dict[str, Any], expected: bool) -> None:
    assert strikes({"kind": "empty", **rule}, 1) == [expected]


def test_the_oldest_goes_first_and_the_next_one_takes_over() -> None:
    faults = Faults()
    first, second = (faults.add({"kind": kind, "times": 1}) for kind in ("reset", "empty"))
    asked = {"endpoint": None, "method": "GET", "path": "/"}
    assert [faults.meet(OF_REQUESTS, **asked) for _ in range(3)] == [first, second, None]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "kind: field required"),
        ({"kind": "explode"}, "kind: input should be"),
        ({"kind": "status", "status": 200}, "status: "),
        ({"kind": "status", "status": 499}, "status: "),
        ({"kind": "reset", "times": 0}, "times: "),
        ({"kind": "reset", "times": True}, "times: "),
        ({"kind": "reset", "rate": 1.5}, "rate: "),
        ({"kind": "delay", "delay": -1}, "delay: "),
        ({"kind": "delay", "delay": 601}, "delay: "),
        ({"kind": "delay", "delay": "long"}, "delay: "),
        ({"kind": "cut", "evnets": 3}, "evnets: extra inputs"),
    ],
)
def test_rules_that_cannot_be(service: Service, rule: dict[str, Any], words: str) -> None:
    answer = call(service, "POST", "/faults", rule)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert call(service, "GET", "/faults").json() == {"items": []}


def test_there_is_an_end_to_faults() -> None:
    faults = Faults()
    with pytest.raises(ApiError, match="100 faults already"):
        for _ in range(101):
            faults.add({"kind": "reset"})


# What happens to a request for the management API.


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ({"status": 429}, "429 Too Many Requests"),
        ({"status": 503}, "503 Service Unavailable"),
        (
            {"status": 409, "detail": "Quota exceeded for aws nvidia-l4"},
            "Conflict: Quota exceeded for aws nvidia-l4",
        ),
    ],
)
def test_statuses_have_the_services_form(
    service: Service, rule: dict[str, Any], error: str
) -> None:
    call(service, "POST", "/faults", {"kind": "status", **rule})
    answer = listing(service)
    assert answer.status_code == rule["status"]
    assert answer.json()["error"] == error
    assert set(answer.json()) == {"error", "code"}
    assert "retry-after" not in answer.headers


def test_when_to_try_again(service: Service) -> None:
    call(service, "POST", "/faults", {"kind": "status", "status": 429, "retry_after": 3})
    assert listing(service).headers["retry-after"] == "3"


def test_a_connection_is_reset(service: Service) -> None:
    call(service, "POST", "/faults", {"kind": "reset", "times": 1})
    with pytest.raises(requests.ConnectionError):
        listing(service)
    assert listing(service).status_code == 200


def test_an_answer_is_empty(service: Service) -> None:
    call(service, "POST", "/faults", {"kind": "empty"})
    answer = listing(service)
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_answer_is_late(service: Service) -> None:
    call(service, "POST", "/faults", {"kind": "delay", "delay": 0.2, "times": 1})
    answer = listing(service)
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.2


@pytest.mark.parametrize("kind", OF_REQUESTS)
def test_every_fault_of_a_request_can_be_late(service: Service, kind: str) -> None:
    call(service, "POST", "/faults", {"kind": kind, "delay": DELAY})
    began = time.monotonic()
    with contextlib.suppress(requests.ConnectionError):
        listing(service)
    assert time.monotonic() - began >= DELAY


@pytest.mark.parametrize("kind", ["cut", "crash", "deployment"])
def test_what_has_no_answer_to_spoil_is_spared(service: Service, kind: str) -> None:
    fault = call(service, "POST", "/faults", {"kind": kind}).json()
    assert (fault["met"], fault["struck"]) == (0, 0)
    answer = listing(service)
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    assert call(service, "GET", "/faults").json()["items"] == [fault]


def test_an_endpoint_is_meant_by_its_name(service: Service) -> None:
    for name in ("an-endpoint", "another-one"):
        service.create_running(name)
    call(service, "POST", "/faults", {"kind": "status", "endpoint": "another-one"})
    statuses = [
        requests.post(
            f"{service.url}/v2/endpoint/local-user/{name}/pause",
            headers=service.headers,
            timeout=20,
        ).status_code
        for name in ("an-endpoint", "another-one")
    ]
    assert statuses == [200, 500]


def test_whoever_has_no_token_learns_of_no_fault(service: Service) -> None:
    call(service, "POST", "/faults", {"kind": "status", "status": 503, "times": 1})
    url = f"{service.url}/v2/endpoint/local-user"
    assert requests.get(url, timeout=20).status_code == 401
    assert listing(service).status_code == 503


def test_a_deployment_fails_late(service: Service) -> None:
    call(service, "POST", "/faults", {"kind": "deployment", "delay": DELAY, "times": 1})
    began = time.monotonic()
    service.create()
    service.tick(3)
    assert eventually(lambda: service.launcher.last.phase == "exited")
    assert time.monotonic() - began >= DELAY


def test_a_deployment_fails(service: Service) -> None:
    call(service, "POST", "/faults", {"kind": "deployment", "endpoint": "an-endpoint", "times": 1})
    failing, working = service.create("an-endpoint"), service.create("another-one")
    service.tick(3)
    assert (failing.state, working.state) == ("failed", "running")
