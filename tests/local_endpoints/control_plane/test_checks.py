from __future__ import annotations

from typing import Any

import pytest

from local_endpoints.control_plane.hardware import QuotaKey
from local_endpoints.repositories import Repository
from tests.fakes import MODEL_ID, make_spec
from tests.local_endpoints.control_plane.fleet import Fleet, refusal

# What may be asked for.


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"model": {"repository": "acme/unknown"}}, 404, MODEL_ID),
        ({"model": {"revision": "0" * 40}}, 404, "Revision"),
        ({"model": {"image": {"huggingface": {}}}}, 400, "text-generation-inference"),
        ({"compute": {"instanceType": "nvidia-z9"}}, 400, "Compute instance not available yet"),
        ({"compute": {"instanceType": "intel-icl", "accelerator": "cpu"}}, 400, "not available"),
        ({"compute": {"accelerator": "cpu"}}, 400, "Compute instance not available yet"),
        ({"provider": {"region": "eastus"}}, 400, "Compute instance not available yet"),
        ({"provider": {"region": "eu-west-1"}}, 400, "Compute instance not available yet"),
        (
            {"compute": {"instanceType": "nvidia-h200"}, "provider": {"region": "us-west-2"}},
            409,
            "Quota exceeded",
        ),
    ],
)
def test_create_refuses(fleet: Fleet, changes: dict[str, Any], status: int, text: str) -> None:
    assert text in refusal(status, lambda: fleet.create(**changes))
    assert fleet.lifecycle.list_endpoints() == []


@pytest.mark.parametrize("revision", [None, "main"])
def test_known_revisions(fleet: Fleet, revision: str | None) -> None:
    assert fleet.create(model={"revision": revision}).state == "pending"


def test_the_commit_itself_is_a_known_revision(
    fleet: Fleet, repositories: dict[str, Repository]
) -> None:
    assert fleet.create(model={"revision": repositories[MODEL_ID].revision}).state == "pending"


def test_a_taken_name_is_a_conflict_but_only_in_its_namespace(fleet: Fleet) -> None:
    fleet.create("same-name")
    assert "already exists" in refusal(409, lambda: fleet.create("same-name"))
    other = fleet.lifecycle.create(
        namespace="local-class", user="local-user", spec=make_spec("same-name")
    )
    assert other.namespace == "local-class"
    assert len(fleet.lifecycle.list_endpoints()) == 2
    assert fleet.lifecycle.list_endpoints("local-class") == [other]


def test_pictures_cannot_be_served_by_another_image(fleet: Fleet, pictures: str) -> None:
    text = refusal(400, lambda: fleet.create(model={"repository": pictures}))
    assert f"cannot serve {pictures} with image `tgi " in text
    assert "leave custom_image out" in text


@pytest.mark.parametrize("task", ["", "text-to-image"])
def test_the_default_image_serves_the_models_own_task(
    fleet: Fleet, pictures: str, task: str
) -> None:
    model = {"repository": pictures, "image": {"huggingface": {}}, "task": task}
    assert fleet.create(model=model).state == "pending"


def test_the_default_image_serves_no_other_task(fleet: Fleet, pictures: str) -> None:
    model = {"repository": pictures, "image": {"huggingface": {}}, "task": "text-generation"}
    text = refusal(400, lambda: fleet.create(model=model))
    assert "task `text-generation`: use `text-to-image`" in text


# Quota: eight L4 accelerators.


def test_quota_counts_accelerators_of_the_most_replicas(fleet: Fleet) -> None:
    fleet.create("four-l4", compute={"instanceSize": "x4"})
    fleet.create("three-l4", scaling={"maxReplica": 3})
    used = fleet.lifecycle.used_accelerators("local-user")
    assert used == {("aws", "nvidia-l4"): 7, ("aws", "nvidia-l4", "us-east-1"): 7}
    fleet.create("one-l4")
    text = refusal(409, lambda: fleet.create("one-more"))
    assert "Conflict: Quota exceeded" in text
    assert "already exists" not in text
    fleet.create("other-type", compute={"instanceType": "nvidia-t4"})


def test_regions_of_a_type_share_a_quota(fleet: Fleet) -> None:
    a10g = {"instanceType": "nvidia-a10g"}
    fleet.create("eight-a10g", compute=a10g, scaling={"maxReplica": 8})
    ireland = {"region": "eu-west-1"}
    assert "Quota exceeded" in refusal(
        409, lambda: fleet.create("one-more", compute=a10g, provider=ireland)
    )


@pytest.mark.parametrize(
    ("quotas", "refused"),
    [
        ({("aws", "nvidia-a10g", "eu-west-1"): 1}, "aws nvidia-a10g eu-west-1: 1 of 1"),
        ({("aws", "nvidia-a10g", "eu-west-1"): 2}, None),
        ({("aws", "nvidia-a10g", "us-east-1"): 0}, None),
        ({("aws", "nvidia-a10g"): 1, ("aws", "nvidia-a10g", "eu-west-1"): 9}, "nvidia-a10g: 1 of"),
        ({("aws", "nvidia-t4", "eu-west-1"): 0}, None),
    ],
)
def test_a_region_can_have_less_than_the_type(
    fleet: Fleet, quotas: dict[QuotaKey, int], refused: str | None
) -> None:
    ireland: dict[str, Any] = {
        "compute": {"instanceType": "nvidia-a10g"}, "provider": {"region": "eu-west-1"}
    }  # fmt: skip
    for key, most in quotas.items():
        fleet.lifecycle.quotas.change("local-user", key, most)
    first = fleet.create("the-first", **ireland)
    if refused is None:
        fleet.create("the-second", **ireland)
        return
    assert refused in refusal(409, lambda: fleet.create("the-second", **ireland))
    fleet.lifecycle.pause(first)
    fleet.create("the-second", **ireland)
    assert refused in refusal(409, lambda: fleet.lifecycle.resume(first))


def test_quotas_of_namespaces_are_separate(fleet: Fleet) -> None:
    fleet.create("eight-l4", scaling={"maxReplica": 8})
    refusal(409, lambda: fleet.create("one-more"))
    spec = make_spec("elsewhere")
    fleet.lifecycle.create(namespace="local-class", user="local-user", spec=spec)


def test_at_zero_uses_quota_but_paused_does_not(fleet: Fleet) -> None:
    first = fleet.running("first-one", scaling={"maxReplica": 8})
    fleet.lifecycle.scale_to_zero(first)
    refusal(409, lambda: fleet.create("second-one"))
    fleet.lifecycle.pause(first)
    fleet.create("second-one")
    assert "Quota exceeded" in refusal(409, lambda: fleet.lifecycle.resume(first))
    assert first.state == "paused"


def test_an_update_is_measured_without_what_it_replaces(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"maxReplica": 6})
    fleet.lifecycle.update(endpoint, make_spec(scaling={"maxReplica": 8}))
    assert endpoint.state == "updating"
    big = make_spec(compute={"instanceSize": "x4"}, scaling={"maxReplica": 3})
    assert "Quota exceeded" in refusal(409, lambda: fleet.lifecycle.update(endpoint, big))
    assert endpoint.spec.compute.instance_size == "x1", "a refused update changes nothing"


def test_deleting_and_failing_free_the_quota(fleet: Fleet) -> None:
    endpoint = fleet.create("first-one", scaling={"maxReplica": 8})
    fleet.lifecycle.delete(endpoint)
    fleet.create("second-one", scaling={"maxReplica": 8})
    fleet.tick()
    fleet.launcher.last.die()
    fleet.tick()
    fleet.create("third-one", scaling={"maxReplica": 8})
