from __future__ import annotations

import os
from typing import Any

import pytest
import requests

from local_endpoints.access import ALL_PERMISSIONS, INFER
from local_endpoints.proof import proof_of
from tests.fakes import Service


def call(service: Service, method: str, path: str, body: Any = None) -> requests.Response:
    return requests.request(
        method, f"{service.url}/_local{path}", json=body, headers=service.headers, timeout=20
    )


def test_status_says_what_runs_and_what_it_costs(service: Service) -> None:
    service.create_running()
    service.clock.advance(minutes=30)
    status = call(service, "GET", "/status").json()
    assert status["url"] == service.url
    assert status["minute"] == 60
    (endpoint,) = status["endpoints"]
    assert endpoint["namespace"] == "local-user"
    assert endpoint["name"] == "an-endpoint"
    assert endpoint["state"] == "running"
    assert endpoint["price_per_hour"] == 0.8
    assert endpoint["cost"] == pytest.approx(0.4)


def test_issued_tokens_work_until_the_service_stops(service: Service) -> None:
    token = call(service, "POST", "/tokens", {"permissions": [INFER]}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = requests.get(f"{service.url}/api/whoami-v2", headers=headers, timeout=20).json()
    (scope,) = me["auth"]["accessToken"]["fineGrained"]["scoped"]
    assert scope["permissions"] == [INFER]
    answer = requests.get(f"{service.url}/v2/endpoint/local-user", headers=headers, timeout=20)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"permissions": "all"}, {"permissions": ["root"]}, {"permissions": [[]]}]
)
def test_bad_permissions(service: Service, body: dict[str, Any]) -> None:
    answer = call(service, "POST", "/tokens", body)
    assert answer.status_code == 400
    assert all(permission in answer.json()["error"] for permission in ALL_PERMISSIONS)


def test_limited_tokens_cannot_make_themselves_stronger(service: Service) -> None:
    token = service.access.issue(frozenset({INFER}))
    for path, body in [
        ("tokens", {"permissions": sorted(ALL_PERMISSIONS)}),
        ("stop", None),
        ("owners", {"pid": os.getpid()}),
        ("payment", {"namespace": "local-user", "canPay": True}),
    ]:
        answer = requests.post(
            f"{service.url}/_local/{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )
        assert answer.status_code == 403, path
    assert not service.stopped.is_set()


@pytest.mark.parametrize("pid", [None, "1", 0, -1, True, 1.5])
def test_bad_owners(service: Service, pid: Any) -> None:
    assert call(service, "POST", "/owners", {"pid": pid}).status_code == 400


@pytest.mark.parametrize("pid", [10**9, 10**30])
def test_owners_that_do_not_run_are_ignored(service: Service, pid: int) -> None:
    assert call(service, "POST", "/owners", {"pid": pid}).status_code == 200
    service.owners.gone_for_good()
    service.clock.advance(minutes=15)
    assert service.owners.gone_for_good()


def test_an_owner_is_watched(service: Service) -> None:
    assert call(service, "POST", "/owners", {"pid": os.getpid()}).status_code == 200
    service.clock.advance(minutes=100)
    assert not service.owners.gone_for_good()


def test_stop(service: Service) -> None:
    assert call(service, "POST", "/stop").status_code == 200
    assert service.stopped.is_set()


def test_a_namespace_can_lose_its_payment_method_and_get_it_back(service: Service) -> None:
    def me() -> Any:
        url = f"{service.url}/api/whoami-v2"
        return requests.get(url, headers=service.headers, timeout=20).json()

    def quotas() -> set[int]:
        url = f"{service.url}/v2/provider/local-class"
        tree = requests.get(url, headers=service.headers, timeout=20).json()
        computes = [
            compute
            for vendor in tree["vendors"]
            for region in vendor["regions"]
            for compute in region["computes"]
        ]
        return {compute["quota"]["maxAccelerators"] for compute in computes}

    wish = {"namespace": "local-class", "canPay": False}
    assert call(service, "POST", "/payment", wish).status_code == 200
    assert me()["canPay"] is True
    assert [organization["canPay"] for organization in me()["orgs"]] == [False]
    assert quotas() == {0}
    assert call(service, "POST", "/payment", {**wish, "canPay": True}).status_code == 200
    assert [organization["canPay"] for organization in me()["orgs"]] == [True]
    assert max(quotas()) > 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"namespace": "somebody-else", "canPay": False},
        {"namespace": ["local-user"], "canPay": False},
        {"namespace": "local-user", "canPay": "no"},
        {"namespace": "local-user", "canPay": 0},
    ],
)
def test_bad_payments(service: Service, body: dict[str, Any]) -> None:
    answer = call(service, "POST", "/payment", body)
    assert answer.status_code == 400
    assert "local-class" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/status", "/stop", "/tokens", "/owners", "/payment"])
def test_nothing_without_a_token(service: Service, path: str) -> None:
    method = "GET" if path == "/status" else "POST"
    answer = requests.request(method, f"{service.url}/_local{path}", timeout=20)
    assert answer.status_code == 401
    assert not service.stopped.is_set()


def test_a_proof_needs_no_token(service: Service) -> None:
    nonce = "n" * 16
    answer = requests.get(f"{service.url}/_local/proof", params={"nonce": nonce}, timeout=20)
    assert answer.text == proof_of(service.token, url=service.url, nonce=nonce)
    assert answer.status_code == 200
    assert service.token not in answer.text


@pytest.mark.parametrize("nonce", [None, "", "short", "n" * 129, "n" * 16 + "\n", "ä" * 16])
def test_bad_nonces(service: Service, nonce: str | None) -> None:
    answer = requests.get(f"{service.url}/_local/proof", params={"nonce": nonce}, timeout=20)
    assert answer.status_code == 400
    assert "nonce must be" in answer.json()["error"]
