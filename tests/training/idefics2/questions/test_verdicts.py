"""Questions that yes or no answers: half of each, with what is seen in front."""

from __future__ import annotations

import random

import pytest

from tests.training.idefics2.questions.drawn import BARE, FOX
from training.idefics2.pictures import strange_values, values_of
from training.idefics2.questions import verdicts
from training.idefics2.questions.phrases import NO_ANIMAL, NO_TELLING, Asker
from training.language.wording import vary
from training.world.scene import Scene, sample_training_scene

ASKERS: list[Asker] = [
    verdicts.ask_whether_animal,
    verdicts.ask_whether_place,
    verdicts.ask_whether_night,
    verdicts.ask_whether_color,
    verdicts.ask_whether_worn,
    verdicts.ask_whether_held,
    verdicts.ask_whether_ground,
]


def asked(asker: Asker, scene: Scene) -> set[tuple[str, str]]:
    rng = random.Random(4)
    found = (asker(values_of(scene), rng) for _ in range(3000))
    return {(vary(rng, each.question, animal=scene.animal), each.answer) for each in found if each}


@pytest.mark.parametrize("asker", ASKERS)
def test_half_of_each_kind_are_yes(asker: Asker) -> None:
    """Otherwise a model is right most of the time without looking."""
    rng = random.Random(3)
    scenes = (values_of(sample_training_scene(rng)) for _ in range(3000))
    answers = [each.answer for values in scenes if (each := asker(values, rng))]
    yes = sum(answer.endswith("so yes.") for answer in answers)
    no = sum(answer.endswith("so no.") for answer in answers)
    assert yes + no + answers.count(NO_TELLING) == len(answers) > 1000
    assert 0.42 < yes / (yes + no) < 0.58


@pytest.mark.parametrize(
    ("asker", "question", "answer"),
    [
        (verdicts.ask_whether_animal, "Is this a fox?", "It is a fox, so yes."),
        (verdicts.ask_whether_animal, "Is this an owl?", "It is a fox, so no."),
        (verdicts.ask_whether_animal, "Is it a dog?", "It is a fox, so no."),
        (verdicts.ask_whether_animal, "Do you see an animal?", "It is a fox, so yes."),
        (verdicts.ask_whether_place, "Is it in the snow?", "It is in the snow, so yes."),
        (verdicts.ask_whether_place, "Is the fox on the beach?", "It is in the snow, so no."),
        (verdicts.ask_whether_place, "Do you see snow?", "It is in the snow, so yes."),
        (verdicts.ask_whether_night, "Is it night?", "It is day, so no."),
        (verdicts.ask_whether_night, "Is it daytime?", "It is day, so yes."),
        (verdicts.ask_whether_color, "Is the scarf red?", "It is red, so yes."),
        (verdicts.ask_whether_color, "Is its scarf blue?", "It is red, so no."),
        (verdicts.ask_whether_color, "Is the sweater red?", "It wears a red scarf, so no."),
        (verdicts.ask_whether_color, "Is it holding an orange balloon?",
         "It holds an orange balloon, so yes."),
        (verdicts.ask_whether_worn, "Does it wear a scarf?", "It wears a red scarf, so yes."),
        (verdicts.ask_whether_worn, "Is it wearing a beanie?", "It wears a straw hat, so no."),
        (verdicts.ask_whether_worn, "Is there a hat?", "It wears a straw hat, so yes."),
        (verdicts.ask_whether_worn, "Is its head bare?", "It wears a straw hat, so no."),
        (verdicts.ask_whether_held, "Is it holding a laptop?",
         "It holds an orange balloon, so no."),
        (verdicts.ask_whether_held, "Are its paws empty?", "It holds an orange balloon, so no."),
        (verdicts.ask_whether_ground, "Are there cookies on the ground?",
         "There are flowers and a cup of tea on the ground, so no."),
        (verdicts.ask_whether_ground, "Is there a cup of tea on the ground?",
         "There are flowers and a cup of tea on the ground, so yes."),
    ],
)  # fmt: skip
def test_verdicts_about_the_fox(asker: Asker, question: str, answer: str) -> None:
    found = {said for wording, said in asked(asker, FOX) if wording == question}
    assert found == {answer}


@pytest.mark.parametrize(
    ("asker", "question", "answer"),
    [
        (verdicts.ask_whether_worn, "Does it wear a hat?", "It wears no hat, so no."),
        (verdicts.ask_whether_worn, "Does it wear a scarf?", "It wears no clothing, so no."),
        (verdicts.ask_whether_held, "Are its paws empty?", "It holds nothing, so yes."),
        (verdicts.ask_whether_night, "Is it dark?", "It is night, so yes."),
        (verdicts.ask_whether_ground, "Are there flowers on the ground?",
         "There is nothing on the ground, so no."),
    ],
)  # fmt: skip
def test_verdicts_about_what_the_owl_lacks(asker: Asker, question: str, answer: str) -> None:
    found = {said for wording, said in asked(asker, BARE) if wording == question}
    assert found == {answer}


@pytest.mark.parametrize("asker", ASKERS)
def test_nothing_is_seen_on_a_strange_picture(asker: Asker) -> None:
    rng = random.Random(5)
    answers = {each.answer for _ in range(300) if (each := asker(strange_values(), rng))}
    assert answers <= {
        f"{NO_ANIMAL[:-1]}, so no.",
        "I see no place that I know, so no.",
        "There is nothing on the ground, so no.",
    }


@pytest.mark.parametrize("asker", ASKERS)
def test_nobody_is_asked_about_what_is_uncertain(asker: Asker) -> None:
    rng = random.Random(6)
    unsure = dict.fromkeys(values_of(FOX), "")
    assert {asker(unsure, rng) for _ in range(200)} == {None}
