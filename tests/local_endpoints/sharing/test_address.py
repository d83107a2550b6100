"""One service, several addresses: what clients write, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from local_endpoints.address import Address, public_url
from tests.fakes import ServerThread, Service, make_spec
from tests.local_endpoints.sharing.conftest import PUBLIC

HOST = "class.example.org"


def get(shared: Service, path: str, token: str, **headers: str) -> requests.Response:
    authorized = {"Authorization": f"Bearer {token}", "Host": HOST, **headers}
    return requests.get(shared.url + path, headers=authorized, allow_redirects=False, timeout=20)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://Class.Example.org/", "https://class.example.org"),
        ("https://class.example.org:8443", "https://class.example.org:8443"),
        ("https://hub.example.org/services/a-b/", "https://hub.example.org/services/a-b"),
        ("http://localhost:8000/services/x", "http://127.0.0.1:8000/services/x"),
    ],
)
def test_a_public_address(text: str, kept: str) -> None:
    assert public_url(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", "class.example.org", "ftp://class.example.org", "https://", "https:///path"),
        *("https://user@class.example.org", "https://class.example.org?a=b", "https://a b"),
        *("https://class.example.org/#a", "https://class.example.org:99999", "https://a/%2f"),
        "https://class.example.org//a",
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        public_url(text)


@pytest.mark.parametrize(
    ("public", "known", "unknown"),
    [
        (None, "127.0.0.1:4711", "class.example.org"),
        ("https://class.example.org/a", "class.example.org", "class.example.org:80"),
        ("https://class.example.org", "class.example.org:443", "other.example.org"),
        ("https://class.example.org:8443", "class.example.org:8443", "class.example.org"),
        ("http://10.0.0.1", "10.0.0.1", "10.0.0.2"),
    ],
)
def test_names(public: str | None, known: str, unknown: str) -> None:
    hosts = Address(4711, public).hosts
    assert known in hosts and "localhost:4711" in hosts
    assert unknown not in hosts


@pytest.mark.parametrize("prefix", ["", "/endpoints"])
@pytest.mark.parametrize("host", [HOST, f"{HOST}:443", f"{HOST.upper()}"])
def test_clients_come_with_the_path_or_without(
    shared: Service, tokens: dict[str, str], prefix: str, host: str
) -> None:
    answer = get(shared, f"{prefix}/api/whoami-v2", tokens["anna"], Host=host)
    assert answer.json()["name"] == "anna"
    assert get(shared, f"{prefix}/api/whoami-v2?x=%2F", tokens["anna"]).status_code == 200


@pytest.mark.parametrize("path", ["/endpointsapi/whoami-v2", "/endpoints", "/endpoints/"])
def test_the_path_is_whole_words(shared: Service, tokens: dict[str, str], path: str) -> None:
    assert get(shared, path, tokens["anna"]).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", f"{HOST}:80", f"{HOST}.evil.example", ""])
def test_other_names_are_refused(shared: Service, tokens: dict[str, str], host: str) -> None:
    assert get(shared, "/api/whoami-v2", tokens["anna"], Host=host).status_code == 400


FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-For": "1.2.3.4",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "host=evil.example;proto=gopher",
}


def test_an_endpoint_has_the_public_address_whatever_is_forwarded(
    shared: Service, tokens: dict[str, str], container_server: ServerThread
) -> None:
    shared.launcher.url = container_server.url
    container_server.app = _elsewhere
    endpoint = shared.server.call(
        lambda: shared.lifecycle.create(
            namespace="anna", user="anna", spec=make_spec(type="private")
        )
    )
    shared.tick(3)
    path = "/endpoints/v2/endpoint/anna/an-endpoint"
    seen = get(shared, path, tokens["anna"], **FORWARDED).json()["status"]["url"]
    assert seen == f"{PUBLIC}/{endpoint.id}"
    answer = get(shared, f"/endpoints/{endpoint.id}/a%2Fb", tokens["anna"], **FORWARDED)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{PUBLIC}/{endpoint.id}/seen/a%2Fb"


@pytest.mark.parametrize("prefix", ["", "/endpoints"])
def test_the_next_page_has_the_public_address_whatever_is_forwarded(
    shared: Service, tokens: dict[str, str], prefix: str
) -> None:
    spec = make_spec(type="private")
    shared.server.call(lambda: shared.lifecycle.create(namespace="anna", user="anna", spec=spec))
    shared.tick(3)
    shared.server.call(lambda: shared.launcher.last.say("a & b 1", "a & b 2", "another"))
    path, found = "/v3/endpoint/anna/an-endpoint/logs", []
    where = f"{prefix}{path}?limit=1&search=a+%26+b"
    while where:
        answer = get(shared, where, tokens["anna"], **FORWARDED)
        found += [record["line"] for record in answer.json()]
        where = answer.links.get("next", {}).get("url", "")
        assert not where or where.startswith(f"{PUBLIC}{path}?limit=1&search=")
        where = where.removeprefix("https://class.example.org")
    assert found == ["a & b 1", "a & b 2"]


async def _elsewhere(scope: Any, receive: Any, send: Any) -> None:
    """A container that leads to another of its own paths, by its own address."""
    host = dict(scope["headers"])[b"host"]
    headers = [(b"location", b"http://" + host + b"/seen" + scope["raw_path"])]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def test_it_redirects_nobody(shared: Service, tokens: dict[str, str]) -> None:
    answer = get(shared, "/api/whoami-v2/", tokens["anna"])
    assert answer.status_code == 404 and "location" not in answer.headers
