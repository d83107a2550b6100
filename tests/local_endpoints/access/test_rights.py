"""Each kind of token, each kind of route and the status, over HTTP.

The namespace is the organization ``acme``; what stands in it was made by another member. ``OWN``
rows are about what the token's user made, in their own namespace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from local_endpoints.access import INFER, READ, WRITE
from local_endpoints.access.permissions import MemberRole
from local_endpoints.access.token import Grant
from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import ServerThread, Service, make_spec, spec_body

OPEN = {"repository": "open-models/tiny"}
GATED: dict[str, Any] = {}
"""The repository of ``make_spec`` is gated."""


def fine(**permissions: set[str]) -> Grant:
    by_namespace = {name: frozenset(each) for name, each in permissions.items()}
    return Grant("a", "fineGrained", by_namespace)


def gated(grant: Grant) -> Grant:
    return Grant(grant.name, grant.role, grant.permissions, gated=True)


EVERYTHING = {READ, WRITE, INFER}


@dataclass(frozen=True)
class Row:
    """Who asks, and the status that each kind of request gets.

    Attributes:
        grant: the token's; ``None`` for the header that follows.
        roles: of the user in organizations.
        look: at what is in the namespace.
        make: a new endpoint there.
        change: what another made there.
        private: call a private endpoint there.
        anywhere: call an authenticated one of somebody else.
    """

    grant: Grant | None
    roles: dict[str, MemberRole] = field(default_factory=dict)
    look: int = 403
    make: int = 403
    change: int = 403
    private: int = 403
    anywhere: int = 403
    header: str | None = None


NOBODY = {"look": 401, "make": 401, "change": 401, "private": 401, "anywhere": 401}
READER: dict[str, int] = {"look": 200, "private": 200, "anywhere": 200}
WRITER: dict[str, int] = {**READER, "make": 200, "change": 200}

TABLE = {
    "no token": Row(None, **NOBODY),
    "an unknown token": Row(None, header="Bearer local_unknown", **NOBODY),
    "a classic token, no member": Row(Grant("a", "write"), anywhere=200),
    "a member's classic read token": Row(Grant("a", "read"), {"acme": "admin"}, **READER),
    "a member's classic write token": Row(Grant("a", "write"), {"acme": "write"}, **WRITER),
    "an admin's classic write token": Row(Grant("a", "write"), {"acme": "admin"}, **WRITER),
    "a contributor's": Row(Grant("a", "write"), {"acme": "contributor"}, **READER, make=200),
    "a reading member's": Row(Grant("a", "write"), {"acme": "read"}, **READER),
    "fine-grained, nothing": Row(fine(), {"acme": "admin"}),
    "read without calling": Row(fine(acme={READ}), {"acme": "admin"}, look=200),
    "call without managing": Row(fine(acme={INFER}), {"acme": "admin"}, private=200, anywhere=200),
    "manage without calling": Row(
        fine(acme={WRITE}), {"acme": "admin"}, look=200, make=200, change=200
    ),
    "manage and call": Row(fine(acme={WRITE, INFER}), {"acme": "write"}, **WRITER),
    "everything, for a reading member": Row(fine(acme=EVERYTHING), {"acme": "read"}, **READER),
    "everything, for a contributor": Row(
        fine(acme=EVERYTHING), {"acme": "contributor"}, **READER, make=200
    ),
    "everything, but for the user alone": Row(
        fine(anna=EVERYTHING), {"acme": "admin"}, anywhere=200
    ),
    "everything, but for another organization": Row(
        fine(other=EVERYTHING), {"acme": "admin", "other": "admin"}, anywhere=200
    ),
}


class World:
    """A service with endpoints in ``acme``, and who asks it."""

    def __init__(self, service: Service, container: ServerThread) -> None:
        self.service = service
        container.app = _answers
        service.launcher.url = container.url
        self.headers: dict[str, str] = {}

    def come_as(
        self, grant: Grant | None, roles: dict[str, MemberRole], header: str | None = None
    ) -> None:
        if grant is not None:
            (text,) = self.service.accounts.add({"anna": grant}, organizations=roles).values()
            header = f"Bearer {text}"
        self.headers = {} if header is None else {"Authorization": header}

    def make(self, name: str, namespace: str, *, user: str, **changes: Any) -> Endpoint:
        spec = make_spec(name, model=OPEN, **changes)
        lifecycle = self.service.lifecycle
        endpoint = self.service.server.call(
            lambda: lifecycle.create(namespace=namespace, user=user, spec=spec)
        )
        self.service.tick(3)
        return endpoint

    def ask(self, method: str, path: str, body: Any = None) -> int:
        url = self.service.url + path
        answer = requests.request(method, url, json=body, headers=self.headers, timeout=20)
        if answer.status_code in (401, 403) and not path.startswith("/api"):
            assert set(answer.json()) == {"error", "code"}
        return answer.status_code


async def _answers(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture
def world(service: Service, container_server: ServerThread) -> Iterator[World]:
    yield World(service, container_server)


ONE = "/endpoint/acme/an-endpoint"
LOOKING = (
    *("/v2/endpoint/acme", f"/v2{ONE}", f"/v2{ONE}/replica", f"/v2{ONE}/logs", f"/v3{ONE}/logs"),
    *("/v2/provider/acme", "/v2/provider/quotas/acme"),
)
GRAPHS = ("", "/replica-ids", "/response-status-code")
HOUR = {"start": "2026-11-26T18:00:00Z", "stop": "2026-11-26T19:00:00Z"}
CHANGING = (
    *(("POST", "/pause"), ("PUT", ""), ("POST", "/resume")),
    *(("POST", "/scale-to-zero"), ("DELETE", "")),
)


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_what_a_token_may_do_with_an_organizations_endpoints(world: World, row: Row) -> None:
    world.make("an-endpoint", "acme", user="ben")
    private = world.make("private-one", "acme", user="ben", type="private")
    anywhere = world.make("of-somebody", "somebody", user="somebody", type="authenticated")
    public = world.make("for-all", "somebody", user="somebody", type="public")
    world.come_as(row.grant, row.roles, row.header)
    for path in LOOKING:
        assert world.ask("GET", path) == row.look, path
    for graph in GRAPHS:
        assert world.ask("POST", f"/v2{ONE}/metrics{graph}", HOUR) == row.look, graph
    assert world.ask("POST", f"/{private.id}/generate", {}) == row.private
    assert world.ask("POST", f"/{anywhere.id}/generate", {}) == row.anywhere
    assert world.ask("POST", f"/{public.id}/generate", {}) == 200
    assert world.ask("POST", "/v2/endpoint/acme", spec_body("new-one", model=OPEN)) == row.make
    wish = {"namespace": "acme", "config": {"name": "from-catalog"}}
    deploy = "/api/v1/catalog/model/open-models/tiny/deploy"
    assert world.ask("POST", deploy, wish) == row.make
    for method, suffix in CHANGING:
        path, body = f"/v2/endpoint/acme/an-endpoint{suffix}", {} if method == "PUT" else None
        assert world.ask(method, path, body) == row.change, path
        world.service.tick(3)
    expected = 401 if row.grant is None else 403
    for path in ("status", "journal", "faults"):
        assert world.ask("GET", f"/_local/{path}") == expected
    assert world.ask("GET", "/v2/endpoint/somebody") == expected, "nor is it told what is there"
    assert world.ask("GET", "/api/whoami-v2") == (401 if row.grant is None else 200)


OWN = {
    "classic read": (Grant("a", "read"), {"read": 200, "write": 403, "infer": 200}),
    "classic write": (Grant("a", "write"), {"read": 200, "write": 200, "infer": 200}),
    "fine-grained, nothing": (fine(), {"read": 403, "write": 403, "infer": 403}),
    "read": (fine(anna={READ}), {"read": 200, "write": 403, "infer": 403}),
    "infer": (fine(anna={INFER}), {"read": 403, "write": 403, "infer": 200}),
    "write": (fine(anna={WRITE}), {"read": 200, "write": 200, "infer": 403}),
    "all": (fine(anna=EVERYTHING), {"read": 200, "write": 200, "infer": 200}),
    "of an organization": (fine(acme=EVERYTHING), {"read": 403, "write": 403, "infer": 403}),
}


@pytest.mark.parametrize(("grant", "expected"), OWN.values(), ids=OWN)
def test_what_a_token_may_do_with_its_users_own(
    world: World, grant: Grant, expected: dict[str, int]
) -> None:
    endpoint = world.make("an-endpoint", "anna", user="anna", type="private")
    world.come_as(grant, {"acme": "admin"})
    assert world.ask("GET", "/v2/endpoint/anna/an-endpoint") == expected["read"]
    assert world.ask("POST", f"/{endpoint.id}", {}) == expected["infer"]
    assert world.ask("POST", "/v2/endpoint/anna/an-endpoint/pause") == expected["write"]


@pytest.mark.parametrize("role", ["contributor", "write"])
def test_who_makes_an_endpoint_is_its_creator(world: World, role: MemberRole) -> None:
    world.come_as(Grant("a"), {"acme": role})
    url = f"{world.service.url}/v2/endpoint/acme"
    made = requests.post(url, json=spec_body(model=OPEN), headers=world.headers, timeout=20).json()
    assert made["status"]["createdBy"] == {"id": "anna", "name": "anna"}
    assert world.ask("POST", f"/v2/endpoint/acme/{made['name']}/pause") == 200


@pytest.mark.parametrize(("method", "suffix"), CHANGING[:-1])
def test_who_changes_an_endpoint_is_told(world: World, method: str, suffix: str) -> None:
    endpoint = world.make("an-endpoint", "acme", user="ben")
    if suffix == "/resume":
        world.service.server.call(lambda: world.service.lifecycle.pause(endpoint))
    world.come_as(Grant("a"), {"acme": "write"})
    url = f"{world.service.url}/v2/endpoint/acme/an-endpoint"

    def status() -> Any:
        return requests.get(url, headers=world.headers, timeout=20).json()["status"]

    assert status()["updatedBy"]["name"] == "ben"
    assert world.ask(method, f"/v2/endpoint/acme/an-endpoint{suffix}", {"tags": ["a"]}) == 200
    world.service.tick(3)
    assert status()["createdBy"] == {"id": "ben", "name": "ben"}
    assert status()["updatedBy"] == {"id": "anna", "name": "anna"}


@pytest.mark.parametrize(
    ("grant", "terms", "status", "text"),
    [
        (Grant("a", "write"), True, 200, ""),
        (gated(fine(anna={WRITE})), True, 200, ""),
        (fine(anna={WRITE}), True, 403, "Please enable access to public gated repositories"),
        (Grant("a", "write"), False, 403, "you are not in the authorized list"),
    ],
)
def test_an_endpoint_of_a_gated_repository_needs_the_files(
    world: World, grant: Grant, terms: bool, status: int, text: str
) -> None:
    world.make("an-open-one", "anna", user="anna")
    (token,) = world.service.accounts.add({"anna": grant}, terms=terms).values()
    world.headers = {"Authorization": f"Bearer {token}"}
    base = f"{world.service.url}/v2/endpoint/anna"
    wish = spec_body(model=GATED)
    repository = wish["model"]["repository"]
    catalog = f"{world.service.url}/api/v1/catalog/model/{repository}/deploy"
    config = {"namespace": "anna", "config": {"name": "from-catalog"}}
    change = {"model": {"repository": repository}}
    for method, url, body in (
        *(("POST", base, wish), ("PUT", f"{base}/an-open-one", change)),
        ("POST", catalog, config),
    ):
        answer = requests.request(method, url, json=body, headers=world.headers, timeout=20)
        assert answer.status_code == status, answer.text
        if status == 403:
            assert answer.json()["error"].startswith(f"Forbidden: {repository}: ")
            assert text in answer.json()["error"]
    listed = requests.get(base, headers=world.headers, timeout=20).json()["totalItems"]
    assert listed == (3 if status == 200 else 1)
