"""The answer of the metrics route as plots."""

from __future__ import annotations

from typing import Any

from helpers.panel.analytics import plots_of


def graph(*series: dict[str, Any]) -> dict[str, Any]:
    return {"timeWindowSeconds": 10, "replicaIds": [], "series": list(series)}


def points(*values: Any) -> list[dict[str, Any]]:
    return [
        {"x": f"2026-11-26T18:30:0{number}.500Z", "y": value} for number, value in enumerate(values)
    ]


METRICS = {
    "responseStatusCode": graph(
        {"statusCode": "200", "data": points(1, 4)}, {"statusCode": "503", "data": points(2)}
    ),
    "responseElapsed": graph({"percentile": "p50", "data": points(250.0, None)}),
    "replicasRunning": graph(),
}


def test_graphs_have_names_units_and_descriptions() -> None:
    requests, latency, *_ = plots_of(METRICS)
    assert (requests["title"], requests["unit"]) == ("Requests by status", "per 10 s")
    assert [each["name"] for each in requests["series"]] == ["200", "503"]
    assert requests["about"] == "200: from 1 to 4, at the end 4; 503: from 2 to 2, at the end 2"
    assert (latency["title"], latency["unit"]) == ("Latency", "seconds")


def test_times_are_milliseconds_and_durations_seconds() -> None:
    requests, latency, *_ = plots_of(METRICS)
    (first, _), (second, _) = requests["series"][0]["points"]
    assert second - first == 1000
    assert [value for _, value in latency["series"][0]["points"]] == [0.25]


def test_a_graph_that_is_missing_is_drawn_as_one_without_values() -> None:
    plots = plots_of(METRICS)
    assert [each["title"] for each in plots][2:] == ["Requests in progress", "Running replicas"]
    assert [each["about"] for each in plots][2:] == ["no values", "no values"]
