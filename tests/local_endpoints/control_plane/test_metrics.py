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


def requests(metrics: Metrics, window: Window, status: int = 200) -> list[int]:
    return [answers.statuses[status] for answers in metrics.answers(window).values()]


def test_answers_are_counted_in_slots(metrics: Metrics, clock: ManualClock) -> None:
    metrics.answered(200, 0.1)
    metrics.answered(200, 0.1)
    clock.advance(seconds=SLOT)
    metrics.answered(503, 0.1)
    clock.advance(seconds=SLOT)
    window = lately(metrics, clock)
    assert requests(metrics, window, 200) == [2, 0, 0]
    assert requests(metrics, window, 503) == [0, 1, 0]
    last = clock.now() // SLOT * SLOT
    assert [last - at for at in metrics.answers(window)] == [2 * SLOT, SLOT, 0]


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
        clock.advance(minutes=60 * hours / 5)
    window = metrics.window(clock.now() - hours * 3600, clock.now())
    assert window.step % SLOT == 0
    assert len(window.moments()) <= module.MOST_POINTS + 2
    assert sum(requests(metrics, metrics.window(0, clock.now()))) == 5


def test_percentiles_are_right_to_two_percent() -> None:
    clock = ManualClock()
    metrics = Metrics(clock)
    for milliseconds in range(1, 1001):
        metrics.answered(200, milliseconds / 1000)
    (answers,) = metrics.answers(lately(metrics, clock)).values()
    for percent in range(1, 101):
        assert answers.percentile(percent) == pytest.approx(percent / 100, rel=0.0201)


def test_an_answer_that_took_no_time_has_a_percentile(clock: ManualClock) -> None:
    metrics = Metrics(clock)
    metrics.answered(200, 0.0)
    (answers,) = metrics.answers(lately(metrics, clock)).values()
    assert 0 < answers.percentile(50) < 0.001


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
    counts = requests(bounded, window)
    assert sum(counts) == 10
    assert counts[0] == 1, "what was dropped is not shown as nothing"
    assert max(value for _, value in bounded.pending(window)) == 29


def test_a_short_minute_has_slots_of_a_second() -> None:
    clock = ManualClock(minute=1.0)
    metrics = Metrics(clock)
    metrics.answered(200, 0.1)
    clock.advance(seconds=2)
    assert metrics.window(clock.now() - 60, clock.now()).step == 1
