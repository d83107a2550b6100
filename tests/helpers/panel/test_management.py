"""What the panel reads from routes that the client has no method for."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from helpers.panel.management import last_heard_of
from tests.helpers.panel.conftest import REAL_ANSWER, found


@pytest.mark.parametrize(
    ("changes", "hour"),
    [
        ({}, 9),
        ({"lastUsedAt": None}, 9),
        ({"lastUsedAt": "2026-10-10T11:10:00.000Z"}, 11),
        ({"lastUsedAt": "2026-10-10T07:10:00.000Z"}, 9),
    ],
)
def test_the_latest_time_that_an_answer_speaks_of(changes: dict[str, str], hour: int) -> None:
    endpoint = found(REAL_ANSWER, status={**REAL_ANSWER["status"], **changes})
    assert last_heard_of(endpoint) == datetime(2026, 10, 10, hour, 10, tzinfo=timezone.utc)
