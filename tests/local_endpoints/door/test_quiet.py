"""The log that cannot be filled from outside."""

from __future__ import annotations

import logging

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.door.quiet import MOST_MESSAGES, AtMost


@pytest.fixture
def noisy(clock: ManualClock) -> logging.Logger:
    logger = logging.Logger("noisy")
    logger.addFilter(AtMost(3, seconds=60, now=clock.now))
    return logger


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_the_same_message_passes_a_few_times(
    noisy: logging.Logger, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    noisy.addHandler(caplog.handler)
    for number in range(10):
        noisy.warning("refused: %d", number)
    noisy.warning("another")
    assert said(caplog) == ["refused: 0", "refused: 1", "refused: 2", "another"]
    caplog.clear()
    clock.advance(seconds=60)
    noisy.warning("refused: %d", 10)
    noisy.warning("refused: %d", 11)
    assert said(caplog) == ["refused: 10 (7 lines like this were left out)", "refused: 11"]


def test_messages_that_are_never_the_same_take_no_memory(
    noisy: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    noisy.addHandler(caplog.handler)
    (limit,) = noisy.filters
    assert isinstance(limit, AtMost)
    for number in range(5 * MOST_MESSAGES):
        noisy.warning(f"refused: {number}")
        assert len(limit._seen) <= MOST_MESSAGES + 1
    assert len(said(caplog)) == 5 * MOST_MESSAGES
