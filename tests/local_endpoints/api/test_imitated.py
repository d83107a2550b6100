"""What `tests.imitation` says of the management API, the catalog and the proxy is so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

import pytest
import requests
from pydantic import BaseModel

from local_endpoints.control_plane.endpoint import State
from local_endpoints.control_plane.images import IMAGE_FIELDS
from local_endpoints.control_plane.spec import NOT_IMITATED, EndpointSpec
from local_endpoints.dialects import DIALECTS
from local_endpoints.repositories import REPOSITORIES, Repository
from tests.fakes import MODEL_ID, ServerThread, spec_body
from tests.imitation import management
from tests.imitation.row import names, verdicts
from tests.local_endpoints.api.conftest import NAMESPACE, WARNING, Api, error_text
from tests.local_endpoints.test_wire import World

LIST = f"/endpoint/{NAMESPACE}"
ONE = f"{LIST}/an-endpoint"
GROUPS = {
    "query of the list": "GET /v2/endpoint/{namespace}",
    "query of logs as text": f"GET {management.ONE}/logs",
    "query of logs as records": f"GET {management.RECORDS}",
    "query of the catalog": "GET /api/v1/catalog/list",
}
ODD_QUERIES = {"limit": "0", "cursor": "no", "follow": "perhaps", "order": "up", "replica": "none"}
"""Values that are refused; any other parameter gets a word that fits nothing, or a 1."""
NUMBERS = {"tail", "line_max_length"}
TIMES = {"since": "2999-01-01T00:00:00Z", "until": "1999-01-01T00:00:00Z"}


@pytest.fixture
def everything(repositories: dict[str, Repository], monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository that every dialect can serve."""
    generous = replace(repositories[MODEL_ID], dialects=tuple(DIALECTS))
    monkeypatch.setitem(REPOSITORIES, MODEL_ID, generous)


def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{api.service.url}/openapi.json", timeout=20).json()
    return found


def put(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with the field of that dotted path."""
    *parents, last = path.split(".")
    part = body
    for parent in parents:
        part = part.setdefault(parent, {})
    part[last] = value
    return body


def at(body: Mapping[str, Any], path: str) -> Any:
    for part in path.split("."):
        body = body[part]
    return body


def example(name: str) -> dict[str, Any]:
    """A body that creates, with the field's example."""
    body = spec_body()
    for path, value in management.SPEC[name].fields(name).items():
        put(body, path, value)
    return body


def paths_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        nested = field.annotation
        if isinstance(nested, type) and issubclass(nested, BaseModel):
            yield from paths_of(nested, f"{path}.")
        else:
            yield path


def leaves(value: Any, prefix: str) -> Iterator[str]:
    """The dotted paths of an endpoint, down to where names are the user's."""
    whole = prefix in {"model.image", "model.env", "model.secrets", "compute.scaling.measure"}
    deep = prefix in {"", "provider", "compute", "compute.scaling", "model", "status"}
    if isinstance(value, dict) and deep and not whole:
        for name, part in value.items():
            yield from leaves(part, f"{prefix}.{name}".removeprefix("."))
    else:
        yield prefix


def test_every_route_has_a_row(api: Api) -> None:
    told = verdicts(management.ROUTES, "routes")
    described = {
        f"{method.upper()} {path}"
        for path, operations in document(api)["paths"].items()
        for method in operations
        if not re.match(r"/{|/api/(models|whoami)", path)
    }
    assert {name for name, verdict in told.items() if verdict != "refused"} == described


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, verdict in verdicts(management.ROUTES, "routes").items()
        if verdict == "refused"
    ],
)
def test_a_refused_route_says_so(api: Api, name: str) -> None:
    api.service.create_running()
    method, _, path = name.partition(" ")
    url = api.service.url + path.format(namespace=NAMESPACE, name="an-endpoint")
    assert error_text(requests.request(method, url, headers=api.service.headers, timeout=20), 501)


def test_every_parameter_has_a_row(api: Api) -> None:
    for part, route in GROUPS.items():
        method, _, path = route.partition(" ")
        described = document(api)["paths"][path][method.lower()]["parameters"]
        found = {each["name"] for each in described if each["in"] == "query"}
        assert set(names(management.QUERY_ROWS, part)) == found


@pytest.mark.parametrize(
    ("part", "name"),
    [(part, name) for part in GROUPS for name in names(management.QUERY_ROWS, part)],
)
def test_a_parameter_is_read_and_not_overlooked(api: Api, part: str, name: str) -> None:
    api.service.create_running()
    api.service.server.call(lambda: api.service.launcher.last.say("INFO one", "INFO two"))
    path = GROUPS[part].partition(" ")[2].format(namespace=NAMESPACE, name="an-endpoint")

    def answer(**query: str) -> tuple[int, str]:
        found = requests.get(
            api.service.url + path, params=query, headers=api.service.headers, timeout=20
        )
        return found.status_code, found.text

    value = TIMES.get(name) or ODD_QUERIES.get(name) or ("1" if name in NUMBERS else "nothing")
    assert answer(**{name: value}) != answer()
    assert answer(colour="red") == answer()


def test_every_field_has_a_row_and_an_example() -> None:
    told = set(names(management.SPEC_ROWS, "create and update"))
    assert told == set(management.SPEC) == {*paths_of(EndpointSpec), *NOT_IMITATED}


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("name", management.SPEC)
def test_a_field_is_kept_or_refused(api: Api, name: str, method: str) -> None:
    refusal = management.SPEC[name].refusal
    if method == "PUT":
        api.service.create()
        if name == "name":
            refusal = "cannot be renamed"
    answer = api(method, LIST if method == "POST" else ONE, example(name))
    verdict = verdicts(management.SPEC_ROWS, "create and update")[name]
    if refusal:
        assert verdict == "refused" or name in ("model.args", "name")
        assert refusal in error_text(answer, 400)
        return
    assert answer.status_code == 200, answer.text
    assert verdict != "refused"
    value = management.SPEC[name].value
    assert at(answer.json(), name) == ({"B": ""} if name == "model.secrets" else value)
    assert WARNING not in answer.headers


@pytest.mark.parametrize("name", management.SPEC)
def test_a_field_is_read_and_not_overlooked(api: Api, name: str) -> None:
    error_text(api("POST", LIST, put(example(name), name, [{"a": 1}])), 400)
    answer = api("POST", LIST, put(spec_body(), f"{name.rpartition('.')[0]}.colour".strip("."), 1))
    assert answer.status_code == 200
    assert "colour was dropped" in answer.headers[WARNING]


def test_every_image_and_its_fields_have_a_row() -> None:
    assert set(names(management.SPEC_ROWS, "`model.image`")) == set(IMAGE_FIELDS)
    assert set(management.IMAGES) == set(IMAGE_FIELDS)
    fields = {field for variant in management.SERVED_IMAGES for field in IMAGE_FIELDS[variant]}
    assert set(names(management.SPEC_ROWS, "fields of an image")) == fields
    assert set(management.IMAGE_VALUES) == fields


@pytest.mark.parametrize("variant", management.IMAGES)
def test_an_image_is_kept_or_refused(api: Api, everything: None, variant: str) -> None:
    image = {variant: management.IMAGES[variant]}
    answer = api("POST", LIST, spec_body(model={"image": image}))
    if verdicts(management.SPEC_ROWS, "`model.image`")[variant] == "refused":
        text = error_text(answer, 400)
        assert f"cannot serve {MODEL_ID} with image `{variant}" in text and "Use " in text
    else:
        assert answer.status_code == 200, answer.text
        assert answer.json()["model"]["image"] == image


@pytest.mark.parametrize("field", management.IMAGE_VALUES)
def test_a_field_of_an_image_is_kept_or_refused(api: Api, everything: None, field: str) -> None:
    variant, value = management.IMAGE_VALUES[field]
    image = {variant: {**management.IMAGES[variant], field: value}}
    answer = api("POST", LIST, spec_body(model={"image": image}))
    if verdicts(management.SPEC_ROWS, "fields of an image")[field] == "refused":
        assert field in error_text(answer, 400)
        return
    assert answer.status_code == 200, answer.text
    shown = {"username": "", "password": None} if field == "credentials" else value
    assert answer.json()["model"]["image"][variant][field] == shown
    image[variant][field] = [1]
    error_text(api("POST", LIST, spec_body("another-one", model={"image": image})), 400)


def test_arguments_are_vllms(api: Api, everything: None) -> None:
    model = {"image": {"vLLM": management.IMAGES["vLLM"]}, "args": ["--max-model-len=96"]}
    answer = api("POST", LIST, spec_body(model=model))
    assert answer.json()["model"]["args"] == ["--max-model-len=96"]


def test_every_field_of_the_answer_has_a_row(api: Api) -> None:
    endpoint = api.service.create_running()
    requests.get(f"{api.service.url}/{endpoint.id}/", headers=api.service.headers, timeout=20)
    found = set(leaves(api.get(ONE).json(), ""))
    for _ in range(4):
        api.service.launcher.last.die("out of memory")
        api.service.tick()
    found |= set(leaves(api.get(ONE).json(), ""))
    assert found == set(names(management.ANSWER_ROWS, "the endpoint in an answer"))


def test_every_state_can_be_met(api: Api, container_server: ServerThread) -> None:
    seen: set[str] = set()

    def look() -> None:
        seen.add(api.get(ONE).json()["status"]["state"])

    world = World(api.service, container_server)
    look()
    for situation in (world.update, world.die, api.service.tick):
        situation()
        look()
    world.do("pause")
    look()
    world.do("resume")
    look()
    api.service.tick()
    look()
    api.service.launcher.last.become_ready()
    api.service.tick(2)
    world.do("scale_to_zero")
    look()
    api.service.clock.advance(seconds=5)
    world.do("wake")
    api.service.tick()
    world.die()
    api.service.tick()
    look()
    assert seen == set(get_args(State)) == set(management.STATES.names)


def test_what_the_proxy_does_with_its_headers(api: Api, container_server: ServerThread) -> None:
    seen: list[dict[bytes, bytes]] = []

    async def note(scope: Any, receive: Any, send: Any) -> None:
        seen.append(dict(scope["headers"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    container_server.app = note
    api.service.launcher.url = container_server.url
    endpoint = api.service.create_running()
    url = f"{api.service.url}/{endpoint.id}/"

    def ask(**headers: str) -> int:
        told = {**api.service.headers, **headers}
        return requests.get(url, headers=told, timeout=20).status_code

    assert ask() == 200
    assert b"authorization" not in seen[0]
    assert ask(Authorization="Bearer wrong") == 401
    assert ask(**{"X-Scale-Up-Timeout": "600"}) == 200
    assert ask(**{"X-Scale-Up-Timeout": "601"}) == 400
    told = set(names(management.PROXY, "headers of the proxy"))
    assert told == {"Authorization", "X-Scale-Up-Timeout"}


def test_answers_that_pass_through_the_proxy(api: Api, container_server: ServerThread) -> None:
    statuses = [429, 200]

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": statuses[0], "headers": []})
        await send({"type": "http.response.body", "body": b"Model is overloaded"})

    world = World(api.service, container_server)
    container_server.app = answer
    refused = world.ask()
    assert (refused.status_code, refused.text) == (429, "Model is overloaded")
    statuses.pop(0)
    world.do("scale_to_zero")
    api.service.clock.advance(seconds=4)
    assert world.ask().status_code == 200
    api.service.clock.advance(seconds=1)
    assert world.ask().status_code == 503
    told = set(names(management.PROXY, "answers through the proxy"))
    assert told == {"429", "200"}
