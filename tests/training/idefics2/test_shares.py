"""Shares of right answers: whoever always says the same is right half of the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import pytest
from PIL import Image

from training.idefics2.kinds import COUNTED, KINDS
from training.idefics2.pictures import values_of
from training.idefics2.shares import (
    ABOUT_STRANGERS,
    count_shares,
    stranger_shares,
    true_share,
    verdict_shares,
    which_shares,
)
from training.idefics2.speaker import Asked, Speaker
from training.world.scene import held_out_scenes

TRUTHS = [values_of(scene) for scene in held_out_scenes(60, seed=2)]
PICTURES = [Image.new("RGB", (8, 8), (number, 0, 0)) for number in range(60)]


def speaking(answer: Callable[[Asked], str]) -> Speaker:
    class Stub:
        def answer(self, asked: Sequence[Asked]) -> list[str]:
            return [answer(each) for each in asked]

    return cast(Speaker, Stub())


def test_a_constant_is_right_about_one_verdict_of_each_kind() -> None:
    shares = verdict_shares(speaking(lambda _: "It is a bear, so yes."), PICTURES, TRUTHS)
    assert shares == {kind: {"yes": 1.0, "no": 0.0} for kind in KINDS}


def test_a_constant_number_is_right_once() -> None:
    shares = count_shares(speaking(lambda _: "One."), PICTURES, TRUTHS)
    assert shares.keys() == COUNTED.keys()
    for numbers in shares.values():
        assert all(share == (number == "one") for number, share in numbers.items())


def test_the_pictures_of_a_question_are_shown_in_their_order() -> None:
    shown: list[Asked] = []

    def answer(asked: Asked) -> str:
        shown.append(asked)
        return "A bear and a fox, so the first."

    shares = which_shares(speaking(answer), PICTURES, TRUTHS)
    assert shares["animal in 2"] == {"first": 1.0, "second": 0.0}
    assert shares["held in 3"] == {"first": 1.0, "second": 0.0, "third": 0.0}
    for asked in shown:
        numbers = [image.getpixel((0, 0))[0] for image in (asked.image, *asked.more)]
        assert numbers == [*range(numbers[0], numbers[0] + len(numbers))]


def test_a_text_that_names_nothing_is_true() -> None:
    assert true_share(speaking(lambda _: "Hm."), PICTURES, TRUTHS, "Well?") == 1
    some = true_share(speaking(lambda _: "A llama with glasses."), PICTURES, TRUTHS, "Well?")
    assert some < 0.2


@pytest.mark.parametrize(
    ("answer", "share"), [("I see no animal that I know.", 1), ("A fox in a top hat.", 0)]
)
def test_strangers(answer: str, share: float) -> None:
    found = stranger_shares(speaking(lambda _: answer), PICTURES[:3])
    assert found == dict.fromkeys(ABOUT_STRANGERS, share)
