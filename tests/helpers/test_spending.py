"""Prices, what bills now, and the guard: the real service is played by a local one."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest
from huggingface_hub import (
    InferenceEndpoint,
    create_inference_endpoint,
    create_inference_endpoint_from_catalog,
    get_async_session,
    get_inference_endpoint,
    get_session,
)

from helpers import SpendLimitError, connect, price_per_hour, still_billing
from local_endpoints import hardware
from local_endpoints.endpoint import Endpoint

from ..fakes import MODEL_ID, Service, spec_body


def pause(service: Service, endpoint: Endpoint) -> None:
    service.server.call(lambda: service.lifecycle.pause(endpoint))


# Prices.


def test_price_of_all_wanted_replicas(real: Service) -> None:
    connect("hf")
    real.create_running("one-l4")
    real.create_running("three-l4", scaling={"minReplica": 3, "maxReplica": 4})
    assert price_per_hour(get_inference_endpoint("one-l4")) == pytest.approx(0.8)
    assert price_per_hour(get_inference_endpoint("three-l4")) == pytest.approx(2.4)


def test_price_while_nothing_runs_is_that_of_one_replica(real: Service) -> None:
    connect("hf")
    pause(real, real.create("one-l4"))
    assert price_per_hour(get_inference_endpoint("one-l4")) == pytest.approx(0.8)


# still_billing.


def test_nothing_bills(real: Service) -> None:
    connect("hf")
    pause(real, real.create("paused-one"))
    assert still_billing() == []


def test_what_bills(real: Service) -> None:
    connect("hf")
    endpoints = {
        name: real.create_running(name) for name in ("running-one", "zero-one", "paused-one")
    }
    real.server.call(lambda: real.lifecycle.scale_to_zero(endpoints["zero-one"]))
    pause(real, endpoints["paused-one"])
    real.create("pending-one", compute={"instanceType": "nvidia-t4"})
    (billed,) = still_billing()
    assert (billed.name, billed.state, billed.replicas) == ("running-one", "running", 1)
    assert billed.usd_per_hour == pytest.approx(0.8)


@pytest.mark.parametrize("state", ["initializing", "updating"])
def test_starting_bills(real: Service, state: str) -> None:
    connect("hf")
    endpoint = real.create_running()
    real.launcher.ready = False
    if state == "initializing":
        real.server.call(lambda: real.lifecycle.scale_to_zero(endpoint))
        real.clock.advance(seconds=5)
        real.server.call(lambda: real.lifecycle.wake(endpoint))
    else:
        real.server.call(lambda: real.lifecycle.update(endpoint, endpoint.spec))
    real.tick()
    assert [billed.state for billed in still_billing()] == [state]


def test_all_pages_are_read(real: Service) -> None:
    connect("hf")
    real.create_running("the-oldest")
    for number in range(105):
        real.clock.advance(seconds=1)
        pause(real, real.create(f"number-{number:03}"))
    assert [billed.name for billed in still_billing()] == ["the-oldest"]


def test_of_another_namespace(real: Service) -> None:
    connect("hf")
    real.create_running()
    assert still_billing(namespace="local-class") == []


def test_hardware_without_a_price_is_listed_all_the_same(
    real: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect("hf")
    real.create_running()
    rows = [row for row in hardware.COMPUTES if row.instance_type != "nvidia-l4"]
    monkeypatch.setattr(
        "helpers.spending.list_inference_endpoints_hardware", lambda namespace: rows
    )
    (billed,) = still_billing()
    assert billed.name == "an-endpoint"
    assert math.isnan(billed.usd_per_hour)


# The guard.


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
    endpoint.namespace = running_in
    real.store.endpoints = {(running_in, endpoint.name): endpoint}
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


def test_everything_else_is_allowed(real: Service) -> None:
    connect("hf")
    real.create_running()
    endpoint = get_inference_endpoint("an-endpoint")
    endpoint.pause()
    endpoint.resume()
    endpoint.scale_to_zero()
    endpoint.update(min_replica=0)
    endpoint.delete()
    assert get_session().get(f"{real.url}/v2/provider").status_code == 200


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
