"""The graphs of an endpoint's analytics page.

Paths and fields are those of the service's OpenAPI document (2.0.0, October 2026) and of the
clients that read it: every graph has ``start``, ``stop``, ``timeWindowSeconds`` (from one point to
the next), ``replicaIds`` and ``series`` of points ``{"x": time, "y": number}``; durations are in
milliseconds. The words of ``status`` in a series were not written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from local_endpoints.api.context import Context
from local_endpoints.api.management import WARNING_HEADER, Readable
from local_endpoints.api.replicas import STAGES
from local_endpoints.api.requests import Body, moment
from local_endpoints.control_plane.endpoint import iso
from local_endpoints.control_plane.metrics import Answers, Metrics, Point, Window
from local_endpoints.errors import bad_request
from local_endpoints.replicas.replica import Phase

router = APIRouter(prefix="/v2/endpoint/{namespace}/{name}/metrics")

PERCENTILES = (50, 90, 95, 99)
NOT_MEASURED = ("hardwareCpu", "hardwareMem", "hardwareGpu", "hardwareGpuMem")
WARNING = f"{', '.join(NOT_MEASURED)}: empty, a local endpoint has no hardware to be measured"

Series = list[dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """Which time is asked for, in seconds since the epoch."""

    start: float
    stop: float


async def _asked(body: Body) -> Asked:
    for name in ("start", "stop"):
        if body.get(name) is None:
            raise bad_request(
                f"Failed to parse the request body as JSON: missing field `{name}`, a time such "
                "as 2026-11-26T18:30:00Z"
            )
    asked = Asked(moment(body["start"], "start"), moment(body["stop"], "stop"))
    if asked.start >= asked.stop:
        raise bad_request("start must be before stop")
    return asked


@dataclass
class Frame:
    """An endpoint's notes of the time that is asked for."""

    asked: Asked
    metrics: Metrics
    window: Window

    @cached_property
    def answers(self) -> dict[float, Answers]:
        """What was answered in each step."""
        return self.metrics.answers(self.window)

    @cached_property
    def replicas(self) -> list[tuple[float, list[Mapping[str, Phase]]]]:
        """The replicas of each step."""
        return self.metrics.replicas(self.window)

    def graph(self, series: Callable[[Frame], Series]) -> dict[str, Any]:
        """One graph."""
        return {**self.head(), "series": series(self)}

    def head(self) -> dict[str, Any]:
        """What all graphs have."""
        return {
            "start": iso(self.asked.start),
            "stop": iso(self.asked.stop),
            "timeWindowSeconds": self.window.step,
            "replicaIds": self.replica_ids(),
        }

    def replica_ids(self) -> list[str]:
        """The replicas that there were, oldest first."""
        return list(
            dict.fromkeys(chain(*(phases for _, found in self.replicas for phases in found)))
        )


# In this order: a body that makes no sense is refused before a name that nobody knows.
async def _framed(
    asked: Annotated[Asked, Depends(_asked)], context: Context, endpoint: Readable
) -> Frame:
    metrics = context.lifecycle.deployment(endpoint).metrics
    return Frame(asked, metrics, metrics.window(asked.start, asked.stop))


Framed = Annotated[Frame, Depends(_framed)]


@router.post("")
async def all_graphs(response: Response, frame: Framed) -> dict[str, Any]:
    """All graphs. Those of hardware are empty, which a header says."""
    response.headers.append(WARNING_HEADER, WARNING)
    return {
        **frame.head(),
        "responseStatusCode": frame.graph(_by_status),
        "responseStatusCodeGrouped": frame.graph(_by_class),
        "responseElapsed": frame.graph(_elapsed),
        "pendingRequest": frame.graph(_pending),
        "replicasRunning": frame.graph(_running),
        "replicasStatus": frame.graph(_stages),
        **{name: frame.graph(_nothing) for name in NOT_MEASURED},
    }


@router.post("/response-status-code")
async def response_status_code(frame: Framed) -> dict[str, Any]:
    """How many requests were answered with each status, also by the proxy."""
    return frame.graph(_by_status)


@router.post("/response-elapsed")
async def response_elapsed(frame: Framed) -> dict[str, Any]:
    """How long answers took, to their end: percentiles in milliseconds."""
    return frame.graph(_elapsed)


@router.post("/pending-request")
async def pending_request(frame: Framed) -> dict[str, Any]:
    """How many requests had no status yet."""
    return frame.graph(_pending)


@router.post("/replica-running")
async def replica_running(frame: Framed) -> dict[str, Any]:
    """How many replicas served, at most."""
    return frame.graph(_running)


@router.post("/replica-status")
async def replica_status(frame: Framed) -> dict[str, Any]:
    """Which replica was in which stage."""
    return frame.graph(_stages)


@router.post("/replica-ids")
async def replica_ids(frame: Framed) -> list[str]:
    """The replicas that there were."""
    return frame.replica_ids()


def _by_status(frame: Frame) -> Series:
    return _counted(frame, str)


def _by_class(frame: Frame) -> Series:
    return _counted(frame, lambda status: f"{status // 100}xx")


def _counted(frame: Frame, name_of: Callable[[int], str]) -> Series:
    """How many answers had a status of each name that occurs."""
    steps = {at: answers.statuses for at, answers in frame.answers.items()}
    occurring = sorted({status for statuses in steps.values() for status in statuses})
    series = []
    for name in dict.fromkeys(map(name_of, occurring)):
        members = [status for status in occurring if name_of(status) == name]
        points = [
            (at, sum(statuses[status] for status in members)) for at, statuses in steps.items()
        ]
        series.append({"statusCode": name, "data": _data(points)})
    return series


def _elapsed(frame: Frame) -> Series:
    steps = [(at, answers) for at, answers in frame.answers.items() if answers.durations]
    return [
        {
            "percentile": f"p{percent}",
            "data": _data((at, 1000 * answers.percentile(percent)) for at, answers in steps),
        }
        for percent in (PERCENTILES if steps else ())
    ]


def _pending(frame: Frame) -> Series:
    return [{"status": "pending", "data": _data(frame.metrics.pending(frame.window))}]


def _running(frame: Frame) -> Series:
    counts = (
        (at, max(list(phases.values()).count("ready") for phases in found))
        for at, found in frame.replicas
    )
    return [{"status": STAGES["ready"], "data": _data(counts)}]


def _stages(frame: Frame) -> Series:
    points: dict[tuple[str, str], dict[float, float]] = {}
    for at, found in frame.replicas:
        for name, phase in chain(*(phases.items() for phases in found)):
            points.setdefault((name, STAGES[phase]), {})[at] = 1
    return [
        {"replicaId": name, "status": stage, "data": _data(moments.items())}
        for (name, stage), moments in points.items()
    ]


def _nothing(frame: Frame) -> Series:
    return []


def _data(points: Iterable[Point]) -> list[dict[str, Any]]:
    return [{"x": iso(at), "y": round(y, 3)} for at, y in points]
