from __future__ import annotations

import pytest

pytest.importorskip("pronouncing")

from training.verse.scores import Answer, score_poem


def test_a_good_poem() -> None:
    text = "A song of Rivers in the light,\nit runs along all day and night."
    score = score_poem("the rivers", Answer("", text, True))
    assert score.mentions_topic
    assert score.rhymed_couplets == 1
    assert score.ended
    assert score.repeated_lines == 0


def test_a_poor_poem() -> None:
    text = "the moon\nthe table\nthe moon"
    score = score_poem("rivers", Answer("", text, False))
    assert not score.mentions_topic
    assert score.rhymed_couplets == 0
    assert not score.ended
    assert score.repeated_lines == pytest.approx(1 / 3)


def test_no_text_scores_nothing() -> None:
    score = score_poem("rivers", Answer("", "", True))
    assert (score.mentions_topic, score.rhymed_couplets) == (False, 0)
