"""Hooks on the client's connections, against a service in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx2
import huggingface_hub
import pytest
from huggingface_hub import get_async_session, get_session, whoami

from helpers import traffic
from tests.fakes import Service


@pytest.fixture(autouse=True)
def _nobody_watches_afterwards() -> Iterator[None]:
    yield
    traffic.unwatch()
    huggingface_hub.close_session()


def get(service: Service, path: str = "/v2/provider") -> int:
    return get_session().get(service.url + path).status_code


def get_async(service: Service, path: str = "/v2/provider") -> int:
    async def attempt() -> int:
        async with get_async_session() as client:
            return (await client.get(service.url + path)).status_code

    return asyncio.run(attempt())


class Refused(Exception):
    pass


def refuse(request: httpx2.Request) -> None:
    raise Refused(request.url.path)


@pytest.mark.parametrize("ask", [get, get_async])
def test_hooks_see_every_request_and_answer(service: Service, ask: Any) -> None:
    seen: list[tuple[str, object]] = []
    traffic.watch(
        on_request=lambda request: seen.append((request.method, request.url.path)),
        on_response=lambda response: seen.append(("answer", response.status_code)),
    )
    ask(service)
    ask(service, "/nothing-here")
    assert seen == [
        ("GET", "/v2/provider"),
        ("answer", 200),
        ("GET", "/nothing-here"),
        ("answer", 404),
    ]


@pytest.mark.parametrize("ask", [get, get_async])
def test_what_a_hook_raises_stops_the_request(service: Service, ask: Any) -> None:
    answers: list[int] = []
    traffic.watch(
        on_request=refuse, on_response=lambda response: answers.append(response.status_code)
    )
    with pytest.raises(Refused, match="/v2/provider"):
        ask(service)
    assert answers == []


@pytest.mark.parametrize("ask", [get, get_async])
def test_watching_again_replaces_the_hooks(service: Service, ask: Any) -> None:
    seen: list[int] = []
    traffic.watch(on_request=refuse)
    traffic.watch(on_response=lambda response: seen.append(response.status_code))
    traffic.watch(on_response=lambda response: seen.append(response.status_code))
    assert ask(service) == 200
    assert seen == [200]


@pytest.mark.parametrize("ask", [get, get_async])
def test_nobody_watches_any_more(service: Service, ask: Any) -> None:
    traffic.watch(on_request=refuse)
    traffic.watch(on_request=refuse)
    traffic.unwatch()
    assert ask(service) == 200
    traffic.unwatch()
    assert ask(service) == 200


def test_a_closed_session_is_watched_again(service: Service) -> None:
    traffic.watch(on_request=refuse)
    huggingface_hub.close_session()
    with pytest.raises(Refused):
        get(service)


def test_the_client_keeps_its_own_hooks_and_settings(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, before_async = get_session(), get_async_session()
    traffic.watch(on_request=lambda request: None, on_response=lambda response: None)
    for own, watched in ((before, get_session()), (before_async, get_async_session())):
        assert watched.follow_redirects == own.follow_redirects
        assert watched.timeout == own.timeout
        for event, hooks in own.event_hooks.items():
            assert watched.event_hooks[event][: len(hooks)] == hooks
            assert len(watched.event_hooks[event]) == len(hooks) + 1
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(huggingface_hub.errors.OfflineModeIsEnabled):
        whoami(token="hf_any")


@pytest.fixture
def own_factories(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that makes its connections in its own way."""
    present = {"User-Agent": "my own"}
    for name, client in (("CLIENT", httpx2.Client), ("ASYNC_CLIENT", httpx2.AsyncClient)):
        # Set behind the client's back, so that the test leaves its default factories.
        factory = partial(client, headers=present)
        monkeypatch.setattr(f"huggingface_hub.utils._http._GLOBAL_{name}_FACTORY", factory)
    huggingface_hub.close_session()


def agents() -> list[str]:
    return [client.headers["User-Agent"] for client in (get_session(), get_async_session())]


def test_a_programs_own_connections_are_watched_and_come_back(
    service: Service, own_factories: None
) -> None:
    traffic.watch(on_request=refuse)
    assert agents() == ["my own", "my own"]
    with pytest.raises(Refused):
        get(service)
    with pytest.raises(Refused):
        get_async(service)
    traffic.unwatch()
    assert agents() == ["my own", "my own"]
    assert get(service) == 200


def test_direct_connections_are_the_clients_default_ones(
    service: Service, own_factories: None
) -> None:
    traffic.watch(on_request=refuse, direct=True)
    assert "my own" not in agents()
    with pytest.raises(Refused):
        get(service)
    traffic.watch(on_request=refuse)
    assert agents() == ["my own", "my own"]
    traffic.watch(on_request=refuse, direct=True)
    traffic.unwatch()
    assert agents() == ["my own", "my own"]
