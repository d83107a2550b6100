from __future__ import annotations

from typing import get_args

import pytest

from local_endpoints.control_plane.endpoint import MESSAGES
from local_endpoints.control_plane.transitions import TRANSITIONS, Event, next_state
from local_endpoints.errors import ApiError

UP = "Bad Request: Endpoint is already running"
BUSY = "Bad Request: workload is not stopped"
NO_PAUSE = "Bad Request: Invalid state: a failed endpoint cannot be paused; delete it"
NO_RESUME = "Bad Request: Invalid state: a failed endpoint cannot be resumed; recreate it"
NO_SCALE = "Bad Request: Invalid state: endpoint is {}"
STAGES = [*MESSAGES, "draining"]
EVENTS = [event for part in get_args(Event) for event in get_args(part)]

# What each event does: for every stage the state that follows, a refusal's text, or None.
EXPECTED = {
    "update": {
        **dict.fromkeys(STAGES, "updating"),
        **dict.fromkeys(["paused", "scaledToZero", "draining"], None),
    },
    "pause": {**dict.fromkeys(STAGES, "paused"), "failed": NO_PAUSE},
    "resume": {
        **{"paused": "pending", "scaledToZero": "initializing"},
        **{"pending": UP, "initializing": UP, "running": UP},
        **{"updating": BUSY, "draining": BUSY},
        **{"failed": NO_RESUME, "updateFailed": NO_RESUME},
    },
    "scale_to_zero": {
        **dict.fromkeys(STAGES, "scaledToZero"),
        **{"paused": NO_SCALE.format("paused"), "failed": NO_SCALE.format("failed")},
    },
    "wake": {**dict.fromkeys(STAGES), "scaledToZero": "initializing"},
    "scheduled": {**dict.fromkeys(STAGES), "pending": "initializing"},
    "ready": {**dict.fromkeys(STAGES), "initializing": "running", "updating": "running"},
    "idle": {
        **dict.fromkeys(STAGES),
        **dict.fromkeys(["running", "updateFailed"], "scaledToZero"),
    },
    "died": {
        **dict.fromkeys(STAGES),
        **{"initializing": "failed", "running": "failed", "updating": "updateFailed"},
    },
    "service_ended": {**dict.fromkeys(STAGES, "paused"), "failed": None},
}


def outcome(event: Event, stage: str) -> str | None:
    try:
        return next_state(event, stage)  # type: ignore[arg-type]
    except ApiError as refusal:
        assert refusal.status == 400
        return str(refusal)


def test_the_table_has_every_event() -> None:
    assert list(EXPECTED) == EVENTS == list(TRANSITIONS)


@pytest.mark.parametrize("event", EVENTS)
def test_where_each_event_leads_from_each_state(event: Event) -> None:
    assert {stage: outcome(event, stage) for stage in STAGES} == EXPECTED[event]
