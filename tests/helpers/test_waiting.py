"""Waiting for an endpoint, against a service whose time the test moves."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import httpx2
import pytest
from huggingface_hub import InferenceEndpoint, get_inference_endpoint

from helpers import (
    EndpointFailedError,
    EndpointLostError,
    EndpointStoppedError,
    EndpointTimeoutError,
    RefusedError,
    wait_until_running,
    watch,
)
from tests.fakes import Service, make_spec
from tests.helpers.conftest import Health, Time, Trouble

NAME = "an-endpoint"
waiting: Any = import_module("helpers.waiting")


def fetch() -> InferenceEndpoint:
    return get_inference_endpoint(NAME)


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
    reachable = waiting.get_session()

    class Unreachable:
        def get(self, *arguments: Any, **options: Any) -> Any:
            assert options["timeout"] is not None, "a health route that hangs must not hang us"
            raise httpx2.ConnectTimeout("no route")

    monkeypatch.setattr(waiting, "get_session", Unreachable)
    time.while_asleep = lambda: monkeypatch.setattr(waiting, "get_session", lambda: reachable)
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
    assert "get_inference_endpoint('an-endpoint', namespace='local-user').pause()" in text


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
    assert "get_inference_endpoint('an-endpoint', namespace='local-user').pause()" in text
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
    monkeypatch.setattr(waiting.Progress, "show", lambda self, text: shown.append(text))
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
    with pytest.raises(RefusedError) as caught:
        wait_until_running(fetch(), **time.options)
    assert caught.value.status == 404


@pytest.mark.parametrize("answer", [None, 429, 500, 502, 503, 504])
def test_a_service_that_stumbles_is_asked_again(
    connected: Service, health: Health, time: Time, trouble: Trouble, answer: int | None
) -> None:
    endpoint = fetched_while_starting(connected)
    trouble.answers = [answer] * 3
    time.while_asleep = lambda: connected.tick() if not trouble.answers else None
    wait_until_running(endpoint, **time.options)
    assert endpoint.status == "running" and not trouble.answers


@pytest.mark.parametrize("answer", [None, 502])
def test_one_that_stays_away_ends_the_wait_with_what_still_bills(
    connected: Service, health: Health, time: Time, trouble: Trouble, answer: int | None
) -> None:
    endpoint = fetched_while_starting(connected)
    trouble.answers = [answer] * 100
    with pytest.raises(EndpointLostError, match=r"bills up to \$0\.80 per hour") as caught:
        wait_until_running(endpoint, **time.options)
    assert ").pause()" in str(caught.value) and caught.value.endpoint_name == NAME


def test_a_lost_permission_is_said_at_once(
    connected: Service, health: Health, time: Time, trouble: Trouble
) -> None:
    endpoint = fetched_while_starting(connected)
    trouble.answers = [403]
    with pytest.raises(RefusedError, match="upstream connect error") as caught:
        wait_until_running(endpoint, **time.options)
    assert caught.value.status == 403


def test_a_price_list_that_cannot_be_read_is_no_reason_not_to_wait(
    connected: Service, health: Health, time: Time, trouble: Trouble
) -> None:
    endpoint = fetched_while_starting(connected)
    trouble.path, trouble.answers = "/v2/provider", [500] * 100
    connected.launcher.ready = False
    with pytest.raises(EndpointTimeoutError, match="bills at a price that cannot be read now"):
        wait_until_running(endpoint, timeout=2, **time.options)


def test_a_log_that_cannot_be_read_does_not_hide_the_failure(
    connected: Service, health: Health, time: Time, trouble: Trouble
) -> None:
    connected.launcher.ready = False
    connected.create(NAME)
    connected.tick()
    connected.launcher.last.die("out of memory")
    connected.tick()
    endpoint = fetch()
    trouble.path, trouble.answers = "/logs", [None]
    with pytest.raises(EndpointFailedError, match="cannot be read"):
        wait_until_running(endpoint, **time.options)


def test_watching_says_nothing(
    connected: Service, health: Health, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint = fetched_while_starting(connected)
    assert list(watch(endpoint, refresh_every=2.0, **time.options)) == [0.0, 2.0]
    assert endpoint.status == "running"
    assert capsys.readouterr() == ("", "")


def fetched_while_starting(service: Service) -> InferenceEndpoint:
    service.create(NAME)
    return fetch()
