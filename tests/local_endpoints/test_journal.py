from __future__ import annotations

from typing import Any

import pytest
import requests

from local_endpoints.journal import MOST_ENTRIES, Journal
from tests.fakes import Service
from tests.patience import eventually


def journal(service: Service) -> list[dict[str, Any]]:
    url = f"{service.url}/_local/journal"
    items: list[dict[str, Any]] = requests.get(url, headers=service.headers, timeout=20).json()[
        "items"
    ]
    return items


def test_requests_are_written_down_without_what_they_say(service: Service) -> None:
    endpoint = service.create_running()
    secret = "a-prompt-of-mine"
    requests.post(
        f"{service.url}/{endpoint.id}/v1/completions?key={secret}",
        json={"prompt": secret},
        headers={**service.headers, "X-Mine": secret},
        timeout=20,
    )
    requests.get(f"{service.url}/v2/endpoint/local-user", timeout=20)
    requests.get(f"{service.url}/_local/status", headers=service.headers, timeout=20)
    assert eventually(lambda: all(entry["seconds"] is not None for entry in journal(service)))
    call, listing = journal(service)
    assert (call["method"], call["path"]) == ("POST", f"/{endpoint.id}/v1/completions")
    assert (call["endpoint"], call["status"]) == ("an-endpoint", 503)
    assert (listing["endpoint"], listing["status"]) == (None, 401)
    assert call["at"] == service.clock.now()
    assert secret not in str(journal(service))
    assert service.token not in str(journal(service))


def test_bodies_are_counted_and_faults_are_named(service: Service) -> None:
    faults = f"{service.url}/_local/faults"
    rule = {"kind": "status", "status": 429, "times": 1}
    requests.post(faults, json=rule, headers=service.headers, timeout=20)
    for _ in range(2):
        url = f"{service.url}/v2/endpoint/local-user"
        requests.post(url, data="x" * 10, headers=service.headers, timeout=20)
        requests.post(url, json={"a": 1}, headers=service.headers, timeout=20)
    entries = journal(service)
    assert [entry["fault"] for entry in entries] == ["f1", None, None, None]
    assert [entry["status"] for entry in entries] == [429, 400, 415, 400]
    assert entries[1]["body_bytes"] == len('{"a": 1}')


def test_it_can_be_forgotten(service: Service) -> None:
    requests.get(f"{service.url}/v2/provider", timeout=20)
    assert journal(service)
    url = f"{service.url}/_local/journal"
    assert requests.delete(url, headers=service.headers, timeout=20).status_code == 200
    assert journal(service) == []


@pytest.mark.parametrize("path", ["/" + "x" * 5000, "/a\r\nb"])
def test_it_is_bounded(path: str) -> None:
    kept = Journal()
    for number in range(MOST_ENTRIES + 5):
        kept.begin("GET", path, at=float(number))
    entries = kept.to_objects()
    assert (len(entries), entries[0]["at"]) == (MOST_ENTRIES, 5.0)
    assert all(len(entry["path"]) <= 200 and entry["path"].isprintable() for entry in entries[:2])
