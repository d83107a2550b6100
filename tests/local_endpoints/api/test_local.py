from __future__ import annotations

import os
from typing import Any

import pytest
import requests

from local_endpoints.access import ALL_PERMISSIONS, INFER, NAMESPACES
from local_endpoints.access.token import Grant
from local_endpoints.owners import LINGER_MINUTES
from local_endpoints.proof import digest_of, key_of, proof_by
from tests.fakes import Service, spec_body


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
    assert endpoint["price_per_hour"] == endpoint["replica_price"] == 0.8
    assert (endpoint["minutes"], endpoint["cost"]) == (30, pytest.approx(0.4))


def test_what_is_deleted_keeps_its_bill(service: Service) -> None:
    first = service.create_running()
    service.clock.advance(minutes=30)
    service.server.call(lambda: service.lifecycle.delete(first))
    service.clock.advance(minutes=30)
    service.tick()
    second = service.create_running()
    status = call(service, "GET", "/status").json()
    assert [each["id"] for each in status["endpoints"]] == [second.id]
    (deleted,) = status["deleted"]
    assert (deleted["id"], deleted["name"], deleted["state"]) == (first.id, first.name, "deleted")
    assert (deleted["minutes"], deleted["cost"]) == (30, pytest.approx(0.4))
    assert deleted["price_per_hour"] == 0


def test_issued_tokens_work_until_the_service_stops(service: Service) -> None:
    token = call(service, "POST", "/tokens", {"permissions": [INFER]}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = requests.get(f"{service.url}/api/whoami-v2", headers=headers, timeout=20).json()
    scopes = me["auth"]["accessToken"]["fineGrained"]["scoped"]
    assert [scope["entity"]["name"] for scope in scopes] == list(NAMESPACES)
    assert [scope["permissions"] for scope in scopes] == [[INFER], [INFER]]
    answer = requests.get(f"{service.url}/v2/endpoint/local-user", headers=headers, timeout=20)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"permissions": "all"}, {"permissions": ["root"]}, {"permissions": [[]]}]
)
def test_bad_permissions(service: Service, body: dict[str, Any]) -> None:
    answer = call(service, "POST", "/tokens", body)
    assert answer.status_code == 400
    assert all(permission in answer.json()["error"] for permission in ALL_PERMISSIONS)


@pytest.mark.parametrize("permissions", [{INFER}, ALL_PERMISSIONS])
def test_no_other_token_can_make_itself_stronger(
    service: Service, permissions: frozenset[str]
) -> None:
    token = service.access.issue(frozenset(permissions))
    for path, body in [
        ("tokens", {"permissions": sorted(ALL_PERMISSIONS)}),
        ("stop", None),
        ("owners", {"pid": os.getpid()}),
        ("payment", {"namespace": "local-user", "canPay": True}),
        ("clock", {"advance": 60}),
        ("lateness", {"minutes": 60}),
    ]:
        answer = requests.post(
            f"{service.url}/_local/{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )
        assert answer.status_code == 403, path
    assert not service.stopped.is_set()
    assert service.clock.now() == service.clock.start


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
    assert not service.owners.gone_for_good()
    service.clock.advance(minutes=LINGER_MINUTES)
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


@pytest.mark.parametrize(
    "path", ["/status", "/stop", "/tokens", "/owners", "/payment", "/clock", "/lateness"]
)
def test_nothing_without_a_token(service: Service, path: str) -> None:
    method = "GET" if path == "/status" else "POST"
    answer = requests.request(method, f"{service.url}/_local{path}", timeout=20)
    assert answer.status_code == 401
    assert not service.stopped.is_set()


def test_the_clock_goes_forward_and_bills_follow(service: Service) -> None:
    endpoint = service.create_running(scaling={"minReplica": 1})
    answer = call(service, "POST", "/clock", {"advance": 30 * 60})
    assert answer.json() == {"minute": 60, "now": "2023-11-14T22:43:20.000Z"}
    status = call(service, "GET", "/status").json()
    assert status["now"] == answer.json()["now"]
    assert status["endpoints"][0]["cost"] == pytest.approx(0.4)
    assert endpoint.state == "running"


def test_what_is_due_on_the_way_happens_on_the_way(service: Service) -> None:
    endpoint = service.create_running()
    assert call(service, "POST", "/clock", {"advance": 2 * 24 * 3600}).status_code == 200
    assert endpoint.state == "scaledToZero"
    (billed,) = call(service, "GET", "/status").json()["endpoints"]
    assert billed["cost"] == pytest.approx(15 * 0.8 / 60), "not for the night"
    assert service.launcher.last.stopped


@pytest.mark.parametrize(
    "advance", [None, "60", -1, -0.001, True, 2 * 24 * 3600 + 1, 10**400, [], {"minutes": 1}]
)
def test_bad_advances(service: Service, advance: Any) -> None:
    answer = call(service, "POST", "/clock", {"advance": advance})
    assert answer.status_code == 400
    assert "seconds from 0 to 172800" in answer.json()["error"]
    assert service.clock.now() == service.clock.start


def test_scaling_to_zero_can_be_late(service: Service) -> None:
    assert call(service, "POST", "/lateness", {"minutes": 29.5}).json() == {"minutes": 29.5}
    assert call(service, "GET", "/status").json()["late_minutes"] == 29.5
    endpoint = service.create_running()
    call(service, "POST", "/clock", {"advance": 44 * 60})
    assert endpoint.state == "running"
    call(service, "POST", "/clock", {"advance": 30})
    assert endpoint.state == "scaledToZero"
    (billed,) = call(service, "GET", "/status").json()["endpoints"]
    assert billed["cost"] == pytest.approx(45 * 0.8 / 60)
    assert call(service, "POST", "/lateness", {"minutes": 0}).status_code == 200
    second = service.create_running("second-one")
    call(service, "POST", "/clock", {"advance": 15 * 60})
    assert second.state == "scaledToZero"


@pytest.mark.parametrize("minutes", [None, -1, 2881, "1", False, [1]])
def test_bad_lateness(service: Service, minutes: Any) -> None:
    answer = call(service, "POST", "/lateness", {"minutes": minutes})
    assert answer.status_code == 400
    assert "from 0 to 2880" in answer.json()["error"]
    assert call(service, "GET", "/status").json()["late_minutes"] == 0


@pytest.mark.parametrize("advance", [b"NaN", b"Infinity", b"1e999"])
def test_no_clock_is_put_to_nowhere(service: Service, advance: bytes) -> None:
    answer = requests.post(
        f"{service.url}/_local/clock",
        data=b'{"advance": ' + advance + b"}",
        headers={**service.headers, "Content-Type": "application/json"},
        timeout=20,
    )
    assert answer.status_code == 400
    assert service.clock.now() == service.clock.start


def test_a_proof_needs_no_token(service: Service) -> None:
    (users,) = service.accounts.add({"anna": Grant("a")}).values()
    for token in (service.token, users):
        digest, nonce = digest_of(token), "n" * 16
        asked = {"key": key_of(digest), "nonce": nonce}
        answer = requests.get(f"{service.url}/_local/proof", params=asked, timeout=20)
        assert answer.text == proof_by(digest, url=service.url, nonce=nonce)
        assert answer.status_code == 200
        assert token not in answer.text


@pytest.mark.parametrize("key", [None, "", key_of(digest_of("local_another"))])
def test_there_is_no_proof_of_an_unknown_token(service: Service, key: str | None) -> None:
    asked = {"key": key, "nonce": "n" * 16}
    answer = requests.get(f"{service.url}/_local/proof", params=asked, timeout=20)
    assert answer.status_code == 404


@pytest.mark.parametrize("nonce", [None, "", "short", "n" * 129, "n" * 16 + "\n", "ä" * 16])
def test_bad_nonces(service: Service, nonce: str | None) -> None:
    answer = requests.get(f"{service.url}/_local/proof", params={"nonce": nonce}, timeout=20)
    assert answer.status_code == 400
    assert "nonce must be" in answer.json()["error"]


def test_every_known_namespace_can_lose_its_payment_method(service: Service) -> None:
    wish = {"namespace": "anna", "canPay": False}
    assert "anna" not in call(service, "POST", "/payment", wish).json()["error"]
    (text,) = service.accounts.add({"anna": Grant("a")}, organizations={"acme": "admin"}).values()
    assert call(service, "POST", "/payment", wish).status_code == 200
    quota = {"vendor": "aws", "instanceType": "nvidia-l4", "maxAccelerators": 0}
    assert call(service, "POST", "/quota", {"namespace": "acme", **quota}).status_code == 200
    for namespace, status, reason in (("anna", 403, "Payment method"), ("acme", 409, "Quota")):
        answer = requests.post(
            f"{service.url}/v2/endpoint/{namespace}",
            json=spec_body(),
            headers={"Authorization": f"Bearer {text}"},
            timeout=20,
        )
        assert answer.status_code == status
        assert reason in answer.json()["error"]
