"""The service's metrics as plots: titles, units and descriptions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Point = tuple[float, float]
"""Milliseconds since 1970, and the value."""


@dataclass(frozen=True)
class Graph:
    """One graph of the service's analytics page.

    Attributes:
        key: its name in the answer of the metrics route.
        factor: what makes the unit of the service's.
    """

    key: str
    title: str
    unit: str = ""
    factor: float = 1.0


GRAPHS = (
    Graph("responseStatusCode", "Requests by status"),
    Graph("responseElapsed", "Latency", "seconds", 0.001),
    Graph("pendingRequest", "Requests in progress"),
    Graph("replicasRunning", "Running replicas"),
)


def plots_of(metrics: dict[str, Any]) -> list[dict[str, Any]]:
    """The data of ``Live``'s plots, from the answer of the metrics route.

    A graph that the answer lacks is drawn as one without values: nothing is left out silently.
    """
    return [_plot(graph, metrics.get(graph.key) or {}) for graph in GRAPHS]


def _plot(graph: Graph, answer: dict[str, Any]) -> dict[str, Any]:
    lines = [
        (_label(each), list(_points(each.get("data") or (), graph.factor)))
        for each in answer.get("series") or ()
    ]
    window = answer.get("timeWindowSeconds")
    per = f"per {window:g} s" if graph.key == "responseStatusCode" and window else graph.unit
    about = "; ".join(_about(name, points) for name, points in lines) or "no values"
    series = [{"name": name, "points": points} for name, points in lines]
    return {"title": graph.title, "unit": per, "series": series, "about": about}


def _label(series: dict[str, Any]) -> str:
    """Whatever names it: the status, the percentile, the replica."""
    words = [str(value) for key, value in series.items() if isinstance(value, str | int)]
    return " ".join(words) or "value"


def _points(data: Any, factor: float) -> Iterator[Point]:
    for raw in data:
        value = raw.get("y")
        if isinstance(value, int | float) and math.isfinite(value):
            time = datetime.fromisoformat(str(raw["x"]).replace("Z", "+00:00"))
            yield time.timestamp() * 1000, value * factor


def _about(name: str, points: list[Point]) -> str:
    if not points:
        return f"{name}: no values"
    values = [value for _, value in points]
    return f"{name}: from {min(values):g} to {max(values):g}, at the end {values[-1]:g}"
