from __future__ import annotations

import time

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
