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
        route: the last part of its route.
        factor: what makes ``unit`` of the service's.
    """

    route: str
    title: str
    unit: str = ""
    factor: float = 1.0

    def plot(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The data of one of ``Live``'s plots, from the answer of the graph's route."""
        lines = [
            (_label(each), list(_points(each.get("data") or (), self.factor)))
            for each in answer.get("series") or ()
        ]
        return {
            "title": self.title,
            "unit": self.unit.format(answer.get("timeWindowSeconds", "some")),
            "series": [{"name": name, "points": points} for name, points in lines],
            "about": "; ".join(_about(name, points) for name, points in lines) or "no values",
        }


GRAPHS = (
    Graph("response-status-code", "Requests by status", "per {} s"),
    Graph("response-elapsed", "Latency", "seconds", 0.001),
    Graph("pending-request", "Requests in progress"),
    Graph("replica-running", "Running replicas"),
)


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
