"""The blind set: what it asks is true, and answers to it are judged rightly."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.training.idefics2.truth import counted, is_so
from training.idefics2.blind import Blind, read
from training.idefics2.pictures import values_of
from training.world.scene import Scene

FOLDER = Path(__file__).parent / "blind"
PICTURE = Image.new("RGB", (8, 8))


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "questions.json").read_text(encoding="utf-8"))
    return loaded


def test_there_are_sixty_with_their_pictures(written: dict[str, Any]) -> None:
    questions = read(FOLDER)
    assert len(questions) == len({(*map(str, each["pictures"]), each["question"])
                                  for each in written["questions"]}) == 60  # fmt: skip
    assert Counter(len(each.pictures) for each in questions) == {1: 55, 2: 4, 3: 1}
    assert all((each.says != "") != (each.names != "") for each in questions)
    says = Counter(each.says for each in questions)
    assert says["yes"] >= 12 and says["no"] >= 15


def test_what_is_said_to_be_right_is_true(written: dict[str, Any]) -> None:
    truths = [values_of(Scene(**fields)) for fields in written["scenes"]]
    checked = 0
    for each in written["questions"]:
        number, *others = each["pictures"]
        asked = each["question"].lower().replace("foxx", "fox")
        if others or isinstance(number, str) or "says" not in each:
            continue
        if each["says"] in ("yes", "no") and not re.search(r"head|drinking|lying", asked):
            checked += 1
            assert is_so(asked, truths[number]) == (each["says"] == "yes"), each
        elif asked.startswith("how many") and each["says"] not in ("yes", "no"):
            checked += 1
            number_words = ("none", "one", "two", "three", "four", "five")
            assert counted(asked, truths[number]) == number_words.index(each["says"]), each
    assert checked > 30


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        (Blind((PICTURE,), "Is it an owl?", says="no"), "It is a fox, so no.", True),
        (Blind((PICTURE,), "Is it an owl?", says="no"), "It is a fox.", False),
        (Blind((PICTURE,), "Is it an owl?", says="no"), "It is an owl, so yes.", False),
        (Blind((PICTURE,), "A hat?", says="no", kind="any hat"), "It wears no hat.", True),
        (Blind((PICTURE,), "Which?", says="second"), "A fox and a cat, so the second.", True),
        (Blind((PICTURE,), "What?", names="red", never="blue"), "Red.", True),
        (Blind((PICTURE,), "What?", names="red", never="blue"), "Red and blue.", False),
        (Blind((PICTURE,), "What?", names="red", never="blue"), "Green.", False),
    ],
)
def test_answers_are_judged(question: Blind, answer: str, right: bool) -> None:
    assert question.is_right(answer) is right
