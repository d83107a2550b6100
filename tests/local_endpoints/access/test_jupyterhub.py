from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from local_endpoints.access import Access
from local_endpoints.access.jupyterhub import AT_ONCE, KEPT_SECONDS, JupyterHub
from local_endpoints.access.token import Grant
from local_endpoints.errors import ApiError, ServiceError
from tests.fakes import ServerThread, Service, make_spec
from tests.local_endpoints.access.fake_hub import SCOPE, FakeHub, user

ANNA, BEN = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def _hub_server() -> Iterator[ServerThread]:
    server = ServerThread().start()
    yield server
    server.stop()


@pytest.fixture
def hub(_hub_server: ServerThread) -> FakeHub:
    hub = FakeHub({ANNA: user("anna"), BEN: user("ben")})
    _hub_server.app = hub.app
    return hub


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def directory(_hub_server: ServerThread, hub: FakeHub, time: Time) -> JupyterHub:
    return JupyterHub(f"{_hub_server.url}/hub/api", service="local-endpoints", seconds=time)


def refusal(directory: JupyterHub, token: str) -> ApiError:
    with pytest.raises(ApiError) as caught:
        asyncio.run(directory.user_of(token))
    return caught.value


def test_the_hub_says_whose_token_it_is(directory: JupyterHub, hub: FakeHub) -> None:
    assert asyncio.run(directory.user_of(ANNA)) == "anna"
    assert asyncio.run(directory.user_of(BEN)) == "ben"
    assert hub.asked == [ANNA, BEN]


def test_an_answer_holds_for_a_minute(directory: JupyterHub, hub: FakeHub, time: Time) -> None:
    assert asyncio.run(directory.user_of(ANNA)) == "anna"
    time.now += KEPT_SECONDS - 1
    assert asyncio.run(directory.user_of(ANNA)) == "anna"
    assert len(hub.asked) == 1
    del hub.tokens[ANNA]
    time.now += 1
    assert refusal(directory, ANNA).status == 401
    assert refusal(directory, ANNA).status == 401
    assert len(hub.asked) == 2


def test_many_at_once_are_few_questions(directory: JupyterHub, hub: FakeHub) -> None:
    async def thirty_at_once() -> list[str]:
        return await asyncio.gather(*(directory.user_of(ANNA) for _ in range(30)))

    assert asyncio.run(thirty_at_once()) == ["anna"] * 30
    assert len(hub.asked) <= AT_ONCE


def test_no_more_answers_are_kept_than_fit(
    directory: JupyterHub, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_endpoints.access.jupyterhub.MOST_KEPT", 3)
    for token in (ANNA, "guess-1", "guess-2", ANNA, "guess-3", ANNA):
        with contextlib.suppress(ApiError):
            asyncio.run(directory.user_of(token))
    assert hub.asked == [ANNA, "guess-1", "guess-2", "guess-3"], "whom the Hub knows stays"


@pytest.mark.parametrize(
    ("model", "status", "text"),
    [
        (user("anna", "access:services"), None, ""),
        (user("anna", "read:users!user=anna"), 403, SCOPE),
        (user("anna", "access:services!service=another"), 403, SCOPE),
        ({"kind": "service", "name": "culler", "admin": True, "scopes": [SCOPE]}, 403, "service"),
    ],
)
def test_only_users_tokens_that_are_for_this_service(
    directory: JupyterHub, hub: FakeHub, model: Any, status: int | None, text: str
) -> None:
    hub.tokens[ANNA] = model
    if status is None:
        assert asyncio.run(directory.user_of(ANNA)) == "anna"
    else:
        refused = refusal(directory, ANNA)
        assert refused.status == status
        assert text in refused.detail


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("Bad gateway", 502),
        PlainTextResponse("<html>"),
        RedirectResponse("/elsewhere"),
        JSONResponse({"name": "anna"}),
        JSONResponse(["anna"]),
        JSONResponse({**user("anna"), "scopes": None}),
        JSONResponse({**user("anna"), "name": 7}),
        JSONResponse({}, 404),
    ],
)
def test_whatever_else_it_answers_lets_nobody_in_and_is_not_kept(
    directory: JupyterHub, hub: FakeHub, answer: Response, caplog: pytest.LogCaptureFixture
) -> None:
    hub.instead = answer
    with caplog.at_level(logging.DEBUG):
        assert refusal(directory, ANNA).status == 503
    assert ANNA not in caplog.text
    hub.instead = None
    assert asyncio.run(directory.user_of(ANNA)) == "anna"


def test_a_hub_that_is_not_there_lets_nobody_in() -> None:
    nowhere = JupyterHub("http://127.0.0.1:9/hub/api", service="local-endpoints")
    assert refusal(nowhere, ANNA).status == 503


@pytest.mark.parametrize("token", ["", "local_of-this-service", f"hf_{'a' * 34}"])
def test_tokens_of_others_are_not_shown_to_it(
    directory: JupyterHub, hub: FakeHub, token: str
) -> None:
    assert refusal(directory, token).status == 401
    assert hub.asked == []


def test_a_process_that_is_no_service_of_a_hub_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_URL", "http://127.0.0.1:9/hub/api")
    monkeypatch.delenv("JUPYTERHUB_SERVICE_NAME", raising=False)
    with pytest.raises(ServiceError, match="JUPYTERHUB_SERVICE_NAME"):
        JupyterHub.of_environment()
    monkeypatch.setenv("JUPYTERHUB_SERVICE_NAME", "local-endpoints")
    JupyterHub.of_environment()


# In front of a whole service.


@pytest.fixture
def shared(
    _service_server: ServerThread, repositories: Any, tmp_path: Path, directory: JupyterHub
) -> Iterator[Service]:
    service = Service(_service_server, tmp_path, directory=directory, shared=True).start()
    yield service
    service.stop()


def ask(service: Service, token: str, path: str, method: str = "GET") -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, service.url + path, headers=headers, timeout=20)


def test_a_users_namespace_is_their_own(shared: Service, hub: FakeHub) -> None:
    assert ask(shared, ANNA, "/api/whoami-v2").json()["name"] == "anna"
    assert ask(shared, ANNA, "/v2/endpoint/anna").status_code == 200
    assert ask(shared, ANNA, "/v2/endpoint/ben").status_code == 403
    assert ask(shared, "unknown", "/v2/endpoint/anna").status_code == 401
    assert ask(shared, "unknown", "/api/models/open-models/tiny").status_code == 401


def test_the_gateway_asks_it_too(shared: Service, hub: FakeHub) -> None:
    endpoint = shared.server.call(
        lambda: shared.lifecycle.create(
            namespace="anna", user="anna", spec=make_spec("poet", type="private")
        )
    )
    address = f"/{endpoint.id}/health"
    assert ask(shared, ANNA, address).status_code == 503, "it has no replica yet"
    assert ask(shared, BEN, address).status_code == 403
    assert ask(shared, "unknown", address).status_code == 401


def test_while_the_hub_is_silent_only_its_users_wait(shared: Service, hub: FakeHub) -> None:
    hub.instead = PlainTextResponse("", 502)
    for path in ("/v2/endpoint/anna", "/api/models/open-models/tiny"):
        answer = ask(shared, ANNA, path)
        assert answer.status_code == 503
        assert "JupyterHub" in answer.json()["error"]
    assert ask(shared, shared.token, "/v2/endpoint/local-user").status_code == 200


def test_an_admin_of_the_hub_is_no_operator(shared: Service, hub: FakeHub) -> None:
    hub.tokens[ANNA] = user("anna", "access:services", admin=True)
    assert ask(shared, ANNA, "/v2/endpoint/anna").status_code == 200
    assert ask(shared, ANNA, "/_local/status").status_code == 403
    assert ask(shared, ANNA, "/v2/endpoint/local-user").status_code == 403


def test_memberships_come_from_the_operator(shared: Service, hub: FakeHub) -> None:
    assert ask(shared, ANNA, "/v2/endpoint/local-class").status_code == 403
    shared.accounts.add({"anna": Grant("by-hand")}, organizations={"local-class": "read"})
    assert ask(shared, ANNA, "/v2/endpoint/local-class").status_code == 200
    assert ask(shared, BEN, "/v2/endpoint/local-class").status_code == 403


@pytest.mark.parametrize("name", ["local-user", "local-class", "acme", "anna@example.org", "../x"])
def test_names_that_cannot_be_namespaces(shared: Service, hub: FakeHub, name: str) -> None:
    shared.accounts.add({"someone": Grant("by-hand")}, organizations={"acme": "admin"})
    hub.tokens[ANNA] = user(name)
    answer = ask(shared, ANNA, "/api/whoami-v2")
    assert answer.status_code == 403
    assert repr(name) in answer.json()["error"]


def test_namespaces_are_known_once_their_user_was_here(directory: JupyterHub) -> None:
    access = Access(directory=directory)
    assert "anna" not in access.namespaces
    asyncio.run(access.identify(f"Bearer {ANNA}"))
    assert "anna" in access.namespaces
    with pytest.raises(ApiError):
        access.authenticate(f"Bearer {ANNA}")
