"""What pauses an endpoint when nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from huggingface_hub import InferenceEndpoint, get_inference_endpoint

from helpers import (
    EndpointLostError,
    ParameterError,
    connect,
    pause_on_exit,
    price_per_hour,
    safety_net,
    wait_until_running,
)
from tests.fakes import Service
from tests.helpers.conftest import Trouble, state_of


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


@pytest.mark.parametrize("endpoint", ["an-endpoint", None])
def test_what_is_no_endpoint_is_refused_before_the_block(endpoint: Any) -> None:
    with pytest.raises(ParameterError, match="is no endpoint: give what"), pause_on_exit(endpoint):
        raise AssertionError("the block has begun")


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
    with pytest.raises(EndpointLostError, match="may go on billing"), pause_on_exit(running):
        monkeypatch.setattr(connected.access, "_tokens", {})
    assert "still_billing()" in capsys.readouterr().err
    assert state_of(connected) == "running"


@pytest.mark.parametrize("answer", [None, 503])
def test_pausing_is_tried_again(
    connected: Service, running: InferenceEndpoint, trouble: Trouble, answer: int | None
) -> None:
    with pause_on_exit(running):
        trouble.method, trouble.answers = "POST", [answer] * 3
    assert state_of(connected) == "paused"


def interrupt_pausing(monkeypatch: pytest.MonkeyPatch, *, times: int) -> list[int]:
    """How many interrupts are left, as the only item."""
    pause, left = InferenceEndpoint.pause, [times]

    def interrupted(endpoint: InferenceEndpoint) -> InferenceEndpoint:
        if left[0]:
            left[0] -= 1
            raise KeyboardInterrupt
        return pause(endpoint)

    monkeypatch.setattr(InferenceEndpoint, "pause", interrupted)
    return left


def test_one_interrupt_does_not_end_pausing(
    connected: Service,
    running: InferenceEndpoint,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    interrupt_pausing(monkeypatch, times=1)
    with pause_on_exit(running):
        pass
    assert state_of(connected) == "paused"
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("pausing endpoint an-endpoint was interrupted and is tried once more")


def test_a_second_interrupt_gets_through(
    connected: Service, running: InferenceEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = interrupt_pausing(monkeypatch, times=2)
    with pytest.raises(KeyboardInterrupt), pause_on_exit(running):
        pass
    assert left == [0]
    assert state_of(connected) == "running"


def test_another_backend_is_sent_no_pause(
    real: Service, connected: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    """There may be an endpoint of the same name, which is another one."""
    for service in (real, connected):
        service.create_running("an-endpoint")
    connect("hf")
    endpoint = get_inference_endpoint("an-endpoint")
    words = r"an-endpoint was started with connect\('hf'\).*may go on billing"
    with pytest.raises(EndpointLostError, match=words) as caught, pause_on_exit(endpoint):
        connect("local", state_dir=connected.folder)
    assert [state_of(each) for each in (real, connected)] == ["running", "running"]
    assert f"{caught.value}\n" == capsys.readouterr().err


def test_the_same_backend_once_more_is_no_other(
    connected: Service, running: InferenceEndpoint
) -> None:
    with pause_on_exit(running):
        connect("local", state_dir=connected.folder)
    assert state_of(connected) == "paused"


@pytest.mark.parametrize("call", [wait_until_running, price_per_hour])
def test_what_is_no_endpoint_is_said(connected: Service, call: Any) -> None:
    with pytest.raises(ParameterError, match="is no endpoint"):
        call("an-endpoint")


def test_an_error_of_the_block_is_not_hidden(
    connected: Service, running: InferenceEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EndpointLostError) as caught, pause_on_exit(running):
        connected.access.revoke(connected.token)
        raise RuntimeError("my own")
    assert "my own" in str(caught.value.__context__)


def test_the_net_of_the_process_can_be_used_again(
    connected: Service, running: InferenceEndpoint
) -> None:
    for _ in range(2):
        safety_net.enter_context(pause_on_exit(running))
        safety_net.close()
        assert state_of(connected) == "paused"
        running.resume()
        connected.tick(3)
