from __future__ import annotations

import pytest

from training.schedule import Schedule


def test_the_rate_rises_stays_and_falls() -> None:
    schedule = Schedule(steps=100, peak=1.0, final=0.1, warm_up=10, decay_from=0.5)
    assert schedule.rate(0) == pytest.approx(0.1)
    assert schedule.rate(9) == schedule.rate(49) == 1.0
    assert schedule.rate(75) == pytest.approx(0.55)
    assert schedule.rate(100) == schedule.rate(1000) == pytest.approx(0.1)
