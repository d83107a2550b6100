"""The management API by hand, with what the client never sends."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import requests

from local_endpoints.access import INFER, READ, WRITE
from tests.fakes import TGI_IMAGE, spec_body
from tests.local_endpoints.api.conftest import NAMESPACE, WARNING, Api, error_text


def test_an_empty_wish_lacks_everything(api: Api) -> None:
    answer = api("POST", f"/endpoint/{NAMESPACE}", {})
    assert "body: missing field `name`" in error_text(answer, 400)


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


def test_a_deleted_one_is_readable_but_cannot_be_changed(api: Api) -> None:
    api.service.create()
    path = f"/endpoint/{NAMESPACE}/an-endpoint"
    answer = api("DELETE", path)
    assert (answer.status_code, answer.json()) == (200, {})
    assert api.get(path).status_code == 200
    for method, suffix in [("DELETE", ""), ("PUT", ""), ("POST", "/pause"), ("POST", "/resume")]:
        body: Any = {} if method == "PUT" else None
        assert "not found" in error_text(api(method, path + suffix, body), 404)


on_one_endpoint = pytest.mark.parametrize(
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
        ("GET", "/logs/sse"),
    ],
)


@on_one_endpoint
def test_unknown_endpoints_are_404(api: Api, method: str, suffix: str) -> None:
    body: Any = {} if method == "PUT" else None
    answer = api(method, f"/endpoint/{NAMESPACE}/no-such-one{suffix}", body)
    assert "no-such-one" in error_text(answer, 404)


@on_one_endpoint
def test_who_may_not_ask_is_not_told_what_exists(api: Api, method: str, suffix: str) -> None:
    body: Any = {} if method == "PUT" else None
    path = f"/endpoint/{NAMESPACE}/no-such-one{suffix}"
    headers = {"Authorization": "Bearer local_wrong"}
    assert error_text(api(method, path, body, headers=headers), 401) == "401 Unauthorized"
    headers = {"Authorization": f"Bearer {api.service.access.issue(frozenset({INFER}))}"}
    needed = READ if method == "GET" else WRITE
    assert f"missing permissions: {needed}" in error_text(
        api(method, path, body, headers=headers), 403
    )
    elsewhere = path.replace(NAMESPACE, "somebody-else")
    assert "somebody-else is not yours" in error_text(api(method, elsewhere, body), 403)


@pytest.mark.parametrize(
    ("method", "suffix", "options"),
    [
        ("PUT", "", {"data": b"{", "headers": {"Content-Type": "application/json"}}),
        ("GET", "/logs", {"params": {"tail": "0"}}),
    ],
)
def test_a_malformed_request_is_refused_before_an_unknown_name(
    api: Api, method: str, suffix: str, options: dict[str, Any]
) -> None:
    error_text(api(method, f"/endpoint/{NAMESPACE}/no-such-one{suffix}", **options), 400)


def test_resuming_without_a_payment_method_is_403_whatever_the_name(api: Api) -> None:
    api.service.access.set_payment(NAMESPACE, can_pay=False)
    answer = api("POST", f"/endpoint/{NAMESPACE}/no-such-one/resume")
    assert "Payment method required" in error_text(answer, 403)
    assert "no-such-one" in error_text(api("GET", f"/endpoint/{NAMESPACE}/no-such-one"), 404)


def test_the_public_price_list_needs_no_token(api: Api) -> None:
    answer = requests.get(f"{api.service.url}/v2/provider", timeout=20)
    assert {vendor["name"] for vendor in answer.json()["vendors"]} == {"aws", "azure", "gcp"}


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


def test_errors_never_show_the_token(api: Api) -> None:
    for answer in (
        api.get("/endpoint/somebody-else"),
        api("POST", f"/endpoint/{NAMESPACE}", {}),
        api.get("/nothing-here"),
    ):
        assert api.service.token not in answer.text
