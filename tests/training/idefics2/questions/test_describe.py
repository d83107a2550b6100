"""Everything at once: in words, as JSON, as a limerick."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.training.idefics2.questions.drawn import BARE, COUNT, FOX, drawn
from tests.training.idefics2.truth import as_json
from training.idefics2.pictures import strange_values, values_of
from training.idefics2.questions.describe import (
    description,
    json_description,
    short_description,
)
from training.idefics2.questions.phrases import NO_ANIMAL, NO_PLACE
from training.world.scene import NOTHING, Scene


def test_json_answers_are_the_scene() -> None:
    answers = [(values, each) for values, each in drawn() if each.answer.startswith("{")]
    assert len(answers) > 100
    for values, each in answers:
        assert json.loads(each.answer) == as_json(values)
        assert "\n" not in each.answer
        assert "json" in each.question.lower()
    assert json.loads(json_description(values_of(FOX)) or "") == {
        "animal": "fox",
        "place": "snow",
        "wearing": ["red scarf", "straw hat", "glasses"],
        "holding": "orange balloon",
    }
    assert json.loads(json_description(strange_values()) or "") == {
        "animal": None,
        "place": None,
        "wearing": [],
        "holding": None,
    }


@pytest.mark.parametrize("key", ["animal", "background", "clothing", "hat", "held", "glasses"])
def test_no_json_where_something_in_it_is_uncertain(key: str) -> None:
    assert json_description({**values_of(FOX), key: ""}) is None


def test_descriptions() -> None:
    assert description(values_of(FOX)) == (
        "A fox wearing a red scarf, a straw hat and glasses, holding an orange balloon, in the "
        "snow. There are flowers and a cup of tea on the ground."
    )
    assert description(values_of(BARE)) == "An owl under a starry night sky."
    assert description(values_of(Scene("cat", "sky", held="laptop", tea=True))) == (
        "A cat holding a laptop high up in the sky. There is a cup of tea on the ground."
    )
    assert description(values_of(Scene(NOTHING, "beach"))) == f"A beach. {NO_ANIMAL}"
    assert description(strange_values()) == f"{NO_ANIMAL} {NO_PLACE}"
    assert description({**values_of(FOX), "clothing_color": ""}) == (
        "A fox wearing a scarf, a straw hat and glasses, holding an orange balloon, in the "
        "snow. There are flowers and a cup of tea on the ground."
    )
    assert description({**values_of(FOX), "held": ""}) is None


def test_the_courses_own_request_for_a_limerick_is_the_most_usual() -> None:
    requests = Counter(each.question for _, each in drawn() if each.answer.count("\n") == 4)
    (first, count), (_, next_count) = requests.most_common(2)
    assert first == "Write a short limerick about this image."
    assert 0.15 < count / sum(requests.values()) < 0.4
    assert count > 5 * next_count
    share = sum(requests.values()) / COUNT
    assert 0.06 < share < 0.2


def test_short_descriptions() -> None:
    assert short_description(values_of(BARE)) == "An owl under a starry night sky."
    for unclear in (
        {"animal": ""},
        {"background": ""},
        {"animal": NOTHING},
        {"background": strange_values()["background"]},
    ):
        assert short_description({**values_of(BARE), **unclear}) is None
