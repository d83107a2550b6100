from __future__ import annotations

from typing import Any

import pytest
import requests

from local_endpoints.access import INFER
from tests.fakes import Service, spec_body
from tests.local_endpoints.api.test_local import call
from tests.local_endpoints.test_faults import listing


def test_faults_are_listed_counted_and_removed(service: Service) -> None:
    rules = [{"kind": "status", "status": 503, "times": 1}, {"kind": "delay"}]
    first, second = (call(service, "POST", "/faults", rule).json() for rule in rules)
    assert [listing(service).status_code for _ in range(2)] == [503, 200]
    items = call(service, "GET", "/faults").json()["items"]
    assert [(item["id"], item["struck"]) for item in items] == [(first["id"], 1), (second["id"], 1)]
    assert call(service, "DELETE", f"/faults/{first['id']}").status_code == 200
    assert call(service, "DELETE", f"/faults/{first['id']}").status_code == 404
    assert [item["id"] for item in call(service, "GET", "/faults").json()["items"]] == ["f2"]
    assert call(service, "DELETE", "/faults").status_code == 200
    assert call(service, "GET", "/faults").json() == {"items": []}


def test_only_the_users_own_token_adds_faults(service: Service) -> None:
    token = service.access.issue(frozenset({INFER}))
    for method, path in [
        ("POST", "faults"),
        ("GET", "faults"),
        ("GET", "journal"),
        ("POST", "quota"),
    ]:
        url = f"{service.url}/_local/{path}"
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.request(method, url, json={}, headers=headers, timeout=20)
        assert answer.status_code == 403
        assert requests.request(method, url, json={}, timeout=20).status_code == 401


def test_a_quota_can_be_used_up_and_given_back(service: Service) -> None:
    def listed() -> set[tuple[int, int]]:
        url = f"{service.url}/v2/provider/local-user"
        tree = requests.get(url, headers=service.headers, timeout=20).json()
        return {
            (compute["quota"]["usedAccelerators"], compute["quota"]["maxAccelerators"])
            for vendor in tree["vendors"]
            if vendor["name"] == "aws"
            for region in vendor["regions"]
            for compute in region["computes"]
            if compute["instanceType"] == "nvidia-l4"
        }

    def create(name: str, namespace: str = "local-user") -> requests.Response:
        url = f"{service.url}/v2/endpoint/{namespace}"
        return requests.post(url, json=spec_body(name), headers=service.headers, timeout=20)

    before = listed()
    assert create("the-first").status_code == 200
    wish = {"namespace": "local-user", "vendor": "aws", "instanceType": "nvidia-l4"}
    assert call(service, "POST", "/quota", {**wish, "maxAccelerators": 1}).status_code == 200
    assert listed() == {(1, 1)}
    refusal = create("the-second")
    assert refusal.status_code == 409
    assert "aws nvidia-l4: 1 of 1 accelerators in use, 1 more wanted" in refusal.json()["error"]
    assert create("the-second", "local-class").status_code == 200, "the quota is the namespace's"
    call(service, "POST", "/quota", {**wish, "maxAccelerators": 0})
    service.tick(3)
    url = f"{service.url}/v2/endpoint/local-user/the-first"
    assert requests.post(f"{url}/pause", headers=service.headers, timeout=20).status_code == 200
    assert requests.post(f"{url}/resume", headers=service.headers, timeout=20).status_code == 409
    call(service, "POST", "/quota", {**wish, "maxAccelerators": None})
    assert listed() == before
    assert requests.post(f"{url}/resume", headers=service.headers, timeout=20).status_code == 200


def test_a_region_can_have_a_quota_of_its_own(service: Service) -> None:
    wish = {"namespace": "local-user", "vendor": "aws", "instanceType": "nvidia-l4"}
    url = f"{service.url}/v2/endpoint/local-user"

    def create(name: str) -> requests.Response:
        return requests.post(url, json=spec_body(name), headers=service.headers, timeout=20)

    here = {**wish, "region": "us-east-1", "maxAccelerators": 1}
    assert call(service, "POST", "/quota", here).status_code == 200
    assert create("the-first").status_code == 200
    refusal = create("the-second")
    assert refusal.status_code == 409
    assert "aws nvidia-l4 us-east-1: 1 of 1 accelerators in use" in refusal.json()["error"]
    call(service, "POST", "/quota", {**here, "maxAccelerators": None})
    assert create("the-second").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"region": "moon-1"},
        {"region": None},
        {"region": "eu-west-1"},
        {"namespace": "somebody-else"},
        {"instanceType": "nvidia-l5"},
        {"vendor": ["aws"]},
        {"maxAccelerators": -1},
        {"maxAccelerators": True},
        {"maxAccelerators": "8"},
    ],
)
def test_bad_quotas(service: Service, change: dict[str, Any]) -> None:
    wish = {"namespace": "local-user", "vendor": "aws", "instanceType": "nvidia-l4"}
    answer = call(service, "POST", "/quota", {**wish, "maxAccelerators": 1, **change})
    assert answer.status_code == 400
    assert "nvidia-l4" in answer.json()["error"]
