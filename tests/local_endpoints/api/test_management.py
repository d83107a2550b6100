"""The management API as the unmodified client sees it, and by hand what the client never sends."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import httpx2
import huggingface_hub
import pytest
import requests
from huggingface_hub import HfApi, InferenceEndpoint, InferenceEndpointError
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from local_endpoints.access import INFER, READ, WRITE
from local_endpoints.repositories import Repository
from tests.fakes import MODEL_ID, TGI_IMAGE, Service, spec_body

NAMESPACE = "local-user"


def create(client: HfApi, name: str = "an-endpoint", **changes: Any) -> InferenceEndpoint:
    wanted: dict[str, Any] = {
        "repository": MODEL_ID,
        "framework": "pytorch",
        "task": "text-generation",
        "accelerator": "gpu",
        "vendor": "aws",
        "region": "us-east-1",
        "type": "authenticated",
        "instance_size": "x1",
        "instance_type": "nvidia-l4",
        "min_replica": 0,
        "custom_image": TGI_IMAGE,
        "namespace": NAMESPACE,
        **changes,
    }
    return client.create_inference_endpoint(name, **wanted)


def refused(caught: pytest.ExceptionInfo[HfHubHTTPError], status: int) -> str:
    """The server's text in the client's exception."""
    assert caught.value.response.status_code == status
    return str(caught.value.server_message)


# The unmodified client.


@pytest.fixture
def healthy(service: Service, container_server: Any) -> Service:
    """The service with containers whose health route answers 200."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    container_server.app = app
    service.launcher.url = container_server.url
    return service


def test_a_whole_life(client: HfApi, healthy: Service) -> None:
    healthy.keep_ticking()
    endpoint = create(client)
    assert (endpoint.status, endpoint.url) == ("pending", None)
    endpoint.wait(timeout=20, refresh_every=0.01)  # type: ignore[arg-type]
    url = endpoint.url
    assert endpoint.pause().status == "paused"
    assert endpoint.url == url
    assert endpoint.resume().status == "pending"
    endpoint.wait(timeout=20, refresh_every=0.01)  # type: ignore[arg-type]
    assert endpoint.url == url
    assert endpoint.resume(running_ok=True).status == "running"
    with pytest.raises(BadRequestError, match="already running"):
        endpoint.resume(running_ok=False)
    assert endpoint.scale_to_zero().status == "scaledToZero"
    healthy.clock.advance(seconds=5)
    endpoint.resume().wait(timeout=20, refresh_every=0.01)  # type: ignore[arg-type]
    assert endpoint.update(instance_size="x4").status == "updating"
    endpoint.wait(timeout=20, refresh_every=0.01)  # type: ignore[arg-type]
    assert endpoint.raw["compute"]["instanceSize"] == "x4"
    endpoint.delete()
    healthy.clock.advance(minutes=1)
    healthy.tick()
    with pytest.raises(HfHubHTTPError) as caught:
        endpoint.fetch()
    assert "not found" in refused(caught, 404)


def test_a_failure_reaches_wait(client: HfApi, service: Service) -> None:
    endpoint = create(client)
    service.launcher.ready = False
    service.tick()
    service.launcher.last.die("out of memory")
    service.tick()
    with pytest.raises(InferenceEndpointError):
        endpoint.fetch().wait()
    assert "out of memory" in endpoint.raw["status"]["errorMessage"]


def test_what_was_asked_for_comes_back(client: HfApi, repositories: dict[str, Repository]) -> None:
    create(
        client,
        env={"A": "1"},
        secrets={"KEY": "hidden"},
        tags=["course"],
        min_replica=1,
        max_replica=2,
    )
    endpoint = client.get_inference_endpoint("an-endpoint", namespace=NAMESPACE)
    assert endpoint.repository == MODEL_ID
    assert endpoint.revision == repositories[MODEL_ID].revision
    assert endpoint.task == "text-generation"
    assert endpoint.health_route == "/health"
    assert endpoint.raw["model"]["env"] == {"A": "1"}
    assert endpoint.raw["tags"] == ["course"]
    assert endpoint.raw["compute"]["scaling"]["minReplica"] == 1
    assert "hidden" not in json.dumps(endpoint.raw)


def test_namespace_defaults_to_the_tokens_user(client: HfApi) -> None:
    create(client, namespace=None)
    assert client.get_inference_endpoint("an-endpoint").namespace == NAMESPACE
    assert [item.name for item in client.list_inference_endpoints()] == ["an-endpoint"]


def test_all_namespaces_of_the_user(client: HfApi) -> None:
    create(client, "mine-alone")
    create(client, "the-class", namespace="local-class")
    names = {item.name for item in client.list_inference_endpoints("*")}
    assert names == {"mine-alone", "the-class"}
    assert [item.name for item in client.list_inference_endpoints("local-class")] == ["the-class"]


def test_the_client_sees_twenty_of_many(client: HfApi, service: Service) -> None:
    for number in range(23):
        endpoint = service.create(f"number-{number:02}")
        service.server.call(lambda endpoint=endpoint: service.lifecycle.pause(endpoint))  # type: ignore[misc]
        service.clock.advance(seconds=1)
    names = [item.name for item in client.list_inference_endpoints(NAMESPACE)]
    assert names == [f"number-{number:02}" for number in range(22, 2, -1)]


def test_hardware(client: HfApi, service: Service) -> None:
    service.create()
    rows = client.list_inference_endpoints_hardware(namespace=NAMESPACE)
    (row,) = [row for row in rows if row.id == "aws-us-east-1-nvidia-l4-x1"]
    assert row.price_per_hour == 0.8
    assert (row.used_accelerators, row.max_accelerators) == (1, 8)
    assert {row.vendor for row in rows} == {"aws", "azure", "gcp"}


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"repository": "acme/unknown"}, 404, MODEL_ID),
        ({"revision": "v2"}, 404, "Revision v2"),
        ({"instance_type": "nvidia-z9"}, 400, "Compute instance not available yet"),
        ({"instance_size": "x4", "max_replica": 3}, 409, "Quota exceeded"),
        ({"min_replica": 3, "max_replica": 2}, 400, "minReplica"),
        ({"custom_image": None}, 400, "text-generation-inference"),
        ({"custom_image": {"url": "registry.example/image"}}, 400, "registry.example/image"),
    ],
)
def test_refusals_reach_the_clients_user(
    client: HfApi, changes: dict[str, Any], status: int, text: str
) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        create(client, **changes)
    assert text in refused(caught, status)
    assert caught.value.request_id


def test_a_taken_name(client: HfApi) -> None:
    create(client)
    with pytest.raises(HfHubHTTPError) as caught:
        create(client)
    text = refused(caught, 409)
    assert "already exists" in text
    assert "Quota" not in text


@pytest.mark.parametrize("name", ["abc", "Upper-Case", "ends-with-hyphen-", "x" * 33])
def test_bad_names(client: HfApi, name: str) -> None:
    with pytest.raises(BadRequestError, match="VALIDATION_FAILED: name"):
        create(client, name)


def test_no_token_is_401(client: HfApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(HfHubHTTPError) as caught:
        client.list_inference_endpoints(NAMESPACE)
    assert "401 Unauthorized" in refused(caught, 401)


def test_a_wrong_token_is_401(client: HfApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "local_wrong")
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        client.whoami()
    with pytest.raises(HfHubHTTPError) as caught:
        client.get_inference_endpoint("an-endpoint", namespace=NAMESPACE)
    refused(caught, 401)


@pytest.mark.parametrize(
    ("permissions", "missing"),
    [({INFER}, READ), ({READ, INFER}, WRITE), ({WRITE}, READ)],
)
def test_limited_tokens_are_403(
    client: HfApi,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    permissions: set[str],
    missing: str,
) -> None:
    endpoint = create(client)
    monkeypatch.setenv("HF_TOKEN", service.access.issue(frozenset(permissions)))
    with pytest.raises(HfHubHTTPError) as caught:
        if missing == READ:
            client.get_inference_endpoint(endpoint.name, namespace=NAMESPACE)
        else:
            client.pause_inference_endpoint(endpoint.name, namespace=NAMESPACE)
    assert f"missing permissions: {missing}" in refused(caught, 403)


def test_other_peoples_namespaces_are_403(client: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        client.list_inference_endpoints("somebody-else")
    assert "somebody-else" in refused(caught, 403)


# By hand.


class Api:
    """Raw requests to ``/v2``."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(
        self, method: str, path: str, body: Any = None, **options: Any
    ) -> requests.Response:
        headers = {**self.service.headers, **options.pop("headers", {})}
        url = f"{self.service.url}/v2{path}"
        return self.session.request(method, url, json=body, headers=headers, timeout=20, **options)

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self("GET", path, params=parameters)


@pytest.fixture
def api(service: Service) -> Api:
    return Api(service)


def error_text(answer: requests.Response, status: int) -> str:
    """The text of a refusal, which must have the form that every client understands."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"error", "code"}
    assert isinstance(body["error"], str)
    return str(body["error"])


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "Failed to parse the request body as JSON"),
        (b"{", "Failed to parse the request body as JSON"),
        (b'{"a": 1,}', "Failed to parse the request body as JSON"),
        (b"\xff", "Failed to parse the request body as JSON"),
        (b"[]", "expected an object"),
        (b'"text"', "expected an object"),
        (b"null", "expected an object"),
        (b'{"a": NaN}', "Failed to parse the request body as JSON"),
        (b'{"a": Infinity}', "Failed to parse the request body as JSON"),
        (b'{"a": 1e999}', "Failed to parse the request body as JSON"),
        (b'{"a": "\\ud800"}', "Failed to parse the request body as JSON"),
        (b'{"a":' * 100_000, "Failed to parse the request body as JSON"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "Failed to parse the request body as JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "Failed to parse the request body as JSON"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_malformed_bodies(api: Api, data: bytes, text: str, method: str) -> None:
    api.service.create()
    path = f"/endpoint/{NAMESPACE}" + ("/an-endpoint" if method == "PUT" else "")
    answer = api(method, path, data=data, headers={"Content-Type": "application/json"})
    assert re.search(text, error_text(answer, 400))


def test_an_empty_wish_lacks_everything(api: Api) -> None:
    answer = api("POST", f"/endpoint/{NAMESPACE}", {})
    assert "body: missing field `name`" in error_text(answer, 400)


@pytest.mark.parametrize(
    "poison",
    [b"NaN", b"1e999", b'"\\ud800"'],
)
def test_no_value_that_json_cannot_carry_gets_in(api: Api, poison: bytes) -> None:
    image = {"tgi": {**TGI_IMAGE["tgi"], "maxBatchSize": "POISON"}}
    text = json.dumps(spec_body(model={"image": image})).encode().replace(b'"POISON"', poison)
    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=text,
        headers={"Content-Type": "application/json"},
    )
    error_text(answer, 400)
    assert api.get(f"/endpoint/{NAMESPACE}").json()["items"] == []


def test_a_null_task_is_refused_as_the_service_does(api: Api) -> None:
    answer = api("POST", f"/endpoint/{NAMESPACE}", spec_body(model={"task": None}))
    expected = "Bad Request: Failed to parse the request body as JSON: model.task: expected value"
    assert error_text(answer, 400) == expected


def test_a_variant_without_url_is_refused_as_the_service_does(api: Api) -> None:
    answer = api("POST", f"/endpoint/{NAMESPACE}", spec_body(model={"image": {"vLLM": {}}}))
    expected = "Bad Request: VALIDATION_FAILED: model.image.vLLM: missing field `url`"
    assert error_text(answer, 400) == expected


@pytest.mark.parametrize(
    "body", [{"compute": None}, {"model": {"image": None}}, {"compute": {"scaling": 3}}]
)
def test_updates_with_parts_of_the_wrong_type(api: Api, body: dict[str, Any]) -> None:
    api.service.create()
    answer = api("PUT", f"/endpoint/{NAMESPACE}/an-endpoint", body)
    assert "Failed to parse the request body as JSON" in error_text(answer, 400)


def test_an_empty_update_deploys_again(api: Api) -> None:
    api.service.create_running()
    answer = api("PUT", f"/endpoint/{NAMESPACE}/an-endpoint", {})
    assert answer.json()["status"]["state"] == "updating"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/js",
    ],
)
def test_bodies_that_a_web_page_could_send_are_refused(api: Api, content_type: str) -> None:
    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=json.dumps(spec_body()),
        headers={"Content-Type": content_type},
    )
    assert "Content-Type: application/json" in error_text(answer, 415)
    assert api.get(f"/endpoint/{NAMESPACE}").json()["totalItems"] == 0


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json"]
)
def test_spellings_of_the_content_type(api: Api, content_type: str) -> None:
    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=json.dumps(spec_body()),
        headers={"Content-Type": content_type},
    )
    assert answer.status_code == 200


def test_oversized_bodies_are_counted_on_received_bytes(api: Api) -> None:
    def chunks() -> Any:
        for _ in range(200):
            yield b" " * 10_000

    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=chunks(),
        headers={"Content-Type": "application/json"},
    )
    assert "length limit" in error_text(answer, 413)


def test_the_token_is_asked_for_before_the_body_is_read(api: Api) -> None:
    answer = requests.post(f"{api.service.url}/v2/endpoint/{NAMESPACE}", data=b"{" * 10, timeout=20)
    assert error_text(answer, 401) == "401 Unauthorized"


def test_pages(api: Api) -> None:
    for number in range(23):
        endpoint = api.service.create(f"number-{number:02}")
        api.service.server.call(lambda endpoint=endpoint: api.service.lifecycle.pause(endpoint))  # type: ignore[misc]
    first = api.get(f"/endpoint/{NAMESPACE}").json()
    assert (len(first["items"]), first["totalItems"]) == (20, 23)
    second = api.get(f"/endpoint/{NAMESPACE}", cursor=first["nextCursor"]).json()
    assert (len(second["items"]), second["nextCursor"]) == (3, None)
    names = [item["name"] for item in first["items"] + second["items"]]
    assert sorted(names) == [f"number-{number:02}" for number in range(23)]
    assert len(api.get(f"/endpoint/{NAMESPACE}", limit="100").json()["items"]) == 23
    assert len(api.get(f"/endpoint/{NAMESPACE}", limit="2").json()["items"]) == 2


def test_search_and_tags(api: Api) -> None:
    api.service.create("apple-pie", tags=["sweet", "baked"])
    api.service.create("apple-juice", tags=["sweet"])

    def names(**parameters: str) -> list[str]:
        items = api.get(f"/endpoint/{NAMESPACE}", **parameters).json()["items"]
        return sorted(item["name"] for item in items)

    assert names(search="apple") == ["apple-juice", "apple-pie"]
    assert names(search="pie") == ["apple-pie"]
    assert names(tags="sweet") == ["apple-juice", "apple-pie"]
    assert names(tags="sweet,baked") == ["apple-pie"]
    assert names(search="pear") == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "-1"},
        {"limit": "x"},
        {"limit": "²"},
        {"limit": "9" * 5000},
        {"cursor": "x"},
        {"cursor": "äöü"},
        {"cursor": "LTE="},
    ],
)
def test_bad_paging(api: Api, parameters: dict[str, str]) -> None:
    error_text(api.get(f"/endpoint/{NAMESPACE}", **parameters), 400)


@pytest.mark.parametrize("tail", ["0", "x", "-5", "²", "9" * 5000])
def test_bad_tail(api: Api, tail: str) -> None:
    api.service.create()
    error_text(api.get(f"/endpoint/{NAMESPACE}/an-endpoint/logs", tail=tail), 400)


def test_logs_and_replicas(api: Api) -> None:
    endpoint = api.service.create_running()
    api.service.launcher.last.lines += ["one", "two", "three"]
    answer = api.get(f"/endpoint/{NAMESPACE}/an-endpoint/logs", tail="2")
    assert answer.text == "two\nthree\n"
    assert answer.headers["content-type"].startswith("text/plain")
    (replica,) = api.get(f"/endpoint/{NAMESPACE}/an-endpoint/replica").json()["items"]
    assert replica["id"].startswith(f"{endpoint.deployment}-")
    assert replica["status"] == {"stage": "ready", "live": True}


def test_a_deleted_one_is_readable_but_cannot_be_changed(api: Api) -> None:
    api.service.create()
    path = f"/endpoint/{NAMESPACE}/an-endpoint"
    answer = api("DELETE", path)
    assert (answer.status_code, answer.json()) == (200, {})
    assert api.get(path).status_code == 200
    for method, suffix in [("DELETE", ""), ("PUT", ""), ("POST", "/pause"), ("POST", "/resume")]:
        body: Any = {} if method == "PUT" else None
        assert "not found" in error_text(api(method, path + suffix, body), 404)


@pytest.mark.parametrize(
    ("method", "suffix"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/pause"),
        ("POST", "/resume"),
        ("POST", "/scale-to-zero"),
        ("GET", "/replica"),
        ("GET", "/logs"),
    ],
)
def test_unknown_endpoints_are_404(api: Api, method: str, suffix: str) -> None:
    body: Any = {} if method == "PUT" else None
    answer = api(method, f"/endpoint/{NAMESPACE}/no-such-one{suffix}", body)
    assert "no-such-one" in error_text(answer, 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/provider/quotas/{NAMESPACE}"),
        ("GET", f"/audit-logs/{NAMESPACE}"),
        ("POST", f"/endpoint/{NAMESPACE}/an-endpoint/metrics"),
        ("GET", f"/endpoint/{NAMESPACE}/an-endpoint/open-metrics"),
        ("GET", f"/endpoint/{NAMESPACE}/an-endpoint/logs/sse"),
    ],
)
def test_what_is_not_imitated_says_so(api: Api, method: str, path: str) -> None:
    assert "not imitated" in error_text(api(method, path), 501)


def test_the_public_price_list_needs_no_token(api: Api) -> None:
    answer = requests.get(f"{api.service.url}/v2/provider", timeout=20)
    assert {vendor["name"] for vendor in answer.json()["vendors"]} == {"aws", "azure", "gcp"}


WARNING = "X-Local-Warning"


def warnings_of(answer: requests.Response) -> list[str]:
    """One entry per header, as clients that join equal headers do not show them."""
    return list(answer.raw.headers.getlist(WARNING))


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_happens_silently_on_the_real_service_is_told(
    api: Api, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    settings = {"url": TGI_IMAGE["tgi"]["url"], "health_route": "/health", "env": {"A": "1"}}
    body = spec_body(type="protected", model={"image": {"custom": settings}})
    path = f"/endpoint/{NAMESPACE}"
    if method == "PUT":
        api.service.create()
        path += "/an-endpoint"
    with caplog.at_level(logging.WARNING):
        answer = api(method, path, body)
    assert answer.status_code == 200
    assert (answer.json()["healthRoute"], answer.json()["type"]) == ("/", "private")
    protected, env, health_route = warnings_of(answer)
    assert '"private"' in protected
    assert "model.image.custom.env" in env and "model.env" in env
    assert "model.image.custom.health_route" in health_route and "healthRoute" in health_route
    assert all(notice in caplog.text for notice in (protected, env, health_route))


def test_without_surprises_there_is_no_warning(api: Api) -> None:
    assert warnings_of(api("POST", f"/endpoint/{NAMESPACE}", spec_body())) == []
    assert warnings_of(api("PUT", f"/endpoint/{NAMESPACE}/an-endpoint", {"tags": ["a"]})) == []


def test_a_warning_is_one_line_of_ascii(api: Api) -> None:
    answer = api("POST", f"/endpoint/{NAMESPACE}", spec_body(**{"é\r\nX-Evil: 1": 1}))
    (warning,) = warnings_of(answer)
    assert warning.startswith("???X-Evil: 1 was dropped")
    assert "x-evil" not in answer.headers


def test_the_clients_user_can_read_the_warning(client: HfApi) -> None:
    seen: list[str] = []
    session = huggingface_hub.get_session()
    session.event_hooks["response"].append(
        lambda response: seen.extend(response.headers.get_list(WARNING))
    )
    create(client, custom_image={**TGI_IMAGE["tgi"], "env": {"A": "1"}})
    assert len(seen) == 1 and "model.image.custom.env" in seen[0]


# The catalog.


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_catalog_says_the_same_wherever_one_looks(api: Api, method: str) -> None:
    texts = {
        error_text(requests.request(method, api.service.url + path, timeout=20), 501)
        for path in (
            *("/v2/catalog", "/v2/catalog/list", "/api/v1/catalog", "/api/v1/catalog/list"),
            "/api/v1/catalog/model/google/gemma/deploy",
        )
    }
    (text,) = texts
    assert "create_inference_endpoint" in text


def test_the_catalog_through_the_client(
    client: HfApi, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{service.url}/api/v1/catalog"
    monkeypatch.setattr(huggingface_hub.constants, "INFERENCE_CATALOG_ENDPOINT", address)
    with pytest.raises(HfHubHTTPError) as caught:
        client.list_inference_catalog()
    assert "catalog is not imitated" in refused(caught, 501)


def test_errors_never_show_the_token(api: Api) -> None:
    for answer in (
        api.get("/endpoint/somebody-else"),
        api("POST", f"/endpoint/{NAMESPACE}", {}),
        api.get("/nothing-here"),
    ):
        assert api.service.token not in answer.text


def test_many_connections_at_once(service: Service) -> None:
    clients = [httpx2.Client(base_url=service.url, headers=service.headers) for _ in range(20)]
    answers = [one.get(f"/v2/endpoint/{NAMESPACE}") for one in clients]
    assert {answer.status_code for answer in answers} == {200}
    for one in clients:
        one.close()
