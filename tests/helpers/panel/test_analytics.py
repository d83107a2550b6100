"""The answers of the metrics routes as plots."""

from __future__ import annotations

from typing import Any

from helpers.panel.analytics import GRAPHS

REQUESTS, LATENCY, PENDING, REPLICAS = GRAPHS


def answer(*series: dict[str, Any]) -> dict[str, Any]:
    return {"timeWindowSeconds": 10, "replicaIds": [], "series": list(series)}


def points(*values: Any) -> list[dict[str, Any]]:
    return [
        {"x": f"2026-11-26T18:30:0{number}.500Z", "y": value} for number, value in enumerate(values)
    ]


def test_a_plot_has_a_name_a_unit_and_a_description() -> None:
    plot = REQUESTS.plot(
        answer(
            {"statusCode": "200", "data": points(1, 4)}, {"statusCode": "503", "data": points(2)}
        )
    )
    assert (plot["title"], plot["unit"]) == ("Requests by status", "per 10 s")
    assert [each["name"] for each in plot["series"]] == ["200", "503"]
    assert plot["about"] == "200: from 1 to 4, at the end 4; 503: from 2 to 2, at the end 2"


def test_times_are_milliseconds_and_durations_seconds() -> None:
    plot = LATENCY.plot(answer({"percentile": "p50", "data": points(250.0, 1500)}))
    ((first, value), (second, _)) = plot["series"][0]["points"]
    assert (second - first, value, plot["unit"]) == (1000, 0.25, "seconds")


def test_gaps_are_left_out_and_nothing_is_made_up() -> None:
    plot = PENDING.plot(answer({"status": "pending", "data": points(None, 2, float("nan"))}))
    assert [value for _, value in plot["series"][0]["points"]] == [2]


def test_an_answer_without_values_says_so() -> None:
    for lean in (answer(), {}, answer({"status": "running", "data": None})):
        plot = REPLICAS.plot(lean)
        assert plot["title"] == "Running replicas" and "no values" in plot["about"]
