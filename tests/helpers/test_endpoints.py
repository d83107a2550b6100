"""Get or create, wait, pause: against a service whose time the test moves."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import httpx2
import huggingface_hub
import pytest
from huggingface_hub import InferenceEndpoint, get_inference_endpoint
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from helpers import (
    CourseError,
    EndpointFailedError,
    EndpointStoppedError,
    EndpointTimeoutError,
    RepositoryMismatchError,
    get_or_create_endpoint,
    pause_on_exit,
    wait_until_running,
)

from ..fakes import MODEL_ID, Service, make_spec
from .conftest import Health

NAME = "an-endpoint"
endpoints: Any = import_module("helpers.endpoints")


class Time:
    """A clock for ``wait_until_running``: sleeping moves it, and the service with it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.seconds = 0.0
        self.naps: list[float] = []
        self.while_asleep: Callable[[], None] = service.tick

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds
        self.while_asleep()

    @property
    def options(self) -> dict[str, Any]:
        return {"now": self.now, "sleep": self.sleep}


@pytest.fixture
def time(connected: Service) -> Time:
    return Time(connected)


def fetch() -> InferenceEndpoint:
    return get_inference_endpoint(NAME)


# wait_until_running.


def test_waits_through_all_states(connected: Service, health: Health, time: Time) -> None:
    connected.create(NAME)
    endpoint = fetch()
    assert endpoint.status == "pending"
    assert wait_until_running(endpoint, **time.options) is endpoint
    assert endpoint.status == "running"
    assert health.asked == 1


def test_one_that_runs_is_not_waited_for(connected: Service, health: Health, time: Time) -> None:
    connected.create_running(NAME)
    wait_until_running(fetch(), **time.options)
    assert time.naps == []


def test_running_is_not_enough(connected: Service, health: Health, time: Time) -> None:
    connected.create_running(NAME)
    health.status = 503

    def heal() -> None:
        if len(time.naps) == 3:
            health.status = 200

    time.while_asleep = heal
    wait_until_running(fetch(), refresh_every=2.0, **time.options)
    assert time.naps == [2.0, 2.0, 2.0]


def test_a_container_that_cannot_be_reached_is_not_ready(
    connected: Service, health: Health, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected.create_running(NAME)
    endpoint = fetch()
    reachable = endpoints.get_session()

    class Unreachable:
        def get(self, *arguments: Any, **options: Any) -> Any:
            assert options["timeout"] is not None, "a health route that hangs must not hang us"
            raise httpx2.ConnectTimeout("no route")

    monkeypatch.setattr(endpoints, "get_session", Unreachable)
    time.while_asleep = lambda: monkeypatch.setattr(endpoints, "get_session", lambda: reachable)
    wait_until_running(endpoint, **time.options)
    assert len(time.naps) == 1


def test_the_wait_is_bounded(connected: Service, health: Health, time: Time) -> None:
    connected.launcher.ready = False
    connected.create(NAME)
    with pytest.raises(EndpointTimeoutError) as caught:
        wait_until_running(fetch(), timeout=5, refresh_every=1, **time.options)
    assert 5 <= time.seconds <= 6
    assert caught.value.endpoint_name == NAME
    text = str(caught.value)
    assert "initializing" in text
    assert "$0.80 per hour" in text
    assert "endpoint.pause()" in text


def test_a_failure_shows_the_end_of_the_log(connected: Service, health: Health, time: Time) -> None:
    connected.launcher.ready = False
    connected.create(NAME)

    def crash() -> None:
        connected.tick()
        if len(time.naps) == 2:
            connected.launcher.last.die("loading", "CUDA out of memory")

    time.while_asleep = crash
    with pytest.raises(EndpointFailedError) as caught:
        wait_until_running(fetch(), **time.options)
    assert "CUDA out of memory" in caught.value.log_tail
    assert "CUDA out of memory" in str(caught.value)
    assert "failed" in str(caught.value)


def test_a_failed_update_is_a_failure_too(connected: Service, health: Health, time: Time) -> None:
    endpoint = connected.create_running(NAME)
    connected.launcher.ready = False
    connected.server.call(lambda: connected.lifecycle.update(endpoint, make_spec(tags=["x"])))
    connected.tick()
    connected.launcher.last.die("bad settings")
    connected.tick()
    with pytest.raises(EndpointFailedError, match="updateFailed"):
        wait_until_running(fetch(), **time.options)


@pytest.mark.parametrize(
    ("stop", "state"), [("pause", "paused"), ("scale_to_zero", "scaledToZero")]
)
def test_what_never_comes_is_not_waited_for(
    connected: Service, health: Health, time: Time, stop: str, state: str
) -> None:
    endpoint = connected.create_running(NAME)
    connected.server.call(lambda: getattr(connected.lifecycle, stop)(endpoint))
    with pytest.raises(EndpointStoppedError, match=state):
        wait_until_running(fetch(), **time.options)
    assert time.naps == []


def test_an_interrupt_says_what_goes_on_billing(
    connected: Service, health: Health, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    connected.create(NAME)
    connected.launcher.ready = False

    def interrupt() -> None:
        connected.tick()
        if len(time.naps) == 2:
            raise KeyboardInterrupt

    time.while_asleep = interrupt
    with pytest.raises(KeyboardInterrupt):
        wait_until_running(fetch(), **time.options)
    text = capsys.readouterr().err
    assert "interrupted" in text
    assert "$0.80 per hour" in text
    assert "endpoint.pause()" in text
    assert connected.lifecycle.get("local-user", NAME).state == "initializing"


def test_the_last_line_tells_the_result(
    connected: Service, health: Health, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    connected.create(NAME)
    wait_until_running(fetch(), **time.options)
    assert capsys.readouterr().err.splitlines() == [f"{NAME}: running"]


def test_the_wait_shows_what_it_has_cost(
    connected: Service, health: Health, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(endpoints.Progress, "show", lambda self, text: shown.append(text))
    connected.create(NAME)
    time.while_asleep = lambda: connected.tick() if time.seconds >= 90 else None
    wait_until_running(fetch(), refresh_every=45.0, **time.options)
    # An L4 costs $0.80 per hour; of a ManualClock's minutes of 60 s, each started one counts.
    assert shown[0] == "pending, 0 s, up to $0.00 so far"
    assert shown[2].endswith("90 s, up to $0.03 so far")


def test_a_deleted_endpoint_ends_the_wait(connected: Service, health: Health, time: Time) -> None:
    endpoint = connected.create(NAME)

    def delete() -> None:
        if endpoint.deleted_at is None:
            connected.server.call(lambda: connected.lifecycle.delete(endpoint))
        connected.clock.advance(minutes=1)
        connected.tick()

    time.while_asleep = delete
    with pytest.raises(HfHubHTTPError) as caught:
        wait_until_running(fetch(), **time.options)
    assert caught.value.response.status_code == 404


# get_or_create_endpoint.


@pytest.fixture
def ticking(connected: Service, health: Health, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service moves by itself, and nobody waits half a second between two looks."""
    connected.keep_ticking()
    wait = endpoints.wait_until_running

    def impatient(endpoint: InferenceEndpoint, **options: Any) -> InferenceEndpoint:
        waited: InferenceEndpoint = wait(endpoint, refresh_every=0.01, **options)
        return waited

    monkeypatch.setattr(endpoints, "wait_until_running", impatient)
    return connected


def change(service: Service, name: str) -> None:
    endpoint = service.lifecycle.get("local-user", NAME)
    service.server.call(lambda: getattr(service.lifecycle, name)(endpoint))


def test_created_if_there_is_none(ticking: Service, wanted: dict[str, Any]) -> None:
    endpoint = get_or_create_endpoint(NAME, timeout=20, tags=["course"], **wanted)
    assert endpoint.status == "running"
    assert endpoint.repository == MODEL_ID
    assert endpoint.raw["tags"] == ["course"]


def test_created_in_the_namespace(ticking: Service, wanted: dict[str, Any]) -> None:
    endpoint = get_or_create_endpoint(NAME, timeout=20, namespace="local-class", **wanted)
    assert endpoint.namespace == "local-class"
    assert [item.namespace for item in ticking.lifecycle.list_endpoints()] == ["local-class"]


@pytest.mark.parametrize("state", ["pending", "running", "paused", "scaledToZero", "updating"])
def test_whatever_state_it_is_in(ticking: Service, wanted: dict[str, Any], state: str) -> None:
    first = get_or_create_endpoint(NAME, timeout=20, **wanted)
    if state == "pending":
        change(ticking, "pause")
        change(ticking, "resume")
    elif state == "paused":
        change(ticking, "pause")
    elif state == "scaledToZero":
        change(ticking, "scale_to_zero")
        ticking.clock.advance(seconds=5)
    elif state == "updating":
        first.update(instance_size="x4")
    again = get_or_create_endpoint(NAME, timeout=20, **wanted)
    assert again.status == "running"
    assert again.url == first.url
    assert len(ticking.lifecycle.list_endpoints()) == 1


def test_a_failed_one_is_an_error(ticking: Service, wanted: dict[str, Any]) -> None:
    ticking.launcher.ready = False
    endpoint = ticking.create(NAME)
    while not ticking.launcher.launched:
        ticking.tick()
    ticking.launcher.last.die("out of memory")
    ticking.tick()
    assert endpoint.state == "failed"
    with pytest.raises(EndpointFailedError, match="out of memory"):
        get_or_create_endpoint(NAME, timeout=20, **wanted)


def test_another_repository_is_never_handed_over(ticking: Service, wanted: dict[str, Any]) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    change(ticking, "pause")
    with pytest.raises(RepositoryMismatchError, match="open-models/tiny") as caught:
        get_or_create_endpoint(NAME, timeout=20, **{**wanted, "repository": "open-models/tiny"})
    assert caught.value.endpoint_name == NAME
    assert ticking.lifecycle.get("local-user", NAME).state == "paused", "nor started"


def test_somebody_else_creates_it_in_between(
    ticking: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    create = endpoints.create_inference_endpoint

    def second(*arguments: Any, **options: Any) -> InferenceEndpoint:
        create(*arguments, **options)
        endpoint: InferenceEndpoint = create(*arguments, **options)
        return endpoint

    monkeypatch.setattr(endpoints, "create_inference_endpoint", second)
    assert get_or_create_endpoint(NAME, timeout=20, **wanted).status == "running"


def test_one_deleted_a_moment_ago_is_created_again(
    ticking: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted).pause().delete()
    read = endpoints.get_inference_endpoint

    def read_too_early(*arguments: Any, **options: Any) -> InferenceEndpoint:
        endpoint: InferenceEndpoint = read(*arguments, **options)
        ticking.clock.advance(minutes=1)
        ticking.server.call(ticking.lifecycle.tick)
        return endpoint

    monkeypatch.setattr(endpoints, "get_inference_endpoint", read_too_early)
    assert get_or_create_endpoint(NAME, timeout=20, **wanted).status == "running"


def test_a_conflict_over_quota_stays_one(ticking: Service, wanted: dict[str, Any]) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        get_or_create_endpoint(NAME, timeout=20, max_replica=8, **{**wanted, "instance_size": "x4"})
    assert "Quota exceeded" in str(caught.value)


def test_refusals_pass_through(ticking: Service, wanted: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError, match="not available yet"):
        get_or_create_endpoint(NAME, timeout=20, **{**wanted, "instance_type": "nvidia-z9"})


def test_beyond_the_first_twenty_of_the_list(ticking: Service, wanted: dict[str, Any]) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    change(ticking, "pause")
    for number in range(25):
        ticking.clock.advance(seconds=1)
        other = ticking.create(f"other-{number}")
        ticking.server.call(lambda other=other: ticking.lifecycle.pause(other))  # type: ignore[misc]
    assert NAME not in {item.name for item in huggingface_hub.list_inference_endpoints()}
    assert get_or_create_endpoint(NAME, timeout=20, **wanted).status == "running"


# pause_on_exit.


@pytest.fixture
def running(connected: Service, health: Health) -> InferenceEndpoint:
    connected.create_running(NAME)
    return fetch()


def state_of(service: Service) -> str:
    return service.lifecycle.get("local-user", NAME).state


def test_paused_at_the_end(connected: Service, running: InferenceEndpoint) -> None:
    with pause_on_exit(running) as endpoint:
        assert endpoint is running
        assert state_of(connected) == "running"
    assert state_of(connected) == "paused"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_paused_after_an_error_too(
    connected: Service, running: InferenceEndpoint, error: type[BaseException]
) -> None:
    with pytest.raises(error, match="of the block"), pause_on_exit(running):
        raise error("of the block")
    assert state_of(connected) == "paused"


def test_a_deleted_one_is_left_alone(connected: Service, running: InferenceEndpoint) -> None:
    with pause_on_exit(running):
        running.delete()
        connected.clock.advance(minutes=1)
        connected.tick()
    assert connected.lifecycle.list_endpoints() == []


def test_one_deleted_a_moment_ago_is_left_alone(
    connected: Service, running: InferenceEndpoint
) -> None:
    with pause_on_exit(running):
        running.delete()


def test_a_failed_one_is_left_alone(connected: Service, running: InferenceEndpoint) -> None:
    with pytest.raises(ValueError, match="of the block"), pause_on_exit(running):
        for _ in range(4):
            connected.launcher.last.die("segmentation fault")
            connected.tick()
            connected.launcher.last.become_ready()
        assert state_of(connected) == "failed"
        raise ValueError("of the block")
    assert state_of(connected) == "failed"


def test_one_that_cannot_be_paused_is_loud(
    connected: Service,
    running: InferenceEndpoint,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(HfHubHTTPError), pause_on_exit(running):
        monkeypatch.setattr(connected.access, "_tokens", {})
    assert "still_billing()" in capsys.readouterr().err
    assert state_of(connected) == "running"


def test_all_errors_of_the_helpers_have_one_base() -> None:
    for kind in (EndpointFailedError, EndpointStoppedError, EndpointTimeoutError):
        assert issubclass(kind, CourseError)
