"""No test is lost, and no worker is left with a long one in the end."""

from __future__ import annotations

import pytest

from tests.dealing import dealt

SHORT = [f"short {number}" for number in range(97)]
LONG = [f"long {number}" for number in range(9)]
TOGETHER = [f"together {number}" for number in range(3)]


@pytest.mark.parametrize("workers", [1, 2, 4, 7])
def test_each_worker_begins_with_long_ones(workers: int) -> None:
    items = dealt(SHORT, LONG, TOGETHER, workers=workers)
    assert sorted(items) == sorted(SHORT + LONG + TOGETHER)
    assert [item for item in items if item in SHORT] == SHORT, "what shares a fixture stays close"
    size = -(-len(items) // workers)
    for start in range(0, len(items), size):
        part = items[start : start + size]
        longest = [number for number, item in enumerate(part) if item not in SHORT]
        assert longest == list(range(len(longest))) and longest
    first = items.index(TOGETHER[0])
    assert items[first : first + len(TOGETHER)] == TOGETHER


@pytest.mark.parametrize(
    ("short", "long", "together"), [([], LONG, []), (SHORT, [], []), (SHORT[:1], [], TOGETHER)]
)
def test_what_there_is_is_dealt(short: list[str], long: list[str], together: list[str]) -> None:
    items = dealt(short, long, together, workers=4)
    assert sorted(items) == sorted(short + long + together)
