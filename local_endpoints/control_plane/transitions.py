"""Which call or event takes an endpoint from which state to which: one table.

States and transitions are those of the service's documentation (2026)::

    create ──► pending ──scheduled──► initializing ──ready──► running ◄──ready── updating
                  ▲                    │        ▲                │                  │
               resume                 died   resume,   scale_to_zero, idle        died
                  │                    ▼      wake               ▼                  ▼
    pause ───► paused                failed     └────────── scaledToZero       updateFailed

Not drawn: old replicas may outlive an update that failed, so ``updateFailed`` may fall idle, too.
``pause`` and the end of the service lead to ``paused`` from every state but ``failed``,
and ``update`` to ``updating`` from every state but ``paused`` and ``scaledToZero``, which stay;
``scale_to_zero`` works from whatever is neither paused nor failed; an endpoint that runs fails
when its replicas have died too often. Deleting is possible in any state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from local_endpoints.control_plane.endpoint import State
from local_endpoints.errors import bad_request

Stage = State | Literal["draining"]
"""A state; ``draining`` for ``scaledToZero`` while the old replicas are not gone yet."""
Event = (
    Literal["update", "pause", "resume", "scale_to_zero"]
    | Literal["wake", "scheduled", "ready", "idle", "died", "service_ended"]
)
NOT_STOPPED = "workload is not stopped"


@dataclass(frozen=True)
class Refusal:
    """What a call is refused with, as 400."""

    text: str


Outcome = State | Refusal
_UP: tuple[Stage, ...] = ("pending", "initializing", "updating", "running")
_FAILED: tuple[Stage, ...] = ("failed", "updateFailed")
_AT_ZERO: tuple[Stage, ...] = ("scaledToZero", "draining")
_ALL_BUT_FAILED: tuple[Stage, ...] = (*_UP, *_AT_ZERO, "paused", "updateFailed")


def _from(*stages: Stage, to: Outcome) -> dict[Stage, Outcome]:
    return dict.fromkeys(stages, to)


TRANSITIONS: dict[Event, dict[Stage, Outcome]] = {
    # Calls.
    "update": _from(*_UP, *_FAILED, to="updating"),
    "pause": {
        **_from(*_ALL_BUT_FAILED, to="paused"),
        "failed": Refusal("Invalid state: a failed endpoint cannot be paused; delete it"),
    },
    # NOT_STOPPED was seen from the proxy alone. That resuming gives it too, while an update changes
    # the replicas or those of an endpoint at zero are not gone yet, is an inference. The client
    # looks for "already running".
    "resume": {
        "paused": "pending",
        "scaledToZero": "initializing",
        **_from("updating", "draining", to=Refusal(NOT_STOPPED)),
        **_from("pending", "initializing", "running", to=Refusal("Endpoint is already running")),
        **_from(
            *_FAILED,
            to=Refusal("Invalid state: a failed endpoint cannot be resumed; recreate it"),
        ),
    },
    "scale_to_zero": {
        **_from(*_UP, *_AT_ZERO, "updateFailed", to="scaledToZero"),
        "paused": Refusal("Invalid state: endpoint is paused"),
        "failed": Refusal("Invalid state: endpoint is failed"),
    },
    # Events.
    "wake": {"scaledToZero": "initializing"},
    "scheduled": {"pending": "initializing"},
    "ready": _from("initializing", "updating", to="running"),
    # After an update that failed, replicas with the old settings may be there still.
    "idle": _from("running", "updateFailed", to="scaledToZero"),
    "died": {"initializing": "failed", "updating": "updateFailed", "running": "failed"},
    "service_ended": _from(*_ALL_BUT_FAILED, to="paused"),
}
"""What is not in a row changes nothing."""


def next_state(event: Event, stage: Stage) -> State | None:
    """The state that the event leads to; ``None`` where it changes nothing.

    Raises:
        ApiError: 400 for a call that is refused.
    """
    outcome = TRANSITIONS[event].get(stage)
    if isinstance(outcome, Refusal):
        raise bad_request(outcome.text)
    return outcome
