from __future__ import annotations

from tests.training.idefics2.truth import NOUNS
from training.idefics2.questions.honest import THINGS
from training.idefics2.questions.verdicts import OTHER_ANIMALS
from training.world.scene import ANIMALS


def test_what_is_not_there_is_nothing_that_can_be_there() -> None:
    assert not set(THINGS) & {*NOUNS, "glasses", "flowers", "treats", "cookies", "star"}


def test_animals_that_are_not_there_are_asked_about_elsewhere() -> None:
    """One kind of question gets one kind of answer."""
    assert not set(OTHER_ANIMALS) & {*THINGS, *ANIMALS}
