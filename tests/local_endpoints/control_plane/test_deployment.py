from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane import hardware
from local_endpoints.repositories import REPOSITORIES, Repository
from tests.fakes import MODEL_ID, TGI_IMAGE, make_spec
from tests.local_endpoints.control_plane.fleet import PRICE, Fleet

# What a container is ordered with.


def test_the_container_is_ordered_with_the_settings(
    fleet: Fleet, repositories: dict[str, Repository]
) -> None:
    endpoint = fleet.create(model={"env": {"A": "1"}, "secrets": {"S": "2"}})
    fleet.tick()
    order = fleet.launcher.last.order
    assert order.dialect == "tgi"
    assert order.repository == MODEL_ID
    assert order.model_dir == repositories[MODEL_ID].path
    assert order.env == {"A": "1", "S": "2"}
    assert order.health_route == "/health"
    assert order.log_name == f"{endpoint.name}-{endpoint.deployment}"
    assert order.accelerators == 1


@pytest.mark.parametrize(
    ("compute", "accelerators"),
    [
        ({"instanceSize": "x4"}, 4),
        ({"accelerator": "cpu", "instanceType": "intel-spr", "instanceSize": "x4"}, 0),
    ],
)
def test_the_container_knows_its_accelerators(
    fleet: Fleet, compute: dict[str, Any], accelerators: int
) -> None:
    fleet.create(compute=compute)
    fleet.tick()
    assert fleet.launcher.last.order.accelerators == accelerators


def test_fields_of_a_tgi_image_are_variables_of_its_container(fleet: Fleet) -> None:
    settings = {"maxInputLength": 20, "quantize": "eetq", "disableCustomKernels": True}
    image = {"tgi": {**TGI_IMAGE["tgi"], **settings, "maxTotalTokens": None}}
    fleet.create(model={"image": image, "env": {"QUANTIZE": "fp8"}})
    fleet.tick()
    assert fleet.launcher.last.order.env == {
        "MAX_INPUT_LENGTH": "20",
        "QUANTIZE": "fp8",
        "DISABLE_CUSTOM_KERNELS": "true",
    }


def test_arguments_come_behind_those_of_the_image(
    fleet: Fleet, repositories: dict[str, Repository], monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking = replace(repositories[MODEL_ID], dialects=("vllm",))
    monkeypatch.setitem(REPOSITORIES, MODEL_ID, speaking)
    image = {"vLLM": {"url": "vllm/vllm-openai:latest", "tensorParallelSize": 1}}
    fleet.create(model={"image": image, "args": ["--max-model-len", "64"]})
    fleet.tick()
    order = fleet.launcher.last.order
    assert order.dialect == "vllm"
    assert order.args == ["--tensor-parallel-size=1", "--max-model-len", "64"]


@pytest.mark.parametrize("framework", ["pytorch", "diffusers", "custom"])
def test_the_default_image_runs_the_toolkit(fleet: Fleet, pictures: str, framework: str) -> None:
    model = {"repository": pictures, "image": {"huggingface": {}}, "framework": framework}
    endpoint = fleet.running(model={**model, "task": "text-to-image"})
    order = fleet.launcher.last.order
    assert (order.dialect, order.health_route) == ("toolkit", "/health")
    assert endpoint.spec.image_url == ""


def test_what_is_served_is_looked_up_once(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = fleet.create()
    before = endpoint.to_object("")
    monkeypatch.delitem(REPOSITORIES, MODEL_ID)
    monkeypatch.setattr(hardware, "COMPUTES", ())
    assert endpoint.to_object("") == before
    assert fleet.start(endpoint).meter.price_now() == PRICE


# Draining.


def test_replicas_drain_for_a_moment_that_costs_nothing(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=3)
    fleet.lifecycle.scale_to_zero(endpoint)
    assert fleet.serving(endpoint) == [fleet.launcher.last]
    assert (endpoint.ready_replica, endpoint.meter.price_now()) == (0, 0)
    fleet.clock.advance(seconds=4.9)
    fleet.tick()
    assert fleet.serving(endpoint) == [fleet.launcher.last]
    fleet.clock.advance(seconds=0.2)
    assert fleet.serving(endpoint) == []
    fleet.tick()
    assert fleet.launcher.last.stopped
    assert fleet.cost(endpoint) == pytest.approx(3)


def test_the_moment_is_measured_in_local_minutes(
    tmp_path: Path, repositories: dict[str, Repository]
) -> None:
    fleet = Fleet(tmp_path / "state.sqlite3", ManualClock(minute=1.0))
    endpoint = fleet.running()
    fleet.lifecycle.scale_to_zero(endpoint)
    fleet.clock.advance(seconds=0.1)
    fleet.tick()
    assert fleet.launcher.last.stopped


def test_what_a_replica_has_accepted_it_finishes(fleet: Fleet) -> None:
    endpoint = fleet.running()
    replica = fleet.launcher.last
    replica.in_flight = 1
    fleet.lifecycle.scale_to_zero(endpoint)
    fleet.clock.advance(seconds=20)
    fleet.tick()
    assert not replica.stopped and fleet.serving(endpoint) == []
    replica.in_flight = 0
    fleet.tick()
    assert replica.stopped


def test_a_request_that_does_not_end_is_not_waited_for_for_ever(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.launcher.last.in_flight = 1
    fleet.lifecycle.scale_to_zero(endpoint)
    fleet.lifecycle.wake(endpoint)
    fleet.clock.advance(seconds=36)
    fleet.tick()
    assert fleet.launcher.last.stopped


def test_a_replica_that_was_not_ready_does_not_drain(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.lifecycle.scale_to_zero(endpoint)
    assert fleet.launcher.last.stopped
    fleet.lifecycle.wake(endpoint)
    assert endpoint.state == "initializing"


@pytest.mark.parametrize("stop", ["pause", "delete", "scale_to_zero"])
def test_nothing_drains_on(fleet: Fleet, stop: str) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.scale_to_zero(endpoint)
    getattr(fleet.lifecycle, stop)(endpoint)
    assert fleet.launcher.last.stopped
    assert fleet.serving(endpoint) == []


def test_the_end_of_the_service_ends_a_drain(fleet: Fleet) -> None:
    fleet.lifecycle.scale_to_zero(fleet.running())
    fleet.lifecycle.shut_down()
    assert fleet.launcher.last.stopped


# Dead replicas.


def test_a_dead_replica_of_a_running_endpoint_is_replaced(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 2, "maxReplica": 2})
    survivor, dead = fleet.launcher.launched
    dead.die("killed")
    fleet.tick()
    assert (endpoint.state, endpoint.ready_replica) == ("running", 1)
    assert len(fleet.launcher.launched) == 3
    assert not survivor.stopped
    fleet.launcher.last.become_ready()
    fleet.tick()
    assert endpoint.ready_replica == 2


def test_two_that_die_at_once_are_both_replaced(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 3, "maxReplica": 3})
    first, survivor, third = fleet.launcher.launched
    first.die("killed")
    third.die("killed")
    fleet.tick()
    names = [f"{endpoint.deployment}-{replica}" for replica in ("r0003", survivor.id, "r0004")]
    assert list(fleet.lifecycle.deployment(endpoint).ids()) == names


def test_it_gives_up_after_several_crashes_in_ten_minutes(fleet: Fleet) -> None:
    endpoint = fleet.running()
    for _ in range(3):
        fleet.launcher.last.die("segmentation fault")
        fleet.tick()
        assert endpoint.state == "running"
        fleet.launcher.last.become_ready()
        fleet.tick()
    fleet.launcher.last.die("segmentation fault")
    fleet.tick()
    assert endpoint.state == "failed"
    assert "segmentation fault" in endpoint.error_message
    assert endpoint.meter.price_now() == 0


def test_old_crashes_are_forgiven(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 1})
    for _ in range(10):
        fleet.launcher.last.die()
        fleet.tick()
        fleet.launcher.last.become_ready()
        fleet.tick()
        fleet.clock.advance(minutes=4)
    assert endpoint.state == "running"


def test_a_new_deployment_starts_with_a_clean_record(fleet: Fleet) -> None:
    endpoint = fleet.running()
    for _ in range(4):
        fleet.launcher.last.die()
        fleet.tick()
        fleet.launcher.last.become_ready()
    assert endpoint.state == "failed"
    fleet.lifecycle.update(endpoint, make_spec())
    fleet.start(endpoint)
    fleet.launcher.last.die()
    fleet.tick()
    assert endpoint.state == "running"


# Logs.


def test_logs_of_all_replicas_and_of_the_last_one_that_is_gone(fleet: Fleet) -> None:
    endpoint = fleet.running()
    deployment = fleet.lifecycle.deployment(endpoint)
    (first,) = deployment.ids()
    fleet.launcher.last.say("one", "two", "three")
    assert deployment.logs()[first].tail(2) == ["two", "three"]
    fleet.lifecycle.pause(endpoint)
    assert deployment.logs()[first].tail(2) == ["two", "three"]
    for _ in range(3):
        fleet.lifecycle.resume(endpoint)
        fleet.start(endpoint)
        fleet.lifecycle.pause(endpoint)
    assert len(deployment.logs()) == 4 and first in deployment.logs()
    fleet.lifecycle.resume(endpoint)
    fleet.start(endpoint)
    assert len(deployment.logs()) == 4 and first not in deployment.logs()


def test_logs_end_with_their_endpoint(fleet: Fleet) -> None:
    kept, deleted = fleet.running("kept-one"), fleet.running("deleted-one")
    assert fleet.launcher.last.order.endpoint_id == deleted.id
    fleet.lifecycle.pause(kept)
    fleet.lifecycle.delete(deleted)
    fleet.tick()
    assert fleet.launcher.forgotten == [], "it can be read for another moment"
    fleet.clock.advance(seconds=1.1)
    fleet.tick(2)
    assert fleet.launcher.forgotten == [deleted.id]
