from __future__ import annotations

from tests.training.idefics2.truth import NOUNS
from training.idefics2.questions.honest import THINGS


def test_what_is_not_there_is_nothing_that_can_be_there() -> None:
    assert not set(THINGS) & {*NOUNS, "glasses", "flowers", "treats", "cookies", "star"}
