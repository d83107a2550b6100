from __future__ import annotations

import time

import pytest

from local_endpoints.clock import ManualClock, SystemClock


def test_manual_clock_stands_still_until_told_to_move() -> None:
    clock = ManualClock(minute=2.0, start=100.0)
    assert clock.now() == clock.now() == 100.0
    clock.advance(minutes=3)
    assert clock.now() == 106.0
    clock.advance(seconds=0.5)
    assert clock.now() == 106.5


def test_manual_minutes_are_real_minutes_by_default() -> None:
    clock = ManualClock()
    before = clock.now()
    clock.advance(minutes=1)
    assert clock.now() - before == 60.0


def test_system_clock_tells_the_computers_time() -> None:
    clock = SystemClock()
    before = time.time()
    assert before <= clock.now() <= time.time()
    assert clock.minute == 1.0


def test_a_system_clock_that_was_put_forward_goes_on_from_there() -> None:
    clock = SystemClock(minute=2.0)
    clock.advance(minutes=30, seconds=5)
    before = time.time()
    assert before + 65 <= clock.now() <= time.time() + 65


@pytest.mark.parametrize("clock", [SystemClock(), ManualClock()])
@pytest.mark.parametrize("seconds", [-0.001, float("nan"), float("inf")])
def test_no_clock_goes_back(clock: SystemClock | ManualClock, seconds: float) -> None:
    before = clock.now()
    with pytest.raises(ValueError, match="forward"):
        clock.advance(seconds=seconds)
    assert before <= clock.now() <= before + 60
