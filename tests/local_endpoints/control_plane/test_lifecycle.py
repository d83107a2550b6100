from __future__ import annotations

from collections.abc import Callable

import pytest

from local_endpoints.control_plane import lifecycle
from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import make_spec
from tests.local_endpoints.control_plane.fleet import Fleet, refusal

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
    assert [log.tail(1) for log in fleet.lifecycle.deployment(endpoint).logs().values()] == [
        ["CUDA out of memory"]
    ]
    fleet.tick(5)
    assert len(fleet.launcher.launched) == 1, "nobody tries again"


# Pause, resume, scale to zero.


@pytest.mark.parametrize(
    "prepare", [Fleet.create, Fleet.running, Fleet.at_zero, Fleet.paused, Fleet.update_failed]
)
def test_pause(fleet: Fleet, prepare: Callable[[Fleet], Endpoint]) -> None:
    endpoint = prepare(fleet)
    fleet.lifecycle.pause(endpoint)
    assert endpoint.state == "paused"
    assert (endpoint.ready_replica, endpoint.target_replica) == (0, 0)
    assert fleet.launcher.running == []
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
    assert fleet.launcher.running == []


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


# How many.


def test_a_namespace_has_so_many_endpoints_and_no_more(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "MOST_ENDPOINTS", 2)
    paused = fleet.paused()
    fleet.create("second-one")
    text = refusal(409, lambda: fleet.create("third-one"))
    assert "Quota exceeded: local-user has 2 endpoints, paused ones included" in text
    assert "already exists" in refusal(409, lambda: fleet.create("second-one"))
    spec = make_spec("third-one")
    other = fleet.lifecycle.create(namespace="local-class", user="local-user", spec=spec)
    assert fleet.lifecycle.list_endpoints("local-class") == [other]
    fleet.lifecycle.update(paused, make_spec(tags=["new"]))
    fleet.lifecycle.delete(paused)
    assert fleet.create("third-one").state == "pending", "who is deleted makes room at once"


# List.


def test_newest_first(fleet: Fleet) -> None:
    for name in ("first-one", "second-one"):
        fleet.create(name)
    fleet.clock.advance(seconds=1)
    fleet.create("third-one")
    names = [endpoint.name for endpoint in fleet.lifecycle.list_endpoints()]
    assert names == ["third-one", "second-one", "first-one"]
