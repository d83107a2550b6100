from __future__ import annotations

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.replicas import log as logs
from local_endpoints.replicas.log import Log


def test_a_line_has_the_time_at_which_it_came(clock: ManualClock) -> None:
    log = Log(clock)
    log.write("one")
    clock.advance(seconds=2)
    log.write("two")
    begun = clock.now() - 2
    assert [(line.at - begun, line.text) for line in log.since()] == [(0, "one"), (2, "two")]
    assert log.tail(1) == ["two"]


def test_who_follows_gets_what_is_new(clock: ManualClock) -> None:
    log = Log(clock)
    assert log.since() == []
    log.write("one")
    seen = log.taken
    assert log.since(seen) == []
    log.write("two")
    assert [line.text for line in log.since(seen)] == ["two"]


def test_old_lines_go(clock: ManualClock) -> None:
    log = Log(clock)
    for number in range(logs.MOST_LINES + 5):
        log.write(str(number))
    assert log.taken == logs.MOST_LINES + 5
    assert len(log.since()) == logs.MOST_LINES
    assert log.since()[0].text == "5"
    assert [line.text for line in log.since(2)][:1] == ["5"], "what is gone is left out"


def test_long_lines_cost_old_ones(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_CHARACTERS", 10)
    log = Log(clock)
    for line in ("12345", "67890", "x"):
        log.write(line)
    assert log.tail(9) == ["67890", "x"]
