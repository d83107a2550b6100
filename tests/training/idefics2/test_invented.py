"""What a text names that is not there."""

from __future__ import annotations

import random

import pytest

from tests.training.idefics2.truth import sampled_values
from training.idefics2.invented import invented
from training.idefics2.limericks import limerick
from training.idefics2.pictures import values_of
from training.idefics2.questions.describe import description
from training.world.scene import Scene

FOX = values_of(Scene("fox", "snow", clothing="scarf", clothing_color="red", hat="straw hat",
                      held="cup of tea", glasses=True))  # fmt: skip
BARE = values_of(Scene("owl", "starry night", tea=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A fox wearing a red scarf, a straw hat and glasses, holding a cup of tea.", []),
        ("A fox wearing a blue scarf.", []),
        ("A fox wearing a red scarf, but no glasses.", []),
        ("A fox holding a cookbook in the snow.", ["cookbook"]),
        ("It held up a book\nand wanted to cook,", ["cookbook"]),
        ("An owl in a party hat.", ["owl", "party hat"]),
        ("In a red bow tie it nodded.", ["bow tie"]),
        ("There are flowers and treats on the ground.", ["flowers", "treats"]),
        ("Its orange flower, held tight", ["flower"]),
        ("The stars were out on the hill", []),
    ],
)
def test_a_fox(text: str, found: list[str]) -> None:
    assert invented(text, FOX) == found


def test_tea_may_be_held_or_stand_on_the_ground() -> None:
    assert invented("With tea in a cup", FOX) == invented("With tea in a cup", BARE) == []
    assert invented("With tea in a cup", values_of(Scene("owl", "sky"))) == ["tea"]


def test_nothing_that_the_training_says_is_invented() -> None:
    rng = random.Random(3)
    for _ in range(2000):
        values = sampled_values(rng)
        for text in (limerick(values, rng), description(values)):
            assert text is None or invented(text, values) == [], (text, values)


def test_whatever_is_taken_away_is_noticed() -> None:
    rng = random.Random(4)
    nothing = values_of(Scene("cat", "snow"))
    noticed = 0
    for _ in range(300):
        values = sampled_values(rng)
        text = description(values)
        if text and values["held"] not in ("", "nothing"):
            noticed += 1
            assert invented(text, {**nothing, "animal": values["animal"]})
    assert noticed > 50
