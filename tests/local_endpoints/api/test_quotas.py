"""The quota route says what admission enforces."""

from __future__ import annotations

from typing import Any

import pytest

from local_endpoints.access import INFER
from tests.fakes import spec_body
from tests.local_endpoints.api.conftest import NAMESPACE, Api, error_text


def quotas(api: Api, namespace: str = NAMESPACE) -> dict[tuple[str, str], tuple[int, int]]:
    answer = api.get(f"/provider/quotas/{namespace}").json()
    return {
        (vendor["name"], row["instanceType"]): (row["usedAccelerators"], row["maxAccelerators"])
        for vendor in answer["vendors"]
        for row in vendor["quotas"]
    }


def test_it_agrees_with_the_hardware_list(api: Api) -> None:
    api.service.create_running(scaling={"maxReplica": 3})
    found = {}
    for vendor in api.get(f"/provider/{NAMESPACE}").json()["vendors"]:
        for region in vendor["regions"]:
            for row in region["computes"]:
                quota = row["quota"]
                key = (vendor["name"], row["instanceType"])
                found[key] = (quota["usedAccelerators"], quota["maxAccelerators"])
    assert quotas(api) == found
    assert quotas(api)["aws", "nvidia-l4"][0] == 3


@pytest.mark.parametrize("beyond", [0, 1])
def test_what_it_leaves_can_be_created_and_no_more(api: Api, beyond: int) -> None:
    api.service.create_running()
    used, most = quotas(api)["aws", "nvidia-l4"]
    body = spec_body("another-one", scaling={"maxReplica": most - used + beyond})
    assert api("POST", f"/endpoint/{NAMESPACE}", body).status_code == (409 if beyond else 200)


def test_another_namespace_has_its_own(api: Api) -> None:
    api.service.create_running()
    assert quotas(api, "local-class")["aws", "nvidia-l4"][0] == 0
    api.service.lifecycle.quotas.change(NAMESPACE, ("aws", "nvidia-l4"), 0)
    assert quotas(api)["aws", "nvidia-l4"] == (1, 0)
    assert quotas(api, "local-class")["aws", "nvidia-l4"][1] > 0


def test_a_quota_of_one_region_is_told_by_the_hardware_list_alone(api: Api) -> None:
    before = quotas(api)
    api.service.lifecycle.quotas.change(NAMESPACE, ("aws", "nvidia-l4", "us-east-1"), 1)
    assert quotas(api) == before
    body = spec_body(scaling={"maxReplica": 2})
    assert api("POST", f"/endpoint/{NAMESPACE}", body).status_code == 409


def test_pausing_frees_it_and_sleeping_does_not(api: Api) -> None:
    endpoint = api.service.create_running()

    def used_after(change: Any) -> int:
        api.service.server.call(lambda: change(endpoint))
        return quotas(api)["aws", "nvidia-l4"][0]

    assert used_after(api.service.lifecycle.scale_to_zero) == 1
    assert used_after(api.service.lifecycle.pause) == 0


def test_without_a_payment_method_all_are_zero(api: Api) -> None:
    api.service.access.set_payment(NAMESPACE, can_pay=False)
    assert {most for _, most in quotas(api).values()} == {0}


def test_who_may_read_it(api: Api) -> None:
    error_text(api.get("/provider/quotas/somebody-else"), 403)
    headers = {"Authorization": f"Bearer {api.service.access.issue(frozenset({INFER}))}"}
    error_text(api("GET", f"/provider/quotas/{NAMESPACE}", headers=headers), 403)
    headers = {"Authorization": "Bearer wrong"}
    error_text(api("GET", f"/provider/quotas/{NAMESPACE}", headers=headers), 401)
