"""Every refusal whose text somebody saw on the real service, with who and when, over HTTP.

A row is a situation and the answer that it must get, byte for byte. ``SEEN`` rows were observed;
``INFERRED`` rows follow the pattern of the others or fill a gap, and may turn out otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from local_endpoints.access import INFER, READ, WRITE
from local_endpoints.access.token import Grant
from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import MODEL_ID, Service, make_spec, spec_body

SEEN, INFERRED = "seen", "inferred"
ZOTERO = "a third party's protocol (zotero-rag), 2026-10-10"
NO_REASON = "the Hub's words; the real service said 500 and no reason (huggingface_hub #2338, 2024)"
FOR_ANNA = Grant("a", "fineGrained", {"anna": frozenset({WRITE})})
CLIENTS = "texts that third parties' clients look for, 2026"


class World:
    """The service, with one endpoint whose containers answer 429 to everything."""

    def __init__(self, service: Service, container_server: Any) -> None:
        self.service = service
        service.launcher.url = container_server.url
        self.endpoint: Endpoint = service.create_running()

    def do(self, change: str) -> None:
        self.service.server.call(lambda: getattr(self.service.lifecycle, change)(self.endpoint))

    def update(self) -> None:
        self.service.launcher.ready = False
        spec = make_spec(tags=["new"])
        self.service.server.call(lambda: self.service.lifecycle.update(self.endpoint, spec))

    def die(self) -> None:
        self.service.launcher.last.die("out of memory")

    def fail(self) -> None:
        for _ in range(4):
            self.die()
            self.service.tick()
        assert self.endpoint.state == "failed"

    def sleep(self) -> None:
        self.do("scale_to_zero")
        self.service.clock.advance(seconds=5)

    def starting(self) -> None:
        self.service.launcher.ready = False
        self.sleep()
        self.do("wake")
        self.service.tick()

    def ask(self, path: str = "/generate", *, token: str | None = "") -> requests.Response:
        """A request to the endpoint; ``None`` sends no token."""
        return self.send("POST", f"/{self.endpoint.id}{path}", {"inputs": "hello"}, token)

    def ask_private(self, token: str) -> requests.Response:
        """A request to a private endpoint."""
        endpoint = self.service.create_running("private-one", type="private")
        return self.send("POST", f"/{endpoint.id}/generate", {"inputs": "hello"}, token)

    def manage(
        self, method: str, path: str = "", body: Any = None, *, token: str | None = ""
    ) -> requests.Response:
        """A request to the management API, below the namespace."""
        return self.send(method, f"/v2/endpoint/local-user{path}", body, token)

    def send(self, method: str, path: str, body: Any, token: str | None) -> requests.Response:
        shown = self.service.token if token == "" else token
        headers = {} if shown is None else {"Authorization": f"Bearer {shown}"}
        url = self.service.url + path
        return requests.request(method, url, json=body, headers=headers, timeout=20)

    def post(self, action: str, **options: Any) -> requests.Response:
        return self.manage("POST", f"/an-endpoint/{action}", **options)

    def create(self, **changes: Any) -> requests.Response:
        return self.manage("POST", body=spec_body("another-one", **changes))

    def limited(self, permission: str) -> str:
        return self.service.access.issue(frozenset({permission}))

    def of_anna(self, grant: Grant, **more: Any) -> str:
        """The token of another user, made by hand."""
        (text,) = self.service.accounts.add({"anna": grant}, **more).values()
        return text

    def create_in(self, namespace: str, token: str) -> requests.Response:
        return self.send("POST", f"/v2/endpoint/{namespace}", spec_body("another-one"), token)

    def without_payment(self) -> None:
        self.service.access.set_payment("local-user", can_pay=False)


async def _overloaded(scope: Any, receive: Any, send: Any) -> None:
    """What a container answers is passed on as it is: here TGI's words when it is full."""
    body = b'{"error":"Model is overloaded","error_type":"overloaded"}'
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def world(service: Service, container_server: Any) -> World:
    container_server.app = _overloaded
    return World(service, container_server)


@dataclass(frozen=True)
class Row:
    """One refusal.

    Attributes:
        situation: prepares the world and sends the request.
        error: the whole text, ``...`` at its start or end standing for anything.
        state: what the endpoint must be in afterwards; empty where it does not matter.
    """

    name: str
    mark: str
    source: str
    situation: Callable[[World], requests.Response]
    status: int
    error: str
    code: str
    state: str = ""


def after(*changes: Callable[[World], object]) -> Callable[[World], requests.Response]:
    """A request to the endpoint after the changes."""

    def situation(world: World) -> requests.Response:
        for change in changes:
            change(world)
        return world.ask()

    return situation


def scale_to_zero(world: World) -> None:
    world.do("scale_to_zero")


def pause(world: World) -> None:
    world.do("pause")


def then(
    change: Callable[[World], object], call: Callable[[World], requests.Response]
) -> Callable[[World], requests.Response]:
    def situation(world: World) -> requests.Response:
        change(world)
        return call(world)

    return situation


UNAVAILABLE = (503, "503 Service Unavailable", "SERVICE_UNAVAILABLE")
UNAUTHORIZED = (401, "401 Unauthorized", "UNAUTHORIZED")
PAUSED = "Bad Request: The endpoint is paused, ask a maintainer to restart it"
NOT_STOPPED = "Bad Request: workload is not stopped"

GATEWAY = [
    Row("asleep", SEEN, ZOTERO, after(World.sleep), *UNAVAILABLE, "initializing"),
    Row("starting", SEEN, ZOTERO, after(World.starting), *UNAVAILABLE, "initializing"),
    Row("updating", SEEN, "third parties, 2026", after(World.update), *UNAVAILABLE, "updating"),
    Row("paused", SEEN, ZOTERO, after(pause), 400, PAUSED, "BAD_REQUEST", "paused"),
    Row(
        *("no token", SEEN, ZOTERO, lambda world: world.ask(token=None)),
        *UNAUTHORIZED,
    ),
    Row("wrong token", SEEN, ZOTERO, lambda world: world.ask(token="wrong"), *UNAUTHORIZED),
    Row(
        *("no token for the health route", SEEN, ZOTERO),
        lambda world: world.ask("/health", token=None),
        *UNAUTHORIZED,
    ),
    Row(
        *("no token for a route that nobody knows", SEEN, ZOTERO),
        lambda world: world.ask("/no/such/route", token=None),
        *UNAUTHORIZED,
    ),
    Row(
        *("no token, asleep", SEEN, ZOTERO),
        then(World.sleep, lambda world: world.ask("/health", token=None)),
        *UNAUTHORIZED,
        "scaledToZero",
    ),
    Row(
        *("no token, paused", INFERRED, "the route refuses before the state does"),
        then(pause, lambda world: world.ask(token=None)),
        *UNAUTHORIZED,
        "paused",
    ),
    Row(
        *("token without the permission to call", SEEN, "a third party (kotoba), 2026-09-16"),
        lambda world: world.ask(token=world.limited(READ)),
        *(403, f"Forbidden: missing permissions: {INFER}", "FORBIDDEN"),
    ),
    Row(
        *("failed", SEEN, f"{ZOTERO}: status, code, and that the text speaks of an error"),
        after(World.fail),
        *(400, "Bad Request: The endpoint is in error ...", "BAD_REQUEST", "failed"),
    ),
    Row(
        *("in a transition", SEEN, CLIENTS, after(scale_to_zero, World.die)),
        *(400, NOT_STOPPED, "BAD_REQUEST", "scaledToZero"),
    ),
    Row(
        *("private, of another user", INFERRED, "the status of a namespace that is not yours"),
        lambda world: world.ask_private(world.of_anna(Grant("a"))),
        *(403, "Forbidden: namespace local-user is not yours...", "FORBIDDEN"),
    ),
    Row(
        *("no such endpoint", INFERRED, "the pattern", lambda world: _unknown_id(world)),
        *(404, "Not Found: ...", "NOT_FOUND"),
    ),
]

MANAGEMENT = [
    Row(
        *("no token", SEEN, "third parties, 2026", lambda world: world.manage("GET", token=None)),
        *UNAUTHORIZED,
    ),
    Row(
        *("token that may not read", SEEN, "third parties, 2026"),
        lambda world: world.manage("GET", "/an-endpoint", token=world.limited(INFER)),
        *(403, f"Forbidden: missing permissions: {READ}", "FORBIDDEN"),
    ),
    Row(
        *("token that may not write", SEEN, "third parties, 2026"),
        lambda world: world.post("pause", token=world.limited(READ)),
        *(403, f"Forbidden: missing permissions: {WRITE}", "FORBIDDEN", "running"),
    ),
    Row(
        *("organization outside of the token's scope", SEEN, "third parties, 2026: the status"),
        lambda world: world.create_in(
            "acme", world.of_anna(FOR_ANNA, organizations={"acme": "admin"})
        ),
        *(403, f"Forbidden: missing permissions: {WRITE}", "FORBIDDEN"),
    ),
    Row(
        *("another user's namespace", INFERRED, "the status of the row before"),
        lambda world: world.create_in("local-user", world.of_anna(Grant("a"))),
        *(403, "Forbidden: namespace local-user is not yours...", "FORBIDDEN"),
    ),
    Row(
        *("organization of which one is a reading member", INFERRED, "roles of repositories"),
        lambda world: world.create_in(
            "acme", world.of_anna(Grant("a"), organizations={"acme": "read"})
        ),
        *(403, f"Forbidden: missing permissions: {WRITE}", "FORBIDDEN"),
    ),
    Row(
        *("gated repository, the token's box is empty", INFERRED, NO_REASON),
        lambda world: world.create_in("anna", world.of_anna(FOR_ANNA)),
        403,
        f"Forbidden: {MODEL_ID}: Please enable access to public gated repositories in your "
        "fine-grained token settings to view this repository.",
        "FORBIDDEN",
    ),
    Row(
        *("gated repository, terms not agreed to", INFERRED, NO_REASON),
        lambda world: world.create_in("anna", world.of_anna(Grant("a"), terms=False)),
        403,
        f"Forbidden: {MODEL_ID}: Access to model {MODEL_ID} is restricted and you are not in the "
        f"authorized list. Visit https://huggingface.co/{MODEL_ID} to ask for access.",
        "FORBIDDEN",
    ),
    Row(
        *("no payment method", SEEN, ZOTERO, then(World.without_payment, World.create)),
        *(403, "Forbidden: Payment method required for namespace: local-user", "FORBIDDEN"),
    ),
    Row(
        *("no payment method, resume", INFERRED, "the same for what else starts a bill"),
        then(pause, then(World.without_payment, lambda world: world.post("resume"))),
        *(403, "Forbidden: Payment method required for namespace: local-user", "FORBIDDEN"),
        "paused",
    ),
    Row(
        *("idle time too short", SEEN, ZOTERO),
        lambda world: world.create(scaling={"scaleToZeroTimeout": 5}),
        *(400, "... must be between 15 and 2880 minutes", "BAD_REQUEST"),
    ),
    Row(
        *("idle time too long, update", SEEN, ZOTERO),
        lambda world: world.manage(
            "PUT", "/an-endpoint", {"compute": {"scaling": {"scaleToZeroTimeout": 2881}}}
        ),
        *(400, "... must be between 15 and 2880 minutes", "BAD_REQUEST", "running"),
    ),
    Row(
        *("null where a value is expected", SEEN, "commit of huggingface_hub, 2026-08"),
        lambda world: world.create(model={"task": None}),
        400,
        "Bad Request: Failed to parse the request body as JSON: model.task: expected value",
        "BAD_REQUEST",
    ),
    Row(
        *("missing field of an image", SEEN, "commit of huggingface_hub, 2026-08"),
        lambda world: world.create(model={"image": {"vLLM": {}}}),
        400,
        "Bad Request: VALIDATION_FAILED: model.image.vLLM: missing field `url`",
        "BAD_REQUEST",
    ),
    Row(
        *("hardware that does not exist", SEEN, "text that lighteval looks for, 2025"),
        lambda world: world.create(compute={"instanceType": "nvidia-z9"}),
        *(400, "Bad Request: Compute instance not available yet", "BAD_REQUEST"),
    ),
    Row(
        *("quota", SEEN, "text that lighteval looks for, 2025"),
        lambda world: world.create(compute={"instanceSize": "x4"}, scaling={"maxReplica": 3}),
        *(409, "Conflict: Quota exceeded...", "CONFLICT"),
    ),
    Row(
        *("name taken", SEEN, "lighteval, 2025: the status"),
        lambda world: world.manage("POST", body=spec_body("an-endpoint")),
        *(409, "Conflict: ...", "CONFLICT", "running"),
    ),
    Row(
        *("resume while running", SEEN, "text that huggingface_hub 2.4 looks for"),
        lambda world: world.post("resume"),
        *(400, "...already running", "BAD_REQUEST", "running"),
    ),
    Row(
        *("resume while the replicas drain", INFERRED, "the proxy's text for a transition"),
        then(scale_to_zero, lambda world: world.post("resume")),
        *(400, NOT_STOPPED, "BAD_REQUEST", "scaledToZero"),
    ),
    Row(
        *("resume during an update", INFERRED, "the proxy's text for a transition"),
        then(World.update, lambda world: world.post("resume")),
        *(400, NOT_STOPPED, "BAD_REQUEST", "updating"),
    ),
    Row(
        *("no such endpoint", INFERRED, "the pattern"),
        lambda world: world.manage("GET", "/no-such-one"),
        *(404, "Not Found: ...", "NOT_FOUND"),
    ),
    Row(
        *("log of a replica that never was", INFERRED, "the pattern"),
        lambda world: world.manage("GET", "/an-endpoint/logs?replica=none"),
        *(404, "Not Found: no log of replica ...", "NOT_FOUND"),
    ),
    Row(
        *("graphs of no period", INFERRED, "the words of other bodies that cannot be read"),
        lambda world: world.post("metrics", body={}),
        *(400, "Bad Request: Failed to parse the request body as JSON: missing ...", "BAD_REQUEST"),
    ),
    Row(
        *("not imitated", INFERRED, "the pattern; no route of the real service"),
        lambda world: world.send("GET", "/v2/audit-logs/local-user", None, ""),
        *(501, "Not Implemented: ...", "NOT_IMPLEMENTED"),
    ),
    Row(
        *("method not allowed", INFERRED, "the pattern"),
        lambda world: world.send("POST", "/api/whoami-v2", {}, ""),
        *(405, "Method Not Allowed: ...", "METHOD_NOT_ALLOWED"),
    ),
    Row(
        *("body too large", INFERRED, "the pattern, with the phrase of Rust's http library"),
        lambda world: world.create(tags=["x" * 1_000_001]),
        *(413, "Payload Too Large: ...", "PAYLOAD_TOO_LARGE"),
    ),
]


def _unknown_id(world: World) -> requests.Response:
    return world.send("GET", "/abcdefgh12345678", None, "")


@pytest.mark.parametrize("row", [*GATEWAY, *MANAGEMENT], ids=lambda row: f"{row.name}, {row.mark}")
def test_refusal(world: World, row: Row) -> None:
    answer = row.situation(world)
    assert answer.status_code == row.status, answer.text
    body = answer.json()
    assert set(body) == {"error", "code"}
    assert body["code"] == row.code
    begin, anything, end = row.error.partition("...")
    assert body["error"].startswith(begin) and body["error"].endswith(end)
    assert anything or body["error"] == row.error
    # Written down without a space between the fields.
    assert answer.text == json.dumps(body, separators=(",", ":"))
    assert "retry-after" not in answer.headers
    if row.state:
        assert world.endpoint.state == row.state


def test_every_row_has_a_source() -> None:
    assert all(row.source and row.mark in (SEEN, INFERRED) for row in [*GATEWAY, *MANAGEMENT])


def test_a_full_model_says_so_itself(world: World) -> None:
    """Status and "Model is overloaded" in the body: seen on 2026-10-10."""
    answer = world.ask()
    assert answer.status_code == 429
    assert answer.json() == {"error": "Model is overloaded", "error_type": "overloaded"}


def test_an_endpoint_that_sleeps_goes_on_answering_503_until_it_runs(world: World) -> None:
    """Seen on 2026-10-10: requests do not hang, the first ones wake it, then comes the model."""
    world.starting()
    assert {world.ask().status_code for _ in range(5)} == {503}
    world.service.launcher.last.become_ready()
    world.service.tick(2)
    assert world.ask().status_code == 429


def test_right_after_scale_to_zero_the_replica_still_answers(world: World) -> None:
    """Seen on 2026-10-10: state ``scaledToZero`` at once, answers for a short moment."""
    answer = world.post("scale-to-zero")
    assert answer.json()["status"]["state"] == "scaledToZero"
    assert world.ask().status_code == 429
    assert world.endpoint.state == "scaledToZero"


def test_a_refused_idle_time_changes_nothing(world: World) -> None:
    """Seen on 2026-10-10."""
    before = world.manage("GET", "/an-endpoint").json()
    change = {"tags": ["new"], "compute": {"scaling": {"scaleToZeroTimeout": 14}}}
    assert world.manage("PUT", "/an-endpoint", change).status_code == 400
    assert world.manage("GET", "/an-endpoint").json() == before


def test_a_paused_endpoint_keeps_its_url(world: World) -> None:
    """Seen on 2026-10-10."""
    url = f"{world.service.url}/{world.endpoint.id}"
    assert world.post("pause").json()["status"]["url"] == url
    assert world.post("resume").json()["status"]["url"] == url


def test_protected_is_private(world: World) -> None:
    """Seen in July 2026."""
    answer = world.create(type="protected")
    assert (answer.status_code, answer.json()["type"]) == (200, "private")
