"""Everything that the service would refuse is found beforehand, with both backends, for nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import InferenceEndpointHardware

from helpers import ConnectError, ParameterError, choose_hardware, connect, disconnect
from helpers.preflight import Preflight, preflight
from local_endpoints.access import ALL_PERMISSIONS, INFER, READ, WRITE
from local_endpoints.access.token import Grant
from tests.fakes import MODEL_ID, Service
from tests.helpers.conftest import STORED_TOKEN

Look = Callable[..., Preflight]


def offer(namespace: str) -> InferenceEndpointHardware:
    return choose_hardware(
        vendor="aws",
        region="us-east-1",
        accelerator="gpu",
        instance_type="nvidia-l4",
        instance_size="x1",
        namespace=namespace,
    )


@pytest.fixture
def look(real: Service) -> Look:
    """Connects to what plays the real service, and looks."""

    def look(
        *, namespace: str | None = None, max_spend_usd: float | None = 1.0, **options: Any
    ) -> Preflight:
        connection = connect("hf", namespace=namespace, max_spend_usd=max_spend_usd)
        options.setdefault("repository", MODEL_ID)
        if "hardware" not in options:
            options["hardware"] = offer(connection.namespace)
        return preflight("first-run", **options)

    return look


def found(result: Preflight) -> dict[str, str]:
    return {each.what: each.found for each in result.findings}


def wrong(result: Preflight) -> list[str]:
    return [each.what for each in result.wrong]


def test_all_is_well_and_nothing_has_changed(look: Look, real: Service) -> None:
    result = look()
    assert wrong(result) == [] and real.lifecycle.list_endpoints() == []
    result.require()
    assert found(result)["token"] == "a fine-grained token, “local”, of local-user"
    assert found(result)["price"] == "$0.80 per hour at most; MAX_SPEND_USD is $1.00"
    assert found(result)["hardware"] == "aws-us-east-1-nvidia-l4-x1: 8 of 8 free"
    assert found(result)["bills now"] == "nothing in local-user, local-class"
    assert repr(result).endswith("Up to here nothing has cost anything.")


def test_locally_nobody_pays(connected: Service) -> None:
    result = preflight("first-run", repository=MODEL_ID, hardware=offer("local-user"))
    assert wrong(result) == []
    assert found(result)["price"] == "$0.80 per hour, which nobody pays here"


@pytest.fixture
def hardware(real: Service) -> InferenceEndpointHardware:
    """As it was chosen before anything was wrong."""
    connect("hf")
    return offer("local-user")


@pytest.mark.parametrize("namespace", ["local-user", "local-class"])
def test_who_cannot_pay(
    look: Look, real: Service, hardware: InferenceEndpointHardware, namespace: str
) -> None:
    real.access.set_payment(namespace, can_pay=False)
    result = look(namespace=namespace, hardware=hardware)
    # Without a payment method the quotas read 0, too.
    assert wrong(result) == ["payment", "hardware"]
    assert f"{namespace} has no payment method" in found(result)["payment"]
    with pytest.raises(ParameterError, match=r"credits are needed: https://huggingface\.co/"):
        result.require()


@pytest.mark.parametrize(
    ("permissions", "missing"),
    [
        ({READ, WRITE}, ["may call"]),
        ({READ, INFER}, ["may manage"]),
        ({INFER}, ["may manage"]),
    ],
)
def test_a_right_that_is_missing(
    look: Look, real: Service, permissions: set[str], missing: list[str]
) -> None:
    token = real.access.issue(frozenset(permissions))
    result = look(token=token)
    assert wrong(result) == missing
    assert "tick “Ma" in result.wrong[0].remedy and "local-user" in result.wrong[0].remedy
    assert token not in repr(result)
    if READ not in permissions:
        assert found(result)["hardware"] == "this token may not read the quota"
        assert found(result)["name"].startswith("this token may not look")


def test_a_classic_token_is_enough_but_said_to_be_one(look: Look, real: Service) -> None:
    token = real.accounts.add({"local-user": Grant("old", "write")})["local-user"]
    result = look(token=token)
    assert wrong(result) == []
    assert "whoever finds it may do all that you may" in found(result)["token"]


def test_a_gate_that_the_token_does_not_open(look: Look, real: Service) -> None:
    open_to_all = "open-models/tiny"
    grant = Grant("no box", "fineGrained", {"local-user": ALL_PERMISSIONS}, gated=False)
    token = real.accounts.add({"local-user": grant})["local-user"]
    for repository, expected in ((MODEL_ID, ["model"]), (open_to_all, [])):
        result = look(token=token, repository=repository)
        assert wrong(result) == expected
    unknown = look(repository="nobody/nothing")
    assert wrong(unknown) == ["model"] and "look at its name" in unknown.wrong[0].remedy


@pytest.mark.parametrize(
    ("limit", "replicas", "words"),
    [(None, 1, "MAX_SPEND_USD is None"), (0.5, 1, "$0.80 per hour"), (1.0, 2, "$1.60 per hour")],
)
def test_more_than_you_allow(look: Look, limit: float | None, replicas: int, words: str) -> None:
    result = look(max_spend_usd=limit, max_replica=replicas)
    assert wrong(result) == ["price"] and words in found(result)["price"]


def test_a_quota_that_is_used_up(look: Look, real: Service) -> None:
    real.lifecycle.quotas.change("local-user", ("aws", "nvidia-l4"), 1)
    assert wrong(look()) == []
    assert wrong(look(max_replica=2, max_spend_usd=2.0)) == ["hardware"]


def test_one_that_exists_needs_no_further_quota(look: Look, real: Service) -> None:
    real.create_running("first-run")
    real.lifecycle.quotas.change("local-user", ("aws", "nvidia-l4"), 1)
    result = look()
    assert wrong(result) == []
    assert "is reserved for first-run already" in found(result)["hardware"]
    assert "exists and is running: it will be used" in found(result)["name"]
    assert found(result)["bills now"] == "local-user/first-run ($0.80/h)"
    huggingface_hub.pause_inference_endpoint("first-run")
    assert "exists and is paused" in found(look())["name"]


@pytest.mark.parametrize(
    ("role", "expected"), [("read", ["owner"]), ("contributor", []), ("admin", [])]
)
def test_a_role_in_an_organization(
    look: Look,
    real: Service,
    hardware: InferenceEndpointHardware,
    role: Any,
    expected: list[str],
) -> None:
    grant = Grant("fine", "fineGrained", {"school": ALL_PERMISSIONS}, gated=True)
    token = real.accounts.add({"anna": grant}, organizations={"school": role})["anna"]
    # The configured token is not in that organization, and the one to look with is.
    result = look(namespace="school", hardware=hardware, token=token)
    assert [each for each in wrong(result) if each == "owner"] == expected
    assert "school" in found(result)["owner"]


def test_a_namespace_of_somebody_else(look: Look, hardware: InferenceEndpointHardware) -> None:
    result = look(namespace="somebody-else", hardware=hardware)
    assert {"owner", "may manage", "may call"} <= set(wrong(result))
    assert "set NAMESPACE to one of local-user, local-class" in repr(result)


def test_what_is_too_large(look: Look, hardware: InferenceEndpointHardware) -> None:
    result = look(hardware=replace(hardware, gpu_memory_gb=3))
    assert wrong(result) == ["memory"] and "does not fit into the 3 GB" in found(result)["memory"]


def test_a_page_and_a_text(look: Look) -> None:
    shown = look(max_spend_usd=None)._repr_mimebundle_()
    assert shown["text/plain"].splitlines()[-1] == "In the way: price. Nothing was rented."
    assert shown["text/html"].count("<tr>") == 12 and "WRONG" in shown["text/html"]
    assert STORED_TOKEN not in str(shown)


def test_nobody_to_ask(hardware: InferenceEndpointHardware) -> None:
    disconnect()
    with pytest.raises(ConnectError, match="connect first"):
        preflight("first-run", repository=MODEL_ID, hardware=hardware)
