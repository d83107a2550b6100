"""The management API as the unmodified client sees it."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import huggingface_hub
import pytest
from huggingface_hub import HfApi, InferenceEndpointError
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from local_endpoints.access import INFER, READ, WRITE
from local_endpoints.repositories import Repository
from tests.fakes import MODEL_ID, TGI_IMAGE, Service
from tests.local_endpoints.api.conftest import (
    NAMESPACE,
    WARNING,
    create,
    refused,
)


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
    [({INFER}, READ), ({READ, INFER}, WRITE)],
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


def test_the_clients_user_can_read_the_warning(client: HfApi) -> None:
    seen: list[str] = []
    session = huggingface_hub.get_session()
    session.event_hooks["response"].append(
        lambda response: seen.extend(response.headers.get_list(WARNING))
    )
    create(client, custom_image={**TGI_IMAGE["tgi"], "env": {"A": "1"}})
    assert len(seen) == 1 and "model.image.custom.env" in seen[0]


def test_many_connections_at_once(service: Service) -> None:
    clients = [httpx2.Client(base_url=service.url, headers=service.headers) for _ in range(20)]
    answers = [one.get(f"/v2/endpoint/{NAMESPACE}") for one in clients]
    assert {answer.status_code for answer in answers} == {200}
    for one in clients:
        one.close()
