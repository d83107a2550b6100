"""Every route, asked about what is Ben's by those who are not Ben.

The routes come from the application: a new one that is not named here must refuse all of them.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from local_endpoints.access import INFER
from local_endpoints.access.token import Grant
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.repositories import REPOSITORIES, Repository
from local_endpoints.shelf import ModelFile
from tests.fakes import Service, make_spec, spec_body

WHO = ("operator", "anna", "nobody")
SECRETS = ("what-ben-said", "bens-secret", "bens-environment", "bens-tag")
FILLED = {"namespace": "ben", "name": "bens-endpoint", "owner": "ben", "model": "bens-model"}
OPEN = {
    *("/_local/proof", "/_local/account", "/openapi.json", "/api/openapi.json"),
    *("/v2/provider", "/api/v1/catalog/list", "/v2/catalog", "/v2/catalog/{path:path}"),
    *("/api/models/{name}", "/api/models/{name}/revision/{revision:path}"),
    "/api/models/{owner}/{name}",
    "/api/models/{owner}/{name}/auth-check",
    "/api/models/{owner}/{name}/revision/{revision:path}",
    "/api/models/{owner}/{name}/tree/{revision}",
    "/api/models/{owner}/{name}/tree/{revision}/{folder:path}",
    "/{name}/resolve/{revision}/{file:path}",
    "/{owner}/{name}/resolve/{revision}/{file:path}",
}
"""What concerns nobody's endpoints, or only the caller's: it may answer, and tells nothing of Ben.
"""
WITH_A_TOKEN = {
    *("/api/whoami-v2", "/v2/{path:path}", "/v3/{path:path}", "/mcp"),
    "/api/v1/catalog/model/{owner}/{model}/deploy",
}
"""The same, for those who are known."""


@pytest.fixture
def bens(shared: Service, tokens: dict[str, str]) -> Endpoint:
    """A running endpoint, with something of his everywhere."""
    spec = make_spec(
        "bens-endpoint",
        type="private",
        tags=["bens-tag"],
        model={
            "repository": "open-models/tiny",
            "env": {"A": "bens-environment"},
            "secrets": {"B": "bens-secret"},
        },
    )
    lifecycle = shared.lifecycle
    endpoint = shared.server.call(lambda: lifecycle.create(namespace="ben", user="ben", spec=spec))
    shared.tick(3)
    shared.launcher.last.say("what-ben-said")
    assert endpoint.state == "running"
    return endpoint


def ask(shared: Service, method: str, path: str, token: str | None) -> requests.Response:
    body = {**spec_body(), "namespace": "ben", "start": 0, "config": {"name": "of-anna"}}
    return requests.request(
        method,
        shared.url + path,
        json=body if method in ("POST", "PUT", "PATCH") else None,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        allow_redirects=False,
        timeout=20,
    )


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: FILLED.get(found[1], "x"), path)


def expected(path: str) -> dict[str, int]:
    """The status that each of them must get, where it is a refusal."""
    if path in OPEN:
        return {}
    if path in WITH_A_TOKEN:
        return {"nobody": 401}
    operators = {} if path.startswith("/_local/") else {"operator": 403}
    return {"anna": 403, "nobody": 401, **operators}


@pytest.mark.parametrize("who", WHO)
def test_no_route_tells_or_does_anything_of_somebody_elses(
    shared: Service, tokens: dict[str, str], bens: Endpoint, who: str
) -> None:
    token = {"operator": shared.token, "nobody": None}.get(who, tokens["anna"])
    before = bens.to_object("")
    for route in shared.routes:
        for method in sorted(route.methods):
            answer = ask(shared, method, filled(route.path), token)
            what = f"{who}: {method} {route.path}: {answer.status_code} {answer.text[:200]}"
            wanted = expected(route.path).get(who)
            assert wanted in (None, answer.status_code), what
            # The operator is told of all endpoints and what they cost, but not what is in them.
            is_operators = route.path.startswith("/_local/") and who == "operator"
            marks = SECRETS if is_operators else (*SECRETS, bens.id)
            assert not [mark for mark in marks if mark in answer.text], what
    shared.tick()
    assert bens.to_object("") == before


@pytest.mark.parametrize("path", ["", "/", "/generate", "/v1/models", "/metrics", "/_local/status"])
@pytest.mark.parametrize("who", WHO)
def test_nobody_else_calls_it(
    shared: Service, tokens: dict[str, str], bens: Endpoint, who: str, path: str
) -> None:
    token = {"operator": shared.token, "nobody": None}.get(who, tokens["anna"])
    answer = ask(shared, "GET", f"/{bens.id}{path}", token)
    assert answer.status_code == (401 if who == "nobody" else 403)


def test_the_account_is_the_callers(
    shared: Service, tokens: dict[str, str], bens: Endpoint
) -> None:
    def seen(token: str) -> list[str]:
        account = ask(shared, "GET", "/_local/account", token).json()
        assert account["minute"] == shared.clock.minute
        return [each["name"] for each in (*account["endpoints"], *account["deleted"])]

    assert seen(tokens["ben"]) == ["bens-endpoint"]
    assert seen(tokens["anna"]) == seen(shared.token) == []
    assert ask(shared, "GET", "/_local/account", None).status_code == 401
    shared.server.call(lambda: shared.lifecycle.delete(bens))
    shared.clock.advance(minutes=1)
    shared.tick()
    assert seen(tokens["ben"]) == ["bens-endpoint"], "also when it is deleted"
    assert seen(tokens["anna"]) == []


def test_a_token_that_only_calls_sees_no_account(
    shared: Service, tokens: dict[str, str], bens: Endpoint
) -> None:
    only = Grant("calls", "fineGrained", {"ben": frozenset({INFER})})
    (token,) = shared.accounts.add({"ben": only}).values()
    assert ask(shared, "GET", "/_local/account", token).json()["endpoints"] == []


def test_each_namespace_has_a_quota_of_its_own(shared: Service, tokens: dict[str, str]) -> None:
    quota = {"vendor": "aws", "instanceType": "nvidia-l4", "maxAccelerators": 1}
    for name in tokens:
        body = {"namespace": name, **quota}
        requests.post(
            f"{shared.url}/_local/quota", json=body, headers=shared.headers, timeout=20
        ).raise_for_status()

    def create(who: str, name: str) -> int:
        return requests.post(
            f"{shared.url}/v2/endpoint/{who}",
            json=spec_body(name, model={"repository": "open-models/tiny"}),
            headers={"Authorization": f"Bearer {tokens[who]}"},
            timeout=20,
        ).status_code

    assert [create("ben", "first-one"), create("ben", "second-one")] == [200, 409]
    assert create("anna", "first-one") == 200


@pytest.fixture
def shelved(repositories: dict[str, Repository], tmp_path: Any, monkeypatch: Any) -> str:
    """A model that the operator has put on the shelf."""
    from dataclasses import replace

    file = tmp_path / "model.gguf"
    file.write_bytes(b"weights")
    entry = ModelFile(str(file), size=7, sha256="0" * 64)
    on_shelf = replace(repositories["open-models/tiny"], id="somebody/on-shelf", entry=entry)
    monkeypatch.setitem(REPOSITORIES, "somebody/on-shelf", on_shelf)
    return "somebody/on-shelf"


def test_what_is_on_the_shelf_is_for_those_who_have_a_token(
    shared: Service, tokens: dict[str, str], shelved: str
) -> None:
    paths = {f"/api/models/{shelved}": 200, f"/{shelved}/resolve/main/missing": 404}
    for path, status in paths.items():
        assert ask(shared, "GET", path, tokens["anna"]).status_code == status
        assert ask(shared, "GET", path, None).status_code == 401
    listed = ask(shared, "GET", "/api/v1/catalog/list", None).text
    assert "open-models/tiny" in listed and shelved not in listed
    assert shelved in ask(shared, "GET", "/api/v1/catalog/list", tokens["anna"]).text


def test_a_single_users_service_shows_it_as_before(service: Service, shelved: str) -> None:
    assert ask(service, "GET", f"/api/models/{shelved}", None).status_code == 200
    assert shelved in ask(service, "GET", "/api/v1/catalog/list", None).text
