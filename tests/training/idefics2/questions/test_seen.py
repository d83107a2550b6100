"""Questions about one thing: of a fox with everything and of an owl with nothing."""

from __future__ import annotations

import re

import pytest

from tests.training.idefics2.questions.drawn import BARE, FOX, asked


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (r"what animal is (this|that)\b", {"A fox.", "It is a fox."}),
        (r"where is (it|the fox|the animal)\?", {"In the snow."}),
        (r"what is behind", {"A snowy place."}),
        (r"what does (it|the \w+) wear\?", {"A red scarf, a straw hat and glasses."}),
        (r"(kind of hat|what is on its head)", {"A straw hat."}),
        (r"below its head", {"A red scarf."}),
        (r"(hold|have in its paw|carrying)\?", {"An orange balloon."}),
        (r"what colou?r is (the|its) scarf", {"Red.", "It is red."}),
        (r"colou?r is (the|its) (straw )?hat", {"Yellow, like straw."}),
        (r"colou?r (is|has) (the|its) balloon", {"Orange.", "It is orange."}),
        (r"wearing glasses", {"It wears a red scarf, a straw hat and glasses."}),
        (r"is (this|it) an? \w+ or", {"It is a fox."}),
        (r"what (is|lies) on the ground", {"There are flowers and a cup of tea on the ground."}),
        (r"is it day or night", {"It is day."}),
        (r"in one short sentence", {"A fox in the snow."}),
    ],
)
def test_answers_are_about_what_is_asked(words: str, answers: set[str]) -> None:
    found = {answer for question, answer in asked(FOX) if re.search(words, question)}
    assert found == answers


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (r"what does (it|the \w+) wear\?", "It wears nothing."),
        (r"kind of hat", "It wears no hat."),
        (r"below its head", "It wears no clothing."),
        (r"colou?r is (the|its) scarf", "It wears no scarf."),
        (r"wearing glasses", "It wears no glasses."),
        (r"(hold|have in its paw|carrying)\?", "It holds nothing."),
        (r"colou?r is (the|its) hat", "It wears no hat."),
        (r"colou?r is (the|its) balloon", "It holds nothing."),
        (r"what (is|lies) on the ground", "There is nothing on the ground."),
        (r"what time of day", "It is night."),
    ],
)
def test_what_a_bare_owl_lacks(words: str, answer: str) -> None:
    found = {answer for question, answer in asked(BARE) if re.search(words, question)}
    assert found == {answer}
