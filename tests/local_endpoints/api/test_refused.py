"""What the real service has and this one does not."""

from __future__ import annotations

import pytest
import requests

from tests.local_endpoints.api.conftest import NAMESPACE, Api, error_text

ENDPOINT = f"/v2/endpoint/{NAMESPACE}/an-endpoint"


def ask(api: Api, method: str, path: str) -> requests.Response:
    url = api.service.url + path
    return requests.request(method, url, headers=api.service.headers, timeout=20)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/v2/audit-logs/{NAMESPACE}"),
        ("POST", f"{ENDPOINT}/metrics/hardware-cpu"),
        ("POST", f"{ENDPOINT}/metrics/vllm/requests"),
        ("GET", f"/v3/endpoint/{NAMESPACE}"),
        ("GET", "/v2/nothing-like-it"),
        ("POST", "/mcp"),
    ],
)
def test_what_is_not_imitated_says_so(api: Api, method: str, path: str) -> None:
    assert f"{path} is not imitated" in error_text(ask(api, method, path), 501)
    answer = requests.request(method, api.service.url + path, timeout=20)
    assert error_text(answer, 401), "nobody without a token is told"


@pytest.mark.parametrize("path", ["/v2/catalog", "/v2/catalog/list"])
def test_the_catalog_of_older_clients_says_where_it_has_gone(api: Api, path: str) -> None:
    text = error_text(requests.post(api.service.url + path, timeout=20), 501)
    assert "/api/v1/catalog" in text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", f"{ENDPOINT}/pause", "POST"),
        ("GET", f"{ENDPOINT}/resume", "POST"),
        ("POST", f"{ENDPOINT}/logs", "GET"),
        ("DELETE", f"{ENDPOINT}/logs/sse", "GET"),
        ("POST", f"/v3/endpoint/{NAMESPACE}/an-endpoint/logs", "GET"),
        ("GET", f"{ENDPOINT}/metrics", "POST"),
        ("GET", f"{ENDPOINT}/metrics/response-elapsed", "POST"),
        ("PATCH", ENDPOINT, "DELETE, GET, PUT"),
        ("OPTIONS", ENDPOINT, "DELETE, GET, PUT"),
        ("DELETE", f"/v2/endpoint/{NAMESPACE}", "GET, POST"),
        ("POST", "/v2/provider", "GET"),
        ("POST", f"/v2/provider/quotas/{NAMESPACE}", "GET"),
    ],
)
def test_another_method_on_a_known_route_is_405(
    api: Api, method: str, path: str, allowed: str
) -> None:
    api.service.create_running()
    answer = ask(api, method, path)
    assert error_text(answer, 405) == f"Method Not Allowed: {method} {path}"
    assert answer.headers["allow"] == allowed
    error_text(requests.request(method, api.service.url + path, timeout=20), 401)
