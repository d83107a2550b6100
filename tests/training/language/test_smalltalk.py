"""Everyday talk: answers that fit all news of a tone."""

from __future__ import annotations

import random

from training.language.blocks import remarks
from training.language.lexicon import Draw
from training.language.smalltalk import _LATE, _NEWS, _fitting_any, _remark, small_talk
from training.language.wording import vary

SORRY = ("i am sorry to hear that.", "oh no, i am sorry!", "that is not nice at all.")


def said(word: str) -> tuple[tuple[str, ...], ...]:
    """The shared answers of all news whose first wording has a word."""
    found = [
        _fitting_any(remark)
        for room in ("news", "events")
        for remark in remarks(room)
        if word in remark.said[0].lower()
    ]
    assert found
    return tuple(found)


def test_bad_news_and_good_news_share_answers_of_their_own() -> None:
    (bad,), (good,) = set(said("glasses [broke")), set(said("[adopted"))
    assert all(answer.lower().startswith(SORRY) for answer in bad)
    assert not any("sorry" in answer.lower() for answer in good)


def test_a_greeting_has_no_answer_that_fits_news() -> None:
    assert not any(map(_fitting_any, remarks("opening")))


def test_a_question_has_no_answer_that_fits_news() -> None:
    asking = [
        remark
        for room in _NEWS
        for remark in remarks(room)
        for text in remark.said
        if any(vary(random.Random(seed), text).endswith("?") for seed in range(8))
    ]
    assert any("How [can|do] I" in text for remark in asking for text in remark.said)
    assert not any(map(_fitting_any, asking))


def test_an_afternoon_is_an_evening_for_measures_only() -> None:
    late = remarks("everyday")[_LATE]
    assert "Good afternoon" in late.said[0]
    draws = (Draw(random.Random(1), held_out=held_out) for held_out in (True, False))
    kept, learned = ({_remark(draw) for _ in range(5000)} for draw in draws)
    assert late in kept
    assert late not in learned
    assert set(remarks("daytimes")) <= learned - kept


def test_what_is_measured_never_gets_a_shared_answer() -> None:
    draw = Draw(random.Random(0), held_out=True)
    answers = [small_talk(draw).messages[-1]["content"].lower() for _ in range(2000)]
    assert not any(answer.startswith(SORRY[2]) for answer in answers)
