from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.lifecycle import Lifecycle
from local_endpoints.control_plane.store import Store
from local_endpoints.errors import ApiError
from local_endpoints.repositories import REPOSITORIES, Repository
from tests.fakes import MODEL_ID, TGI_IMAGE, FakeLauncher, make_spec

PRICE = 0.8  # USD per hour of the hardware in make_spec()


@dataclass
class Fleet:
    """A lifecycle with everything around it."""

    path: Path
    clock: ManualClock
    launcher: FakeLauncher = field(default_factory=FakeLauncher)

    def __post_init__(self) -> None:
        self.store = Store(self.path, self.clock)
        self.store.load()
        self.lifecycle = Lifecycle(store=self.store, launcher=self.launcher, clock=self.clock)

    def create(self, name: str = "an-endpoint", **changes: Any) -> Endpoint:
        return self.lifecycle.create(
            namespace="local-user", user="local-user", spec=make_spec(name, **changes)
        )

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.lifecycle.tick()

    def start(self, endpoint: Endpoint) -> Endpoint:
        """Bring it to ``running``."""
        self.tick()
        for replica in self.launcher.running:
            replica.become_ready()
        self.tick(2)
        assert endpoint.state == "running"
        return endpoint

    def running(self, name: str = "an-endpoint", **changes: Any) -> Endpoint:
        return self.start(self.create(name, **changes))

    def at_zero(self) -> Endpoint:
        endpoint = self.running()
        self.lifecycle.scale_to_zero(endpoint)
        self.clock.advance(seconds=5)
        return endpoint

    def paused(self) -> Endpoint:
        endpoint = self.running()
        self.lifecycle.pause(endpoint)
        return endpoint

    def failed(self) -> Endpoint:
        endpoint = self.create()
        self.tick()
        self.launcher.last.die("out of memory")
        self.tick()
        assert endpoint.state == "failed"
        return endpoint

    def update_failed(self) -> Endpoint:
        endpoint = self.running()
        self.lifecycle.update(endpoint, make_spec(tags=["new"]))
        self.tick()
        self.launcher.last.die("bad settings")
        self.tick()
        assert endpoint.state == "updateFailed"
        return endpoint

    def cost(self, endpoint: Endpoint) -> float:
        """What it has cost, in minutes of one replica."""
        return endpoint.meter.total(self.clock) / PRICE * 60


@pytest.fixture
def fleet(tmp_path: Path, clock: ManualClock, repositories: dict[str, Repository]) -> Fleet:
    return Fleet(tmp_path / "state.json", clock)


def refusal(status: int, call: Callable[[], Any]) -> str:
    with pytest.raises(ApiError) as caught:
        call()
    assert caught.value.status == status
    return str(caught.value)


# Starting.


def test_from_pending_through_initializing_to_running(fleet: Fleet) -> None:
    endpoint = fleet.create()
    assert (endpoint.state, endpoint.ready_replica, endpoint.target_replica) == ("pending", 0, 1)
    fleet.tick()
    assert endpoint.state == "initializing"
    fleet.tick(5)
    assert endpoint.state == "initializing", "no replica is ready"
    fleet.launcher.last.become_ready()
    fleet.tick()
    assert (endpoint.state, endpoint.ready_replica, endpoint.target_replica) == ("running", 1, 1)


def test_it_runs_when_all_replicas_are_ready(fleet: Fleet) -> None:
    endpoint = fleet.create(scaling={"minReplica": 2, "maxReplica": 2})
    fleet.tick()
    first, second = fleet.launcher.launched
    first.become_ready()
    fleet.tick()
    assert (endpoint.state, endpoint.ready_replica) == ("initializing", 1)
    second.become_ready()
    fleet.tick()
    assert (endpoint.state, endpoint.ready_replica) == ("running", 2)


def test_a_container_that_is_never_healthy_stays_initializing(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.clock.advance(minutes=600)
    fleet.tick()
    assert endpoint.state == "initializing"


def test_a_crash_while_starting_is_a_failure_with_the_end_of_the_log(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.launcher.last.die("loading", "CUDA out of memory")
    fleet.tick()
    assert endpoint.state == "failed"
    assert "CUDA out of memory" in endpoint.error_message
    assert fleet.lifecycle.log_tail(endpoint, 1) == ["CUDA out of memory"]
    fleet.tick(5)
    assert len(fleet.launcher.launched) == 1, "nobody tries again"


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


@pytest.fixture
def pictures(repositories: dict[str, Repository], monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository that the toolkit serves."""
    name = "open-models/pictures"
    repository = replace(
        repositories["open-models/tiny"],
        id=name,
        task="text-to-image",
        framework="diffusers",
        dialects=("toolkit",),
    )
    monkeypatch.setitem(REPOSITORIES, name, repository)
    return name


@pytest.mark.parametrize("framework", ["pytorch", "diffusers", "custom"])
def test_the_default_image_runs_the_toolkit(fleet: Fleet, pictures: str, framework: str) -> None:
    model = {"repository": pictures, "image": {"huggingface": {}}, "framework": framework}
    endpoint = fleet.running(model={**model, "task": "text-to-image"})
    order = fleet.launcher.last.order
    assert (order.dialect, order.health_route) == ("toolkit", "/health")
    assert endpoint.spec.image_url == ""


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


# Refusals of create.


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


# Quota: eight L4 accelerators.


def test_quota_counts_accelerators_of_the_most_replicas(fleet: Fleet) -> None:
    fleet.create("four-l4", compute={"instanceSize": "x4"})
    fleet.create("three-l4", scaling={"maxReplica": 3})
    assert fleet.lifecycle.used_accelerators("local-user") == {("aws", "nvidia-l4"): 7}
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


# Pause, resume, scale to zero.


@pytest.mark.parametrize(
    "prepare", [Fleet.create, Fleet.running, Fleet.at_zero, Fleet.paused, Fleet.update_failed]
)
def test_pause(fleet: Fleet, prepare: Callable[[Fleet], Endpoint]) -> None:
    endpoint = prepare(fleet)
    fleet.lifecycle.pause(endpoint)
    assert endpoint.state == "paused"
    assert (endpoint.ready_replica, endpoint.target_replica) == (0, 0)
    assert all(replica.stopped for replica in fleet.launcher.running)
    fleet.clock.advance(minutes=60)
    fleet.tick(3)
    assert endpoint.state == "paused"


def test_pausing_keeps_the_scaling_settings(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 2, "maxReplica": 3})
    before = endpoint.to_object("")["compute"]
    fleet.lifecycle.pause(endpoint)
    assert endpoint.to_object("")["compute"] == before
    fleet.lifecycle.resume(endpoint)
    assert endpoint.to_object("")["compute"] == before
    assert endpoint.target_replica == 2


def test_resume_from_paused_starts_all_over_under_the_same_url(fleet: Fleet) -> None:
    endpoint = fleet.paused()
    identity = endpoint.id
    fleet.lifecycle.resume(endpoint)
    assert (endpoint.state, endpoint.target_replica) == ("pending", 1)
    fleet.start(endpoint)
    assert endpoint.id == identity


def test_resume_from_zero_skips_the_queue(fleet: Fleet) -> None:
    endpoint = fleet.at_zero()
    fleet.lifecycle.resume(endpoint)
    assert endpoint.state == "initializing"
    fleet.start(endpoint)


@pytest.mark.parametrize("prepare", [Fleet.create, Fleet.running])
def test_resume_of_one_that_is_up_says_what_the_client_looks_for(
    fleet: Fleet, prepare: Callable[[Fleet], Endpoint]
) -> None:
    endpoint = prepare(fleet)
    assert "already running" in refusal(400, lambda: fleet.lifecycle.resume(endpoint))


@pytest.mark.parametrize("prepare", [Fleet.failed, Fleet.update_failed])
def test_failed_ones_cannot_be_resumed(fleet: Fleet, prepare: Callable[[Fleet], Endpoint]) -> None:
    endpoint = prepare(fleet)
    assert "Invalid state" in refusal(400, lambda: fleet.lifecycle.resume(endpoint))


def test_a_failed_one_can_neither_be_paused_nor_scaled(fleet: Fleet) -> None:
    endpoint = fleet.failed()
    assert "Invalid state" in refusal(400, lambda: fleet.lifecycle.pause(endpoint))
    assert "Invalid state" in refusal(400, lambda: fleet.lifecycle.scale_to_zero(endpoint))
    assert endpoint.state == "failed"


def test_a_paused_one_cannot_be_scaled(fleet: Fleet) -> None:
    endpoint = fleet.paused()
    assert "Invalid state" in refusal(400, lambda: fleet.lifecycle.scale_to_zero(endpoint))


def test_scale_to_zero_by_hand(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.scale_to_zero(endpoint)
    assert (endpoint.state, endpoint.target_replica) == ("scaledToZero", 0)
    fleet.clock.advance(seconds=5)
    fleet.tick(3)
    assert fleet.launcher.last.stopped
    assert endpoint.state == "scaledToZero"


def test_replicas_drain_for_a_moment_that_costs_nothing(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=3)
    fleet.lifecycle.scale_to_zero(endpoint)
    assert fleet.lifecycle.serving(endpoint) == [fleet.launcher.last]
    assert (endpoint.ready_replica, endpoint.meter.price_now()) == (0, 0)
    fleet.clock.advance(seconds=4.9)
    fleet.tick()
    assert fleet.lifecycle.serving(endpoint) == [fleet.launcher.last]
    fleet.clock.advance(seconds=0.2)
    assert fleet.lifecycle.serving(endpoint) == []
    fleet.tick()
    assert fleet.launcher.last.stopped
    assert fleet.cost(endpoint) == pytest.approx(3)


def test_the_moment_is_measured_in_local_minutes(
    tmp_path: Path, repositories: dict[str, Repository]
) -> None:
    fleet = Fleet(tmp_path / "state.json", ManualClock(minute=1.0))
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
    assert not replica.stopped and fleet.lifecycle.serving(endpoint) == []
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


def test_resume_while_replicas_drain_is_refused(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.scale_to_zero(endpoint)
    text = refusal(400, lambda: fleet.lifecycle.resume(endpoint))
    assert text == "Bad Request: workload is not stopped"
    fleet.clock.advance(seconds=5)
    fleet.lifecycle.resume(endpoint)
    assert endpoint.state == "initializing"


def test_resume_during_an_update_is_refused(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.update(endpoint, make_spec(tags=["new"]))
    text = refusal(400, lambda: fleet.lifecycle.resume(endpoint))
    assert text == "Bad Request: workload is not stopped"


@pytest.mark.parametrize("stop", ["pause", "delete", "scale_to_zero"])
def test_nothing_drains_on(fleet: Fleet, stop: str) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.scale_to_zero(endpoint)
    getattr(fleet.lifecycle, stop)(endpoint)
    assert fleet.launcher.last.stopped
    assert fleet.lifecycle.serving(endpoint) == []


def test_the_end_of_the_service_ends_a_drain(fleet: Fleet) -> None:
    fleet.lifecycle.scale_to_zero(fleet.running())
    fleet.lifecycle.shut_down()
    assert fleet.launcher.last.stopped


# Scale to zero by itself, and wake-up.


def test_idle_endpoints_scale_to_zero_after_the_time_out(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"scaleToZeroTimeout": 20})
    fleet.clock.advance(minutes=20, seconds=-1)
    fleet.tick()
    assert endpoint.state == "running"
    fleet.clock.advance(seconds=1)
    fleet.tick()
    assert endpoint.state == "scaledToZero"
    fleet.clock.advance(seconds=5)
    fleet.tick()
    assert fleet.launcher.last.stopped


def test_the_idle_time_begins_when_it_runs(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.clock.advance(minutes=100)
    fleet.launcher.last.become_ready()
    fleet.tick(2)
    assert endpoint.state == "running"


def test_requests_prolong_the_idle_time(fleet: Fleet) -> None:
    endpoint = fleet.running()
    for _ in range(5):
        fleet.clock.advance(minutes=10)
        fleet.lifecycle.touch(endpoint)
        fleet.tick()
    assert endpoint.state == "running"


def test_a_request_in_flight_keeps_it_up(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.deployment(endpoint).in_flight = 1
    fleet.clock.advance(minutes=500)
    fleet.tick()
    assert endpoint.state == "running"
    fleet.lifecycle.deployment(endpoint).in_flight = 0
    fleet.lifecycle.touch(endpoint)
    fleet.tick()
    assert endpoint.state == "running", "the idle time starts at the end of the request"
    fleet.clock.advance(minutes=15)
    fleet.tick()
    assert endpoint.state == "scaledToZero"


def test_with_a_minimum_of_replicas_it_never_scales_to_zero(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 1})
    fleet.clock.advance(minutes=100_000)
    fleet.tick()
    assert endpoint.state == "running"


def test_idle_time_counts_local_minutes(
    tmp_path: Path, repositories: dict[str, Repository]
) -> None:
    fleet = Fleet(tmp_path / "state.json", ManualClock(minute=1.0))
    endpoint = fleet.running()
    fleet.clock.advance(seconds=15)
    fleet.tick()
    assert endpoint.state == "scaledToZero"


def test_a_request_wakes_it(fleet: Fleet) -> None:
    endpoint = fleet.at_zero()
    fleet.lifecycle.wake(endpoint)
    assert endpoint.state == "initializing"
    before = len(fleet.launcher.launched)
    fleet.lifecycle.wake(endpoint)
    fleet.start(endpoint)
    assert len(fleet.launcher.launched) == before + 1


@pytest.mark.parametrize("prepare", [Fleet.paused, Fleet.failed, Fleet.running])
def test_a_request_wakes_nothing_else(fleet: Fleet, prepare: Callable[[Fleet], Endpoint]) -> None:
    endpoint = prepare(fleet)
    state = endpoint.state
    fleet.lifecycle.wake(endpoint)
    assert endpoint.state == state


# Update.


def test_update_passes_through_updating_with_fresh_replicas(fleet: Fleet) -> None:
    endpoint = fleet.running()
    old = fleet.launcher.last
    deployment = endpoint.deployment
    fleet.lifecycle.update(endpoint, make_spec(compute={"instanceSize": "x4"}))
    assert (endpoint.state, endpoint.ready_replica, endpoint.target_replica) == ("updating", 0, 1)
    assert old.stopped
    fleet.start(endpoint)
    assert endpoint.compute.instance_size == "x4"
    assert endpoint.deployment != deployment
    assert endpoint.meter.price_now() == 3.8


def test_a_failing_update_is_update_failed(fleet: Fleet) -> None:
    endpoint = fleet.update_failed()
    assert "bad settings" in endpoint.error_message
    assert endpoint.meter.price_now() == 0
    fleet.lifecycle.update(endpoint, make_spec())
    assert (endpoint.state, endpoint.error_message) == ("updating", "")
    fleet.start(endpoint)


def test_a_failed_endpoint_may_be_updated(fleet: Fleet) -> None:
    endpoint = fleet.failed()
    fleet.lifecycle.update(endpoint, make_spec(compute={"instanceSize": "x4"}))
    assert endpoint.state == "updating"
    fleet.start(endpoint)


@pytest.mark.parametrize(
    ("prepare", "state"), [(Fleet.paused, "paused"), (Fleet.at_zero, "scaledToZero")]
)
def test_updating_one_that_is_down_does_not_start_it(
    fleet: Fleet, prepare: Callable[[Fleet], Endpoint], state: str
) -> None:
    endpoint = prepare(fleet)
    fleet.clock.advance(minutes=1)
    fleet.lifecycle.update(endpoint, make_spec(tags=["new"]))
    fleet.tick(2)
    assert endpoint.state == state
    assert endpoint.updated_at == fleet.clock.now()
    fleet.lifecycle.resume(endpoint)
    assert fleet.start(endpoint).spec.tags == ["new"]


def test_a_refused_update_leaves_a_running_endpoint_alone(fleet: Fleet) -> None:
    endpoint = fleet.running()
    refusal(404, lambda: fleet.lifecycle.update(endpoint, make_spec(model={"revision": "x"})))
    assert endpoint.state == "running"
    assert not fleet.launcher.last.stopped


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


# Delete.


def test_deleted_endpoints_can_be_read_for_another_second(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.delete(endpoint)
    assert fleet.launcher.last.stopped
    assert fleet.lifecycle.get("local-user", endpoint.name) is endpoint
    assert fleet.lifecycle.list_endpoints() == []
    assert fleet.lifecycle.by_id(endpoint.id) is None
    fleet.clock.advance(seconds=1.1)
    fleet.tick()
    assert "not found" in refusal(404, lambda: fleet.lifecycle.get("local-user", endpoint.name))
    assert fleet.create(endpoint.name).id != endpoint.id


@pytest.mark.parametrize("change", ["pause", "resume", "scale_to_zero", "delete"])
def test_deleted_endpoints_cannot_be_changed(fleet: Fleet, change: str) -> None:
    endpoint = fleet.running()
    fleet.lifecycle.delete(endpoint)
    assert "not found" in refusal(404, lambda: getattr(fleet.lifecycle, change)(endpoint))
    assert "not found" in refusal(404, lambda: fleet.lifecycle.update(endpoint, make_spec()))
    fleet.tick(3)
    assert all(replica.stopped for replica in fleet.launcher.running)


@pytest.mark.parametrize(
    "prepare", [Fleet.create, Fleet.paused, Fleet.at_zero, Fleet.failed, Fleet.update_failed]
)
def test_any_endpoint_can_be_deleted(fleet: Fleet, prepare: Callable[[Fleet], Endpoint]) -> None:
    endpoint = prepare(fleet)
    fleet.lifecycle.delete(endpoint)
    fleet.clock.advance(minutes=1)
    fleet.tick(3)
    assert fleet.lifecycle.list_endpoints() == []
    assert all(replica.stopped or replica.phase == "exited" for replica in fleet.launcher.launched)


# What it costs.


def test_billing_starts_with_initializing_and_counts_started_minutes(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.clock.advance(minutes=50)
    assert fleet.cost(endpoint) == 0, "pending is free"
    fleet.tick()
    fleet.clock.advance(minutes=2)
    assert fleet.cost(endpoint) == 0, "nothing is owed before it is ready"
    assert endpoint.meter.price_now() == PRICE
    fleet.launcher.last.become_ready()
    fleet.tick()
    assert fleet.cost(endpoint) == pytest.approx(2)
    fleet.clock.advance(seconds=1)
    assert fleet.cost(endpoint) == pytest.approx(3)


def test_a_deployment_that_fails_costs_nothing(fleet: Fleet) -> None:
    endpoint = fleet.create()
    fleet.tick()
    fleet.clock.advance(minutes=30)
    fleet.launcher.last.die()
    fleet.tick()
    fleet.clock.advance(minutes=30)
    assert fleet.cost(endpoint) == 0
    assert endpoint.meter.price_now() == 0


@pytest.mark.parametrize("stop", [Lifecycle.pause, Lifecycle.scale_to_zero, Lifecycle.delete])
def test_stopping_stops_the_bill(fleet: Fleet, stop: Callable[..., None]) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=7)
    stop(fleet.lifecycle, endpoint)
    assert endpoint.meter.price_now() == 0
    fleet.clock.advance(minutes=500)
    fleet.tick()
    assert fleet.cost(endpoint) == pytest.approx(7)


def test_the_bill_goes_on_after_resume(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.clock.advance(minutes=7)
    fleet.lifecycle.pause(endpoint)
    fleet.clock.advance(minutes=500)
    fleet.lifecycle.resume(endpoint)
    fleet.start(endpoint)
    fleet.clock.advance(minutes=3)
    assert fleet.cost(endpoint) == pytest.approx(10)


def test_every_wanted_replica_costs(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 3, "maxReplica": 4})
    fleet.clock.advance(minutes=2)
    assert fleet.cost(endpoint) == pytest.approx(6)


# Restart of the service.


def test_after_a_shutdown_all_are_back_as_paused_with_their_cost(fleet: Fleet) -> None:
    running = fleet.running("running-one")
    fleet.clock.advance(minutes=4)
    fleet.create("pending-one")
    fleet.lifecycle.shut_down()
    assert all(replica.stopped for replica in fleet.launcher.running)
    fleet.clock.advance(minutes=1000)
    again = Fleet(fleet.path, fleet.clock)
    states = {item.name: item.state for item in again.lifecycle.list_endpoints()}
    assert states == {"running-one": "paused", "pending-one": "paused"}
    back = again.lifecycle.get("local-user", "running-one")
    assert back.id == running.id
    assert again.cost(back) == pytest.approx(4)
    again.lifecycle.resume(back)
    again.start(back)
    again.clock.advance(minutes=1)
    assert again.cost(back) == pytest.approx(5)


def test_after_a_crash_the_cost_up_to_the_last_save_is_owed(fleet: Fleet) -> None:
    endpoint = fleet.running(scaling={"minReplica": 1})
    for _ in range(40):
        fleet.clock.advance(minutes=1)
        fleet.tick()
    again = Fleet(fleet.path, fleet.clock)
    back = again.lifecycle.get("local-user", endpoint.name)
    assert back.state == "paused"
    assert 25 <= again.cost(back) <= 40


def test_a_failed_one_is_still_failed_after_a_restart(fleet: Fleet) -> None:
    fleet.failed()
    fleet.lifecycle.shut_down()
    (back,) = Fleet(fleet.path, fleet.clock).lifecycle.list_endpoints()
    assert back.state == "failed"
    assert "out of memory" in back.error_message


# Everything else.


def test_newest_first(fleet: Fleet) -> None:
    for name in ("first-one", "second-one"):
        fleet.create(name)
    fleet.clock.advance(seconds=1)
    fleet.create("third-one")
    names = [endpoint.name for endpoint in fleet.lifecycle.list_endpoints()]
    assert names == ["third-one", "second-one", "first-one"]


def test_logs_of_all_replicas_and_of_the_last_one_that_is_gone(fleet: Fleet) -> None:
    endpoint = fleet.running()
    fleet.launcher.last.lines += ["one", "two", "three"]
    assert fleet.lifecycle.log_tail(endpoint, 2) == ["two", "three"]
    fleet.lifecycle.pause(endpoint)
    assert fleet.lifecycle.log_tail(endpoint, 2) == ["two", "three"]


def test_whoever_waits_for_a_change_is_woken(fleet: Fleet) -> None:
    endpoint = fleet.create()

    def become_ready() -> None:
        fleet.launcher.last.become_ready()
        fleet.tick()

    def die() -> None:
        fleet.launcher.last.die()
        fleet.tick()

    async def woken_by(change: Callable[[], None]) -> str:
        waiter = asyncio.create_task(fleet.lifecycle.changed(3600))
        await asyncio.sleep(0)
        change()
        await asyncio.wait_for(waiter, 10)
        return endpoint.state

    def delete() -> None:
        fleet.lifecycle.delete(endpoint)

    changes = [fleet.tick, become_ready, die, become_ready, delete]
    states = [asyncio.run(woken_by(change)) for change in changes]
    assert states == ["initializing", "running", "running", "running", "running"]


def test_waiting_in_vain_leaves_nothing_behind(fleet: Fleet) -> None:
    async def wait_often() -> None:
        for _ in range(50):
            await fleet.lifecycle.changed(0)

    asyncio.run(wait_often())
    assert len(fleet.lifecycle._waiting) == 0
