"""The document of the service's routes: it names all of them, and real answers fit it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
import requests

from local_endpoints.access.token import Grant
from tests.fakes import MODEL_ID, Service, spec_body
from tests.local_endpoints.api.conftest import Api

ENDPOINT = "/v2/endpoint/{namespace}/{name}"
AN_HOUR = ("2023-11-14T22:00:00Z", "2023-11-14T23:00:00Z")  # in which a ManualClock starts
METHODS = ("get", "head", "post", "put", "patch", "delete")
KNOWN = {
    **{"namespace": "local-user", "owner": MODEL_ID.split("/")[0], "revision": "main"},
    **{"folder": "extra", "file": "config.json"},
    **{"model": MODEL_ID.split("/")[1], "recipe_id": "gemma-1-1-2b-it-tgi"},
}


@pytest.fixture
def document(service: Service) -> dict[str, Any]:
    answer = requests.get(f"{service.url}/openapi.json", timeout=20)
    assert answer.status_code == 200, "anybody may read it"
    found: dict[str, Any] = answer.json()
    return found


def check(document: Mapping[str, Any], path: str, method: str, answer: requests.Response) -> None:
    """That an answer is one that the document tells of."""
    described = document["paths"][path][method]["responses"]
    assert str(answer.status_code) in described, answer.text
    media_type = answer.headers["content-type"].partition(";")[0]
    content = described[str(answer.status_code)]["content"]
    assert media_type in content
    if media_type == "application/json" and method != "head":
        schema = {**content[media_type]["schema"], "components": document["components"]}
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        jsonschema.Draft202012Validator(schema, format_checker=checker).validate(answer.json())


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            named = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert operation["summary"]


def test_every_method_of_every_route_is_described_and_no_other(
    service: Service, document: dict[str, Any]
) -> None:
    for path, operations in document["paths"].items():
        for method in METHODS:
            url = service.url + path.format(**KNOWN, name="an-endpoint")
            answer = requests.request(method, url, headers=service.headers, timeout=20)
            served = answer.status_code not in (405, 501)
            assert served == (method in operations), (method, path)


def test_routes_that_are_not_imitated_are_not_described(document: dict[str, Any]) -> None:
    assert not any(path.startswith(("/_local", "/v2/catalog")) for path in document["paths"])
    assert "/v2/{path}" not in document["paths"]


def test_the_life_of_an_endpoint_is_as_the_document_says(
    api: Api, document: dict[str, Any]
) -> None:
    name = "an-endpoint"

    def ask(method: str, path: str, body: Any = None) -> requests.Response:
        url = path.removeprefix("/v2").format(namespace="local-user", name=name)
        answer = api(method.upper(), url, body)
        check(document, path, method, answer)
        return answer

    body = spec_body(name, model={"env": {"A": "b"}, "secrets": {"C": "d"}})
    assert ask("post", "/v2/endpoint/{namespace}", body).status_code == 200
    assert ask("post", "/v2/endpoint/{namespace}", body).status_code == 409
    assert ask("post", "/v2/endpoint/{namespace}", {}).status_code == 400
    assert ask("get", "/v2/endpoint/{namespace}").json()["totalItems"] == 1
    assert ask("put", ENDPOINT, {"tags": ["a"]}).json()["tags"] == ["a"]
    for action in ("pause", "resume", "resume", "pause", "scale-to-zero"):
        ask("post", f"{ENDPOINT}/{action}")
    for part in ("", "/replica", "/logs"):
        assert ask("get", ENDPOINT + part).status_code == 200
    api.service.tick()
    for path in (path for path in document["paths"] if path.startswith(f"{ENDPOINT}/metrics")):
        assert ask("post", path, {"start": AN_HOUR[0], "stop": AN_HOUR[1]}).status_code == 200
        assert ask("post", path, {"start": "yesterday"}).status_code == 400
    assert ask("delete", ENDPOINT).status_code == 200
    name = "no-such-endpoint"
    assert ask("get", ENDPOINT).status_code == 404
    for path in ("/v2/provider", "/v2/provider/{namespace}", "/v2/provider/quotas/{namespace}"):
        assert ask("get", path).status_code == 200


def test_records_are_as_the_document_says(api: Api, document: dict[str, Any]) -> None:
    api.service.create_running()
    api.service.server.call(lambda: api.service.launcher.last.say("INFO one", "two"))
    path = "/v3/endpoint/{namespace}/{name}/logs"
    url = api.service.url + path.format(namespace="local-user", name="an-endpoint")
    for limit in ("1", "0"):
        answer = requests.get(url, params={"limit": limit}, headers=api.service.headers, timeout=20)
        check(document, path, "get", answer)


def test_the_catalog_has_a_document_of_its_own(service: Service, document: dict[str, Any]) -> None:
    found = requests.get(f"{service.url}/api/openapi.json", timeout=20).json()
    catalog = {path for path in document["paths"] if path.startswith("/api/v1/catalog")}
    assert set(found["paths"]) == catalog
    assert all(found["paths"][path] == document["paths"][path] for path in catalog)


def test_the_examples_can_be_sent(api: Api, document: dict[str, Any]) -> None:
    def example(path: str, method: str) -> Any:
        sent = document["paths"][path][method]["requestBody"]["content"]["application/json"]
        return sent["example"]

    wanted = example("/v2/endpoint/{namespace}", "post")
    wanted = {**wanted, "model": {**wanted["model"], "repository": MODEL_ID}}
    assert api("POST", "/endpoint/local-user", wanted).status_code == 200
    changed = api("PUT", f"/endpoint/local-user/{wanted['name']}", example(ENDPOINT, "put"))
    assert changed.status_code == 200


def test_what_is_sent_is_as_the_document_says(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    jsonschema.validate(spec_body(), schemas["Spec"])
    for path, method, name in (
        ("/v2/endpoint/{namespace}", "post", "Spec"),
        (ENDPOINT, "put", "Changes"),
    ):
        sent = document["paths"][path][method]["requestBody"]["content"]["application/json"]
        jsonschema.validate(sent["example"], schemas[name])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spec_body(name=...), schemas["Spec"])


@pytest.mark.parametrize("token", ["known", "wrong", "none", "without the terms"])
def test_the_hub_side_answers_as_the_document_says(
    service: Service, document: dict[str, Any], token: str
) -> None:
    (text,) = service.accounts.add({"anna": Grant("a")}, terms=False).values()
    texts = {"known": service.token, "wrong": "x", "without the terms": text}
    headers = {"Authorization": f"Bearer {texts[token]}"} if token in texts else {}
    owner, name = MODEL_ID.split("/")
    for path, operations in document["paths"].items():
        if path.startswith("/v2"):
            continue
        for file, model in (("config.json", name), ("missing", name), ("config.json", "other")):
            given = {**KNOWN, "owner": owner, "name": model, "file": file}
            for method in operations:
                url = service.url + path.format(**given)
                answer = requests.request(method, url, headers=headers, timeout=20)
                check(document, path, method, answer)


def test_the_catalog_is_as_the_document_says(api: Api, document: dict[str, Any]) -> None:
    catalog = "/api/v1/catalog"
    check(document, f"{catalog}/list", "get", requests.get(f"{api.service.url}{catalog}/list"))
    for path in ("/model/{owner}/{model}/deploy", "/recipe/{recipe_id}/deploy"):
        for body in ({"namespace": "local-user"}, {"namespace": "somebody-else"}, {}):
            url = api.service.url + catalog + path.format(**KNOWN)
            answer = requests.post(url, json=body, headers=api.service.headers, timeout=20)
            check(document, catalog + path, "post", answer)
