"""Who joins the batch: no engine, no model."""

from __future__ import annotations

import numpy as np
import pytest

from local_endpoints.engine.text.admission import Budgets, admitted
from local_endpoints.engine.text.delivery import ThreadInbox
from local_endpoints.engine.text.request import Request

ROOMY = {"slots": 16, "capacity": 96, "prefill_tokens": 10_000, "batch_tokens": 10_000}


def make_request(prompt: int, new: int = 10) -> Request:
    return Request(np.ones(prompt, np.int64), ThreadInbox(), max_new_tokens=new)


def lengths(waiting: list[int], active: list[int] | None = None, **budgets: int) -> list[int]:
    """Lengths of the prompts that are admitted; ``prompts`` bounds how many one prefill holds."""
    prompts = budgets.pop("prompts", 100)
    found = admitted(
        [make_request(length) for length in waiting],
        [make_request(length) for length in active or ()],
        Budgets(**{**ROOMY, **budgets}),
        prompts_at_once=lambda longest: prompts,
    )
    return [len(request.prompt) for request in found]


def test_all_that_fit_are_admitted_oldest_first() -> None:
    assert lengths([5, 3, 4]) == [5, 3, 4]
    assert lengths([]) == []
    assert lengths([], active=[5]) == []


@pytest.mark.parametrize(("active", "expected"), [(0, 3), (2, 1), (3, 0)])
def test_no_more_than_there_are_slots(active: int, expected: int) -> None:
    assert len(lengths([4] * 8, active=[4] * active, slots=3)) == expected


def test_padding_counts_in_a_prefill() -> None:
    assert lengths([10, 1, 1, 1], prefill_tokens=30) == [10, 1, 1]
    assert lengths([1, 1, 1, 10], prefill_tokens=30) == [1, 1, 1], "four rows of ten are too many"


def test_a_prompt_longer_than_the_prefill_is_read_alone() -> None:
    assert lengths([50, 1], prefill_tokens=30) == [50]
    assert lengths([50], active=[4], prefill_tokens=30) == [50]


def test_positions_of_the_whole_batch_are_counted() -> None:
    assert lengths([10, 10, 10], batch_tokens=40) == [10, 10]
    assert lengths([10, 10, 10], active=[10], batch_tokens=40) == [10]
    assert lengths([10], active=[10, 10], batch_tokens=40) == []


def test_a_request_larger_than_the_budget_is_answered_alone() -> None:
    assert lengths([50, 5], batch_tokens=40) == [50]
    assert lengths([50, 5], active=[5], batch_tokens=40) == []


def test_a_request_occupies_no_more_than_a_slot() -> None:
    long = [make_request(10, new=10_000) for _ in range(3)]
    budgets = Budgets(**{**ROOMY, "batch_tokens": 2 * 96})
    assert admitted(long, [], budgets, prompts_at_once=lambda longest: 100) == long[:2]


def test_nobody_overtakes() -> None:
    assert lengths([4, 30, 4], batch_tokens=40) == [4], "the last would fit"


def test_the_longest_prompt_decides_how_many_are_read_at_once() -> None:
    asked: list[int] = []

    def prompts_at_once(longest: int) -> int:
        asked.append(longest)
        return 1 if longest > 8 else 3

    waiting = [make_request(length) for length in (8, 2, 9, 2)]
    budgets = Budgets(**ROOMY)
    assert admitted(waiting, [], budgets, prompts_at_once=prompts_at_once) == waiting[:2]
    assert asked == [8, 8, 9]
