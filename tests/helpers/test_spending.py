"""Prices and what bills now: the real service is played by a local one."""

from __future__ import annotations

import math

import pytest
from huggingface_hub import get_inference_endpoint

from helpers import CourseError, RefusedError, connect, price_per_hour, still_billing
from local_endpoints.access import ALL_PERMISSIONS
from local_endpoints.access.token import Grant
from local_endpoints.control_plane import hardware
from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import Service
from tests.helpers.conftest import Trouble


def pause(service: Service, endpoint: Endpoint) -> None:
    service.server.call(lambda: service.lifecycle.pause(endpoint))


def move(service: Service, endpoint: Endpoint, namespace: str) -> None:
    """As if it had been created there."""
    service.store.remove(endpoint)
    endpoint.namespace = namespace
    service.store.add(endpoint)


def use_token(real: Service, monkeypatch: pytest.MonkeyPatch, *namespaces: str) -> None:
    """Connect with a token of the local user that is for these namespaces alone."""
    grant = Grant("a", "fineGrained", dict.fromkeys(namespaces, ALL_PERMISSIONS))
    monkeypatch.setenv("HF_TOKEN", real.accounts.add({"local-user": grant})["local-user"])
    connect("hf")


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
        real.clock.advance(minutes=1)  # its replicas are gone
        real.server.call(lambda: real.lifecycle.wake(endpoint))
    else:
        real.server.call(lambda: real.lifecycle.update(endpoint, endpoint.spec))
    real.tick()
    assert [billed.state for billed in still_billing()] == [state]


def test_replicas_that_outlived_an_update_bill(real: Service) -> None:
    connect("hf")
    endpoint = real.create_running(scaling={"maxReplica": 2})
    real.launcher.ready = False
    real.server.call(lambda: real.lifecycle.update(endpoint, endpoint.spec))
    real.tick()
    real.launcher.last.die()
    real.tick()
    assert [(each.state, each.replicas) for each in still_billing()] == [("updateFailed", 1)]
    pause(real, endpoint)
    assert still_billing() == []


def test_an_update_that_failed_without_replicas_is_free(real: Service) -> None:
    connect("hf")
    endpoint = real.create_running()
    real.launcher.ready = False
    real.server.call(lambda: real.lifecycle.update(endpoint, endpoint.spec))
    real.tick()
    real.launcher.last.die()
    real.tick()
    assert get_inference_endpoint("an-endpoint").status == "updateFailed"
    assert still_billing() == []


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
    assert still_billing(namespace="local-class").namespaces == ("local-class",)


@pytest.mark.parametrize("wanted", [None, "*"])
def test_organizations_are_looked_at_too(real: Service, wanted: str | None) -> None:
    connect("hf")
    move(real, real.create_running("of-the-class"), "local-class")
    billing = still_billing(namespace=wanted)
    assert [(each.name, each.namespace) for each in billing] == [("of-the-class", "local-class")]
    assert billing.namespaces == ("local-user", "local-class") and billing.unreadable == ()


def test_an_organization_that_the_token_may_not_read_is_named(
    real: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_token(real, monkeypatch, "local-user")
    billing = still_billing()
    assert (billing, billing.namespaces) == ([], ("local-user",))
    assert billing.unreadable == ("local-class",)


def test_a_token_for_an_organization_need_not_read_its_users_own(
    real: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(real, real.create_running("of-the-class"), "local-class")
    use_token(real, monkeypatch, "local-class")
    billing = still_billing()
    assert [(each.name, each.namespace) for each in billing] == [("of-the-class", "local-class")]
    assert (billing.namespaces, billing.unreadable) == (("local-class",), ("local-user",))


def test_a_token_that_may_read_nothing_is_no_proof(
    real: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_token(real, monkeypatch)
    with pytest.raises(RefusedError, match="listing the endpoints of local-user") as caught:
        still_billing()
    assert caught.value.status == 403


def test_the_connected_namespace_is_looked_at_too(real: Service) -> None:
    connect("hf", namespace="another-class")
    billing = still_billing()
    assert billing.namespaces == ("local-user", "local-class")
    assert billing.unreadable == ("another-class",)


@pytest.mark.parametrize("path", ["/v2/endpoint/", "/v2/provider", "/api/whoami-v2"])
@pytest.mark.parametrize("answer", [None, 500])
def test_no_proof_without_an_answer(
    connected: Service, trouble: Trouble, path: str, answer: int | None
) -> None:
    connected.create_running()
    trouble.path, trouble.answers = path, [answer] * 100
    with pytest.raises(CourseError):
        still_billing()


def test_a_service_that_stumbles_is_asked_again(connected: Service, trouble: Trouble) -> None:
    connected.create_running()
    trouble.answers = [None, 503, 502]
    assert [each.name for each in still_billing()] == ["an-endpoint"]


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
