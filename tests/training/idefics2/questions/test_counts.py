"""How many: what is counted stands before the number."""

from __future__ import annotations

import random

import pytest

from tests.training.idefics2.questions.drawn import BARE, FOX
from training.idefics2.pictures import strange_values, values_of
from training.idefics2.questions import counts
from training.language.wording import vary
from training.world.ground import BED
from training.world.scene import Scene

GARDENER = Scene("bear", "field", held="flower", held_color="red", flowers=True, treats=True)
BOTH = "It holds an orange balloon. There are flowers and a cup of tea on the ground"


def answers(scene: Scene, noun: str) -> set[str]:
    rng = random.Random(4)
    askers = (counts.ask_count, counts.ask_count_of_things)
    found = [asker(values_of(scene), rng) for _ in range(2000) for asker in askers]
    return {each.answer for each in found
            if each and vary(rng, each.question).startswith(f"How many {noun} ")}  # fmt: skip


@pytest.mark.parametrize(
    ("scene", "noun", "answer"),
    [
        (FOX, "animals", "It is a fox, so one."),
        (FOX, "foxes", "It is a fox, so one."),
        (FOX, "owls", "It is a fox, so none."),
        (FOX, "hats", "It wears a straw hat, so one."),
        (FOX, "trees", "It is in the snow, so two."),
        (FOX, "balloons", "It holds an orange balloon, so one."),
        (FOX, "laptops", "It holds an orange balloon, so none."),
        (FOX, "flowers", f"{BOTH}. None and four, so four."),
        (FOX, "cookies", "There are flowers and a cup of tea on the ground, so none."),
        (FOX, "cups of tea", f"{BOTH}, so one."),
        (BARE, "hats", "It wears no hat, so none."),
        (BARE, "trees", "It is under a starry night sky, so none."),
        (BARE, "flowers",
         "It holds nothing. There is nothing on the ground. None and none, so none."),
        (GARDENER, "flowers",
         "It holds a red flower. There are flowers and treats on the ground. One and four, "
         "so five."),
        (GARDENER, "cookies", "There are flowers and treats on the ground, so two."),
    ],
)  # fmt: skip
def test_counts(scene: Scene, noun: str, answer: str) -> None:
    assert answers(scene, noun) == {answer}


def test_there_are_as_many_flowers_as_are_drawn() -> None:
    assert len(BED) == counts.FLOWERS


def test_a_stranger_has_nothing_that_could_be_counted() -> None:
    rng = random.Random(1)
    said = {each.answer for _ in range(500)
            if (each := counts.ask_count_of_things(strange_values(), rng))}  # fmt: skip
    assert said <= {
        "I see no animal that I know, so none.",
        "I see no place that I know.",
        "There is nothing on the ground, so none.",
        "I see no animal that I know. There is nothing on the ground, so none.",
        "I see no animal that I know. There is nothing on the ground. None and none, so none.",
    }


def test_what_is_uncertain_is_not_counted() -> None:
    rng = random.Random(2)
    unsure = dict.fromkeys(values_of(FOX), "")
    for asker in (counts.ask_count, counts.ask_count_of_things):
        assert {asker(unsure, rng) for _ in range(200)} == {None}
