"""Who may call which path."""

from __future__ import annotations

import pytest
import requests

from local_endpoints.access import INFER, READ, WRITE
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.gateway import endpoint_id_of
from tests.fakes import Service
from tests.local_endpoints.gateway.conftest import (
    Container,
    call,
    error_of,
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/abcdefgh12345678", True),
        ("/abcdefgh12345678/", True),
        ("/abcdefgh12345678/v1/chat/completions", True),
        ("/1bcdefgh12345678", False),
        ("/ABCDEFGH12345678/x", False),
        ("/abcdefgh1234567", False),
        ("/abcdefgh123456789", False),
        ("/abcdefgh-2345678", False),
        ("/v2/endpoint/local-user", False),
        ("/api/whoami-v2", False),
        ("/", False),
        ("", False),
        ("/äbcdefgh12345678", False),
    ],
)
def test_which_paths_are_endpoints(path: str, found: bool) -> None:
    assert (endpoint_id_of(path) is not None) == found


@pytest.mark.parametrize("authorization", [None, "", "Bearer ", "Bearer local_wrong", "Basic x"])
@pytest.mark.parametrize("kind", ["authenticated", "private"])
def test_401_without_a_known_token(
    service: Service, container: Container, kind: str, authorization: str | None
) -> None:
    endpoint = service.create_running(type=kind)
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = requests.post(f"{service.url}/{endpoint.id}", headers=headers, timeout=20)
    assert error_of(answer, 401) == "401 Unauthorized"
    assert container.requests == []


def test_403_without_the_permission(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    token = service.access.issue(frozenset({READ, WRITE}))
    answer = call(service, endpoint, headers={"Authorization": f"Bearer {token}"})
    assert f"missing permissions: {INFER}" in error_of(answer, 403)
    assert container.requests == []


def test_the_permission_to_call_is_enough(service: Service, endpoint: Endpoint) -> None:
    token = service.access.issue(frozenset({INFER}))
    answer = call(service, endpoint, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_anybody_may_call_a_public_endpoint(service: Service, container: Container) -> None:
    endpoint = service.create_running(type="public")
    answer = requests.post(f"{service.url}/{endpoint.id}/generate", timeout=20)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "forwarded"), [("public", True), ("authenticated", False), ("private", False)]
)
def test_a_token_that_was_checked_here_goes_no_further(
    service: Service, container: Container, kind: str, forwarded: bool
) -> None:
    endpoint = service.create_running(type=kind)
    headers = dict(call(service, endpoint).json()["headers"])
    assert ("authorization" in headers) == forwarded


@pytest.mark.parametrize("what", ["401", "403"])
def test_refused_callers_neither_wake_nor_prolong(
    service: Service, endpoint: Endpoint, what: str
) -> None:
    token = "wrong" if what == "401" else service.access.issue(frozenset({READ}))
    headers = {"Authorization": f"Bearer {token}"}
    service.clock.advance(minutes=14)
    assert call(service, endpoint, headers=headers).status_code == int(what)
    service.clock.advance(minutes=1)
    service.tick()
    assert endpoint.state == "scaledToZero"
    assert call(service, endpoint, headers=headers).status_code == int(what)
    assert endpoint.state == "scaledToZero"
