from __future__ import annotations

import pytest

from training.idefics2.questions.phrases import Exchange


@pytest.mark.parametrize(
    ("question", "answer"), [("", "A fox."), ("Who is it?", ""), (" ", "A fox."), ("Who?", "\n")]
)
def test_nobody_learns_from_an_empty_exchange(question: str, answer: str) -> None:
    with pytest.raises(AssertionError):
        Exchange(question, answer)
