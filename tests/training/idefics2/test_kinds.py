"""The kinds of questions that are measured: fair, true, and read rightly."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.training.idefics2.truth import counted, is_so
from training.idefics2.kinds import (
    COUNTED,
    KINDS,
    NUMBERS,
    ORDINALS,
    count_cases,
    said,
    verdict_cases,
    which_cases,
)
from training.idefics2.pictures import values_of
from training.world.scene import NOTHING, held_out_scenes

TRUTHS = [values_of(scene) for scene in held_out_scenes(200, seed=3)]


@pytest.mark.parametrize("kind", KINDS)
def test_half_of_each_kind_is_yes_and_all_of_it_is_true(kind: str) -> None:
    cases = [*verdict_cases(kind, TRUTHS)]
    assert Counter(case.right for case in cases).keys() == {"yes", "no"}
    assert sum(case.right == "yes" for case in cases) * 2 == len(cases) >= 40
    for case in cases:
        (number,) = case.pictures
        assert is_so(case.question.lower(), TRUTHS[number]) == (case.right == "yes"), case


@pytest.mark.parametrize("noun", COUNTED)
def test_counts_are_true(noun: str) -> None:
    cases = [*count_cases(noun, TRUTHS)]
    for case in cases:
        (number,) = case.pictures
        assert counted(case.question.lower(), TRUTHS[number]) == NUMBERS.index(case.right)
    shares = Counter(case.right for case in cases)
    assert len(shares) > 1 or noun == "animals"
    assert max(shares.values()) <= 10 * min(shares.values()) or noun == "animals"


@pytest.mark.parametrize("key", ["animal", "background", "held"])
@pytest.mark.parametrize("count", [2, 3])
def test_each_place_in_the_row_is_right_about_equally_often(key: str, count: int) -> None:
    cases = [*which_cases(key, count, TRUTHS)]
    shares = Counter(case.right for case in cases)
    assert shares.keys() == {*ORDINALS[:count]}
    assert max(shares.values()) < 2.5 * min(shares.values())
    for case in cases:
        seen = [TRUTHS[number][key] for number in case.pictures]
        named = seen[ORDINALS.index(case.right)]
        assert seen.count(named) == 1 and named != NOTHING


@pytest.mark.parametrize(
    ("answer", "kind", "verdict"),
    [
        ("It is a bear, so no.", "animal", "no"),
        ("I see no animal that I know, so no.", "animal", "no"),
        ("No, it is a bear.", "animal", "no"),
        ("Yes, a bear.", "animal", "yes"),
        ("Yes.", "flowers", "yes"),
        ("It is a bear.", "animal", ""),
        ("A straw hat.", "any hat", "yes"),
        ("It wears no hat.", "any hat", "no"),
        ("It wears a red scarf, but no glasses.", "glasses", "no"),
        ("It wears a red scarf and glasses.", "glasses", "yes"),
        ("It holds nothing.", "anything held", "no"),
        ("It is day.", "night", "no"),
        ("It is day.", "day", "yes"),
        ("One.", "count", "one"),
        ("It holds a red flower. There are flowers on the ground, so five.", "count", "five"),
        ("In the second picture.", "which", "second"),
        ("A fox and an owl, so the second.", "which", "second"),
        ("A fox and a fox, so the first and second.", "which", "first and second"),
        ("I do not see that.", "flowers", ""),
    ],
)
def test_what_an_answer_says(answer: str, kind: str, verdict: str) -> None:
    assert said(answer, kind) == verdict
