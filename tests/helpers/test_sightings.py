"""What the answers of the real service tell about time and money."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from huggingface_hub import constants

from helpers.sightings import Sightings, Stretch

MINUTE = 60.0
L4, T4 = "nvidia-l4", "nvidia-t4"


def described(
    state: str, *, replicas: int = 1, kind: str = L4, name: str = "poet", day: int = 10
) -> Any:
    """An endpoint in the real service's form of October 2026."""
    up = 0 if state in ("paused", "scaledToZero", "failed") else replicas
    created = f"2026-10-{day}T08:00:00.000Z"
    image = {"url": "vllm/vllm-openai:latest", "port": 8000, "healthRoute": "/health"}
    who = {"id": "0123", "name": "me"}
    return {
        "name": name,
        "type": "private",
        "provider": {"vendor": "aws", "region": "us-east-1"},
        "compute": {
            "id": f"aws-us-east-1-{kind}-x1",
            "accelerator": "gpu",
            "instanceType": kind,
            "instanceSize": "x1",
            "scaling": {"minReplica": 0, "maxReplica": 4, "scaleToZeroTimeout": 15},
        },
        "model": {"repository": "google/gemma-1.1-2b-it", "image": {"vLLM": image}},
        "status": {
            "state": state, "message": "", "readyReplica": up, "targetReplica": up,
            "createdAt": created, "createdBy": who, "updatedAt": created, "updatedBy": who,
        },
        "tags": [], "notifications": {}, "experimentalFeatures": {}, "healthRoute": "/health",
    }  # fmt: skip


class Watched:
    """Sightings, and a clock in minutes."""

    def __init__(self) -> None:
        self.minute = 0.0
        self.sightings = Sightings(now=lambda: self.minute * MINUTE)

    def answer(self, method: str, path: str, body: Any, status: int = 200) -> None:
        request = httpx2.Request(method, f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}{path}")
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.sightings.note(httpx2.Response(status, content=content, request=request))

    def see(self, minute: float, state: str, asked: str = "", **description: Any) -> None:
        """Something was answered at that minute: to a look, or to ``asked``."""
        self.minute = minute
        if asked == "create":
            self.answer("POST", "/endpoint/me", described(state, **description))
        elif asked == "update":
            self.answer("PUT", "/endpoint/me/poet", described(state, **description))
        elif asked == "delete":
            self.answer("DELETE", "/endpoint/me/poet", {})
        elif asked:
            self.answer("POST", f"/endpoint/me/poet/{asked}", described(state, **description))
        elif state == "deleted":
            self.answer("GET", "/endpoint/me/poet", {"error": "not found"}, 404)
        else:
            self.answer("GET", "/endpoint/me/poet", described(state, **description))

    @property
    def stretches(self) -> list[Stretch]:
        return [each for record in self.sightings.records() for each in record.stretches()]

    @property
    def minutes(self) -> tuple[int, int]:
        """Those that were seen to be up, and those that are not known."""
        seen = sum(each.minutes(MINUTE) for each in self.stretches if each.seen)
        return seen, sum(each.minutes(MINUTE) for each in self.stretches if not each.seen)


@pytest.fixture
def watched() -> Watched:
    return Watched()


CREATED = [(0, "pending", "create"), (2, "initializing", "")]
RUNNING = [*CREATED, (5, "running", "")]


@pytest.mark.parametrize(
    ("seen", "minutes"),
    [
        pytest.param([(0, "running", "")], (0, 0), id="one look"),
        pytest.param([*RUNNING, (15, "running", "")], (13, 2), id="pending may have ended early"),
        pytest.param([*RUNNING, (15.5, "paused", "pause")], (14, 2), id="we paused it"),
        pytest.param([*RUNNING, (15, "paused", "")], (3, 12), id="somebody else did"),
        pytest.param([*RUNNING, (15, "scaledToZero", "")], (3, 12), id="it fell asleep"),
        pytest.param([*RUNNING, (15, "deleted", "delete")], (13, 2), id="we deleted it"),
        pytest.param([*RUNNING, (15, "deleted", "")], (3, 12), id="it was deleted"),
        pytest.param([*RUNNING, (15, "failed", "")], (3, 12), id="it broke down"),
        pytest.param([*CREATED, (9, "failed", "")], (0, 0), id="it never ran"),
        pytest.param([*CREATED, (9, "paused", "pause")], (7, 2), id="it may have run"),
        pytest.param([(0, "paused", ""), (60, "pending", "resume")], (0, 0), id="we resumed it"),
        pytest.param([(0, "paused", ""), (60, "running", "")], (0, 60), id="somebody resumed it"),
        pytest.param([(0, "paused", ""), (60, "paused", "")], (0, 0), id="it stayed paused"),
        pytest.param(
            [(0, "scaledToZero", ""), (60, "initializing", "resume"), (61, "running", "")],
            (1, 0),
            id="we woke it by resuming",
        ),
        pytest.param([(0, "scaledToZero", ""), (60, "running", "")], (0, 60), id="it was woken"),
        pytest.param([(0, "scaledToZero", ""), (60, "paused", "pause")], (0, 60), id="perhaps"),
        pytest.param([(0, "scaledToZero", ""), (60, "scaledToZero", "")], (0, 0), id="it slept"),
        pytest.param(
            [*RUNNING, (6, "paused", "pause"), (70, "pending", "resume"), (70, "running", ""),
             (71, "paused", "pause")],
            (4 + 1, 2),
            id="off and on",
        ),
    ],
)  # fmt: skip
def test_minutes(watched: Watched, seen: list[tuple[float, str, str]], minutes: Any) -> None:
    for minute, state, asked in seen:
        watched.see(minute, state, asked)
    assert watched.minutes == minutes


def test_a_started_minute_counts_for_every_replica(watched: Watched) -> None:
    watched.see(0, "running", replicas=3)
    watched.see(1.1, "running", replicas=3)
    assert watched.minutes == (6, 0)


def test_replicas_that_come_and_go(watched: Watched) -> None:
    for minute, replicas in ((0, 1), (10, 3), (14, 1), (20, 1)):
        watched.see(minute, "running", replicas=replicas)
    assert watched.minutes == (10 * 1 + 4 * 3 + 6 * 1, 0)


def test_other_hardware_is_another_stretch(watched: Watched) -> None:
    watched.see(0, "running")
    watched.see(10, "updating", "update", kind=T4)
    watched.see(15, "running", kind=T4)
    assert [(each.hardware[2], each.minutes(MINUTE)) for each in watched.stretches] == [
        (L4, 10), (T4, 5)
    ]  # fmt: skip


def test_a_start_that_goes_on_counts_until_it_fails(watched: Watched) -> None:
    watched.see(0, "initializing")
    watched.see(4, "initializing")
    assert watched.minutes == (4, 0)
    watched.see(5, "failed")
    assert watched.minutes == (0, 0)


def test_created_anew_under_its_name_it_is_another_one(watched: Watched) -> None:
    watched.see(0, "running")
    watched.see(10, "deleted", "delete")
    watched.see(10.01, "running")  # for about a second it can still be read
    assert [record.last.state for record in watched.sightings.records()] == ["deleted"]
    watched.see(100, "pending", "create", day=11)
    watched.see(101, "pending", day=11)
    present, deleted = watched.sightings.records()
    assert (present.last.state, present.stretches()) == ("pending", [])
    assert deleted.last.state == "deleted" and len(deleted.stretches()) == 1


def test_a_list_is_a_look_at_everything(watched: Watched) -> None:
    both = [described("running", name="poet"), described("running", name="painter")]
    watched.answer("GET", "/endpoint/me?limit=100", {"items": both})
    watched.minute = 3
    watched.answer("GET", "/endpoint/me", {"items": both[:1], "nextCursor": None})
    assert watched.minutes == (3, 0)
    watched.sightings.keep_only("me", ["poet"])
    assert watched.minutes == (3, 3)
    assert [each.last.state for each in watched.sightings.records()] == ["running", "deleted"]
    watched.sightings.keep_only("an-organization", [])
    assert [each.last.state for each in watched.sightings.records()] == ["running", "deleted"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/endpoint/me/poet/logs", b"a log", 200),
        ("GET", "/provider/me", {"vendors": []}, 200),
        ("GET", "/endpoint/me/poet", b"<html>", 200),
        ("GET", "/endpoint/me/poet", ["poet"], 200),
        ("GET", "/endpoint/me/poet", {"name": "poet"}, 200),
        ("GET", "/endpoint/me/poet", {"error": "Bad Gateway"}, 502),
        ("POST", "/endpoint/me/poet/pause", {"error": "Bad Request"}, 400),
        ("GET", "/endpoint/me/nobody", {"error": "not found"}, 404),
    ],
)
def test_other_answers_change_nothing(
    watched: Watched, method: str, path: str, body: Any, status: int
) -> None:
    watched.see(0, "running")
    watched.minute = 5
    watched.answer(method, path, body, status)
    watched.see(10, "running")
    assert watched.minutes == (10, 0)
    assert [each.name for each in watched.sightings.records()] == ["poet"]


def test_another_address_is_not_read(watched: Watched) -> None:
    request = httpx2.Request("GET", "https://example.org/v2/endpoint/me/poet")
    watched.sightings.note(httpx2.Response(200, json=described("running"), request=request))
    assert watched.sightings.records() == []


def test_a_new_run_knows_nothing(watched: Watched) -> None:
    watched.see(0, "running")
    watched.sightings.clear()
    assert watched.sightings.records() == []
