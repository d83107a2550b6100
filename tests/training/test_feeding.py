from __future__ import annotations

import os

import pytest

from training.feeding import Feed


def times(given: int, step: int) -> tuple[int, int]:
    return given * step, os.getpid()


def dies(given: int, step: int) -> int:
    if step == given:
        os._exit(3)
    return step


@pytest.mark.parametrize("feeders", [0, 1, 3])
def test_what_is_drawn_does_not_depend_on_how_many_draw(feeders: int) -> None:
    feed = Feed(times, 7, feeders=feeders, first=2)
    try:
        drawn = [feed(step) for step in range(2, 9)]
    finally:
        feed.close()
    assert [value for value, _ in drawn] == [14, 21, 28, 35, 42, 49, 56]
    processes = {process for _, process in drawn}
    assert len(processes) == max(1, feeders)
    assert (os.getpid() in processes) == (feeders == 0)


def test_a_process_that_has_died_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.feeding.PATIENCE", 0.05)
    feed = Feed(dies, 1, feeders=1)
    try:
        with pytest.raises(RuntimeError, match=r"draws step [01] has died"):
            [feed(step) for step in range(2)]
    finally:
        feed.close()
