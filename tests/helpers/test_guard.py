"""The gate in front of the cash desk: the real service is played by a local one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from huggingface_hub import (
    InferenceEndpoint,
    constants,
    create_inference_endpoint,
    create_inference_endpoint_from_catalog,
    get_async_session,
    get_inference_endpoint,
    get_session,
)

from helpers import CourseError, SpendLimitError, connect, get_or_create_endpoint
from helpers.guard import SpendingGate, bound, guard_spending
from local_endpoints.control_plane import hardware
from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import MODEL_ID, Service, spec_body
from tests.helpers.conftest import create_failed
from tests.helpers.test_spending import move, pause


def create(wanted: dict[str, Any], name: str = "an-endpoint", **changes: Any) -> InferenceEndpoint:
    return create_inference_endpoint(name, **{**wanted, **changes})


def test_nothing_is_created_without_a_limit(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf")
    with pytest.raises(SpendLimitError, match="MAX_SPEND_USD"):
        create(wanted)
    assert real.lifecycle.list_endpoints() == []


def test_within_the_limit(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=0.8)
    assert create(wanted).status == "pending"


@pytest.mark.parametrize(
    "changes",
    [
        {"instance_type": "nvidia-a10g"},
        {"instance_size": "x4"},
        {"max_replica": 2},
    ],
)
def test_beyond_the_limit(real: Service, wanted: dict[str, Any], changes: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=0.8)
    with pytest.raises(SpendLimitError, match="more than the limit of"):
        create(wanted, **changes)
    assert real.lifecycle.list_endpoints() == []


def test_what_runs_already_counts(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=1.5)
    running = real.create_running("running-one")
    with pytest.raises(SpendLimitError, match="running"):
        create(wanted)
    pause(real, running)
    create(wanted)


@pytest.mark.parametrize("running_in", ["local-user", "local-class"])
def test_an_organization_is_no_way_around(
    real: Service, wanted: dict[str, Any], running_in: str
) -> None:
    connect("hf", max_spend_usd=1.5)
    endpoint = real.create_running("running-one")
    move(real, endpoint, running_in)
    with pytest.raises(SpendLimitError, match="running"):
        create(wanted, namespace="local-class")
    assert real.lifecycle.list_endpoints() == [endpoint]


def test_unknown_hardware_has_no_price(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=100)
    with pytest.raises(SpendLimitError, match="not in the price list"):
        create(wanted, instance_type="nvidia-z9")


def test_an_unknown_price_of_what_runs_is_no_permission(
    real: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect("hf", max_spend_usd=100)
    real.create_running("running-one")
    rows = [row for row in hardware.COMPUTES if row.instance_type != "nvidia-l4"]
    monkeypatch.setattr(
        "helpers.spending.list_inference_endpoints_hardware", lambda namespace: rows
    )
    with pytest.raises(SpendLimitError):
        create(wanted, instance_type="nvidia-t4")


@pytest.mark.parametrize("limit", [None, 100.0])
def test_the_catalog_is_no_way_around(
    real: Service, monkeypatch: pytest.MonkeyPatch, limit: float | None
) -> None:
    connect("hf", max_spend_usd=limit)
    with pytest.raises(SpendLimitError, match=r"catalog|MAX_SPEND_USD"):
        create_inference_endpoint_from_catalog(MODEL_ID, namespace="local-user")


def test_asynchronous_requests_are_no_way_around(real: Service) -> None:
    connect("hf")

    async def attempt() -> None:
        client = get_async_session()
        await client.post(f"{real.url}/v2/endpoint/local-user", json=spec_body())

    with pytest.raises(SpendLimitError):
        asyncio.run(attempt())
    assert real.lifecycle.list_endpoints() == []


def test_what_raises_no_cost_is_allowed_without_a_limit(real: Service) -> None:
    connect("hf")
    real.create_running()
    endpoint = get_inference_endpoint("an-endpoint")
    endpoint.resume()
    endpoint.update(min_replica=0, max_replica=1)
    endpoint.update(instance_type="nvidia-t4")
    endpoint.scale_to_zero()
    endpoint.pause()
    endpoint.update(instance_type="nvidia-a100", instance_size="x8")
    endpoint.delete()
    assert get_session().get(f"{real.url}/v2/provider").status_code == 200


def paused(service: Service, name: str = "paused-one", **changes: Any) -> Endpoint:
    endpoint = service.create(name, **changes)
    pause(service, endpoint)
    return endpoint


EIGHT_A100 = {"compute": {"instanceType": "nvidia-a100", "instanceSize": "x8"}}


@pytest.mark.parametrize("limit", [None, 19.9])
def test_resuming_is_no_way_around(
    real: Service, wanted: dict[str, Any], limit: float | None
) -> None:
    connect("hf", max_spend_usd=limit)
    endpoint = paused(real, **EIGHT_A100)
    with pytest.raises(SpendLimitError, match=r"\$20\.00"):
        get_inference_endpoint("paused-one").resume()
    with pytest.raises(SpendLimitError, match=r"\$20\.00"):
        get_or_create_endpoint("paused-one", **wanted)
    assert endpoint.state == "paused"
    connect("hf", max_spend_usd=20)
    get_inference_endpoint("paused-one").resume()


def test_resuming_what_sleeps_is_no_way_around(real: Service) -> None:
    endpoint = real.create_running("asleep-one")
    real.server.call(lambda: real.lifecycle.scale_to_zero(endpoint))
    connect("hf")
    with pytest.raises(SpendLimitError, match="MAX_SPEND_USD"):
        get_inference_endpoint("asleep-one").resume()


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({"instance_type": "nvidia-a100", "instance_size": "x8"}, r"\$20\.00"),
        ({"instance_size": "x4"}, r"\$3\.80"),
        ({"max_replica": 3}, r"\$2\.40"),
    ],
)
@pytest.mark.parametrize("state", ["running", "scaledToZero"])
@pytest.mark.parametrize("limit", [None, 1.0])
def test_updating_is_no_way_around(
    real: Service, limit: float | None, state: str, changes: dict[str, Any], price: str
) -> None:
    endpoint = real.create_running()
    if state == "scaledToZero":
        real.server.call(lambda: real.lifecycle.scale_to_zero(endpoint))
    connect("hf", max_spend_usd=limit)
    with pytest.raises(SpendLimitError, match=price):
        get_inference_endpoint("an-endpoint").update(**changes)
    assert (endpoint.state, endpoint.spec.compute.instance_size) == (state, "x1")


@pytest.mark.parametrize("limit", [None, 19.9])
def test_updating_what_has_failed_is_no_way_around(real: Service, limit: float | None) -> None:
    """It starts again, with the new settings."""
    endpoint = create_failed(real)
    connect("hf", max_spend_usd=limit)
    larger = {"instance_type": "nvidia-a100", "instance_size": "x8"}
    with pytest.raises(SpendLimitError, match=r"\$20\.00"):
        get_inference_endpoint("an-endpoint").update(**larger)
    assert endpoint.state == "failed"
    connect("hf", max_spend_usd=20)
    get_inference_endpoint("an-endpoint").update(**larger)
    assert endpoint.state == "updating"


def test_updating_what_is_paused_is_free(real: Service) -> None:
    endpoint = paused(real)
    connect("hf")
    get_inference_endpoint("paused-one").update(instance_type="nvidia-a100", instance_size="x8")
    assert (endpoint.state, endpoint.spec.compute.instance_size) == ("paused", "x8")


def test_an_update_may_use_what_the_limit_leaves(real: Service) -> None:
    real.create_running()
    connect("hf", max_spend_usd=1.6)
    get_inference_endpoint("an-endpoint").update(max_replica=2)


def test_what_may_wake_counts(real: Service, wanted: dict[str, Any]) -> None:
    endpoint = real.create_running("asleep-one", scaling={"maxReplica": 2})
    real.server.call(lambda: real.lifecycle.scale_to_zero(endpoint))
    connect("hf", max_spend_usd=2.3)
    with pytest.raises(SpendLimitError, match=r"\$2\.40.*may wake \$1\.60"):
        create(wanted)
    pause(real, endpoint)
    create(wanted)


def test_replicas_that_may_be_added_count(real: Service, wanted: dict[str, Any]) -> None:
    real.create_running("growing-one", scaling={"minReplica": 1, "maxReplica": 4})
    connect("hf", max_spend_usd=3.9)
    with pytest.raises(SpendLimitError, match=r"\$3\.20"):
        create(wanted)


@pytest.mark.parametrize("namespace", ["local-user", "local-class"])
def test_any_namespace_of_the_token_counts(
    real: Service, wanted: dict[str, Any], namespace: str
) -> None:
    """Also one that is neither connected to nor created in."""
    other = {"local-user": "local-class", "local-class": "local-user"}[namespace]
    move(real, real.create_running("running-one"), other)
    connect("hf", namespace=namespace, max_spend_usd=1.5)
    with pytest.raises(SpendLimitError, match=r"\$1\.60"):
        create(wanted, namespace=namespace)


def at_once(work: Callable[[int], object], times: int) -> list[BaseException]:
    """Do it in as many threads, all at the same moment; what they raised."""
    errors: list[BaseException] = []
    ready = threading.Barrier(times)

    def attempt(number: int) -> None:
        ready.wait()
        try:
            work(number)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_six_at_once_are_judged_one_after_the_other(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=1.7)
    errors = at_once(lambda number: create(wanted, f"number-{number}"), 6)
    assert [type(error) for error in errors] == [SpendLimitError] * 4
    assert len(real.lifecycle.list_endpoints()) == 2


def test_resuming_many_at_once_is_no_way_around(real: Service) -> None:
    for number in range(4):
        paused(real, f"number-{number}")
    endpoints = [get_inference_endpoint_later(number) for number in range(4)]
    connect("hf", max_spend_usd=0.9)
    errors = at_once(lambda number: endpoints[number]().resume(), 4)
    assert len(errors) == 3
    states = [each.state for each in real.lifecycle.list_endpoints()]
    assert states.count("paused") == 3


def get_inference_endpoint_later(number: int) -> Callable[[], InferenceEndpoint]:
    return lambda: get_inference_endpoint(f"number-{number}")


def test_a_refused_creation_leaves_room_for_the_next(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=0.9)
    with pytest.raises(Exception, match="not served by this local service"):
        create(wanted, repository="somebody/else")
    create(wanted)


def test_a_creation_without_an_answer_counts_for_a_minute(real: Service) -> None:
    """Nobody knows whether it happened; after a minute the service's list does."""
    moment = [0.0]
    connect("hf", max_spend_usd=100)
    gate = SpendingGate(max_spend_usd=0.9, now=lambda: moment[0])

    def request(name: str) -> httpx2.Request:
        address = f"{real.url}/v2/endpoint/local-user"
        return httpx2.Request("POST", address, json=spec_body(name))

    gate.check(request("lost-one"))
    with pytest.raises(SpendLimitError):
        gate.check(request("next-one"))
    moment[0] = 61.0
    gate.check(request("next-one"))


def test_without_a_price_list_nothing_is_spent(
    real: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect("hf", max_spend_usd=100)
    monkeypatch.setattr("helpers.answers.PAUSES_SECONDS", ())

    def unreachable(namespace: str) -> list[Any]:
        raise httpx2.ConnectError("no route")

    monkeypatch.setattr("helpers.spending.list_inference_endpoints_hardware", unreachable)
    with pytest.raises(CourseError, match="price list"):
        create(wanted)
    assert real.lifecycle.list_endpoints() == []


def test_the_guard_follows_a_new_limit(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=0.1)
    connect("hf", max_spend_usd=10)
    create(wanted)


def test_no_guard_in_local_mode(real: Service, local: Service, wanted: dict[str, Any]) -> None:
    connect("hf")
    connect("local", state_dir=local.folder)
    assert create(wanted, instance_size="x4").status == "pending"
    assert real.lifecycle.list_endpoints() == []
    connect("hf")
    with pytest.raises(SpendLimitError):
        create(wanted)


def test_a_limit_of_zero_allows_nothing(real: Service, wanted: dict[str, Any]) -> None:
    connect("hf", max_spend_usd=0)
    with pytest.raises(SpendLimitError, match=r"\$0\.80"):
        create(wanted)


# How long an answer may take.


@pytest.mark.parametrize(
    ("address", "own", "seconds"),
    [
        (f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/anna", None, 60),
        (f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/anna", 5, 5),
        (f"{constants.ENDPOINT}/api/whoami-v2", None, 60),
        (f"{constants.ENDPOINT}/api/whoami-v2", 30, 30),
        # A file, and the answer of a model.
        (f"{constants.ENDPOINT}/{MODEL_ID}/resolve/main/model.onnx", None, None),
        ("https://abc.us-east-1.aws.endpoints.huggingface.cloud/generate", None, None),
    ],
)
def test_only_the_management_is_not_waited_for_endlessly(
    address: str, own: float | None, seconds: float | None
) -> None:
    with httpx2.Client(timeout=own) as client:
        request = client.build_request("GET", address)
    bound(request)
    assert set(request.extensions["timeout"].values()) == {seconds}


def test_a_request_without_any_word_about_time_is_bounded_too() -> None:
    request = httpx2.Request("GET", f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/provider")
    bound(request)
    assert request.extensions["timeout"]["read"] == 60


def test_one_limit_of_several_is_a_limit() -> None:
    timeout = httpx2.Timeout(None, connect=5)
    with httpx2.Client(timeout=timeout) as client:
        request = client.build_request("GET", f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/provider")
    bound(request)
    assert request.extensions["timeout"] == timeout.as_dict()


def test_what_is_guarded_is_bounded(real: Service) -> None:
    sent: list[httpx2.Request] = []
    guard_spending(max_spend_usd=None, on_response=lambda answer: sent.append(answer.request))
    get_session().get(f"{real.url}/v2/provider")
    get_session().get(f"{real.url}/v2/provider", timeout=7)
    get_session().get(f"{real.url}/api/models/{MODEL_ID}")
    assert [each.extensions["timeout"]["read"] for each in sent] == [60, 7, None]
