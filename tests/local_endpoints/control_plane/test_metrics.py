from __future__ import annotations

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane import metrics as module
from local_endpoints.control_plane.metrics import Metrics, Window

SLOT = 15.0  # of a ManualClock, whose minute is a minute


@pytest.fixture
def metrics(clock: ManualClock) -> Metrics:
    return Metrics(clock)


def lately(metrics: Metrics, clock: ManualClock, seconds: float = 600) -> Window:
    return metrics.window(clock.now() - seconds, clock.now())


def test_answers_are_counted_in_slots(metrics: Metrics, clock: ManualClock) -> None:
    metrics.answered(200, 0.1)
    metrics.answered(200, 0.1)
    clock.advance(seconds=SLOT)
    metrics.answered(503, 0.1)
    clock.advance(seconds=SLOT)
    found = metrics.requests(lately(metrics, clock))
    assert {status: [count for _, count in points] for status, points in found.items()} == {
        200: [2, 0, 0],
        503: [0, 1, 0],
    }
    assert [at for at, _ in found[200]] == [
        clock.now() // SLOT * SLOT - SLOT * n for n in (2, 1, 0)
    ]


def test_there_are_no_points_of_a_time_before_the_notes_or_to_come(
    metrics: Metrics, clock: ManualClock
) -> None:
    metrics.answered(200, 0.1)
    clock.advance(seconds=40)
    window = metrics.window(clock.now() - 10_000, clock.now() + 10_000)
    assert window.moments()[0] <= clock.now() - 40 < window.moments()[0] + window.step
    assert window.moments()[-1] <= clock.now() < window.moments()[-1] + window.step
    assert metrics.window(clock.now() - 10_000, clock.now() - 5_000).moments() == []
    assert metrics.window(clock.now() + 5_000, clock.now() + 10_000).moments() == []


@pytest.mark.parametrize("hours", [0.1, 24, 24 * 365 * 100])
def test_long_times_have_long_steps(metrics: Metrics, clock: ManualClock, hours: float) -> None:
    for _ in range(5):
        metrics.answered(200, 0.1)
        clock.advance(minutes=30 * hours / 10)
    window = metrics.window(clock.now() - hours * 3600, clock.now())
    assert window.step % SLOT == 0
    assert len(window.moments()) <= module.MOST_POINTS + 2
    (points,) = metrics.requests(metrics.window(0, clock.now())).values()
    assert sum(count for _, count in points) == 5


def test_percentiles_are_right_to_one_percent(metrics: Metrics, clock: ManualClock) -> None:
    for milliseconds in range(1, 1001):
        metrics.answered(200, milliseconds / 1000)
    clock.advance(seconds=1)
    found = metrics.latencies(lately(metrics, clock))
    for percent, points in found.items():
        ((_, seconds),) = points
        assert seconds == pytest.approx(percent / 100, rel=0.0101)
    assert list(found) == [50, 90, 95, 99]


def test_where_nothing_was_answered_there_is_no_percentile(
    metrics: Metrics, clock: ManualClock
) -> None:
    assert metrics.latencies(lately(metrics, clock)) == {}
    metrics.answered(200, 0.0)
    clock.advance(seconds=10 * SLOT)
    assert [len(points) for points in metrics.latencies(lately(metrics, clock)).values()] == [1] * 4


def test_what_is_pending_shows_its_peaks(metrics: Metrics, clock: ManualClock) -> None:
    clock.advance(seconds=SLOT - clock.now() % SLOT)
    for pending in (0, 3, 1):
        metrics.note(pending=pending, replicas={})
        clock.advance(seconds=2)
    clock.advance(seconds=2 * SLOT)
    peaks = [value for _, value in metrics.pending(lately(metrics, clock))]
    assert peaks == [3, 1, 1]


def test_a_step_has_all_replicas_that_there_were(metrics: Metrics, clock: ManualClock) -> None:
    clock.advance(seconds=SLOT - clock.now() % SLOT)
    metrics.note(pending=0, replicas={"a": "starting"})
    clock.advance(seconds=3)
    metrics.note(pending=0, replicas={"a": "ready"})
    clock.advance(seconds=SLOT)
    metrics.note(pending=0, replicas={"a": "ready", "b": "starting"})
    clock.advance(seconds=SLOT)
    metrics.note(pending=0, replicas={})
    found = [phases for _, phases in metrics.replicas(lately(metrics, clock))]
    assert found == [
        [{"a": "starting"}, {"a": "ready"}],
        [{"a": "ready"}, {"a": "ready", "b": "starting"}],
        [{"a": "ready", "b": "starting"}, {}],
    ]


def test_memory_is_bounded(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SLOTS", 10)
    bounded = Metrics(clock)
    for number in range(30):
        bounded.answered(200, 0.1)
        bounded.note(pending=number, replicas={str(number): "ready"})
        clock.advance(seconds=SLOT)
    window = bounded.window(clock.now() - 600, clock.now())
    (points,) = bounded.requests(window).values()
    assert sum(count for _, count in points) == 10
    assert points[0][1] == 1, "what was dropped is not shown as nothing"
    assert max(value for _, value in bounded.pending(window)) == 29


def test_a_short_minute_has_slots_of_a_second() -> None:
    clock = ManualClock(minute=1.0)
    metrics = Metrics(clock)
    metrics.answered(200, 0.1)
    clock.advance(seconds=2)
    assert metrics.window(clock.now() - 60, clock.now()).step == 1
