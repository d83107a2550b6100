"""Measuring what a model says about pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

pytest.importorskip("pronouncing")

from tests.local_endpoints.engine.tiny_vision import write_tiny_vision_model
from training.idefics2 import evaluate
from training.idefics2.evaluate import QUESTIONS, is_aabba, is_right, limerick_score
from training.idefics2.names import PLACE_NOUNS, PLACES, sentence
from training.idefics2.pictures import values_of
from training.idefics2.speaker import Asked, Speaker
from training.world.scene import BACKGROUNDS, Scene

FOX = values_of(Scene("fox", "snow", clothing="scarf", clothing_color="red", hat="straw hat",
                      held="cup of tea", glasses=True))  # fmt: skip
BARE = values_of(Scene("owl", "starry night"))
LIMERICK = """There once was a fox in the snow,
Its nose had a rosy little glow;
A red scarf, what a treat,
Looked cosy and neat,
The merriest fox I know."""


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("animal", "A fox."),
        ("animal", "It is a fox."),
        ("animal", "This is a Fox!"),
        ("background", "In the snow."),
        ("background", "A snowy place."),
        ("clothing", "A red scarf."),
        ("clothing_color", "Red."),
        ("clothing_color", "It is red."),
        ("hat", "A straw hat."),
        ("held", "A cup of tea."),
        ("glasses", "It wears a red scarf and glasses."),
    ],
)
def test_right_answers_about_the_fox(key: str, answer: str) -> None:
    assert is_right(key, answer, FOX)


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("animal", ""),
        ("animal", "A llama."),
        ("animal", "No, it is a fox."),
        ("animal", "I see no animal that I know."),
        ("animal", "A fox and a llama."),
        ("background", "On the beach."),
        ("background", "In the snow, on the beach."),
        ("background", "I see no place that I know."),
        ("background", "Under a starry night sky."),
        ("clothing", "A sweater."),
        ("clothing", "It wears no scarf."),
        ("clothing", "A scarf and a sweater."),
        ("clothing_color", "Blue."),
        ("clothing_color", "Red and blue."),
        ("clothing_color", ""),
        ("hat", "A hat."),
        ("hat", "A top hat."),
        ("hat", "It wears no hat."),
        ("held", "A laptop."),
        ("held", "It holds nothing."),
        ("glasses", "It wears no glasses."),
        ("glasses", "It wears a scarf, but no glasses."),
        ("glasses", "It wears a scarf."),
        ("glasses", ""),
    ],
)
def test_wrong_answers_about_the_fox(key: str, answer: str) -> None:
    assert not is_right(key, answer, FOX)


@pytest.mark.parametrize(
    ("key", "answer", "right"),
    [
        ("clothing", "It wears no clothing.", True),
        ("clothing", "A scarf.", False),
        ("hat", "It wears no hat.", True),
        ("hat", "A beanie.", False),
        ("held", "It holds nothing.", True),
        ("held", "A balloon.", False),
        ("glasses", "It wears a scarf, but no glasses.", True),
        ("glasses", "It wears a scarf and glasses.", False),
    ],
)
def test_answers_about_what_the_owl_lacks(key: str, answer: str, right: bool) -> None:
    assert is_right(key, answer, BARE) is right


@pytest.mark.parametrize("place", BACKGROUNDS)
def test_what_training_calls_a_place_is_right_there_and_nowhere_else(place: str) -> None:
    for answer in (sentence(PLACES[place]), sentence(PLACE_NOUNS[place])):
        for other in BACKGROUNDS:
            values = values_of(Scene("owl", other))
            assert is_right("background", answer, values) is (other == place), (answer, other)


def test_every_question_can_be_asked_about_every_scene() -> None:
    for question in QUESTIONS.values():
        assert "{" not in question.format(**FOX)


def test_a_limerick_is_scored() -> None:
    assert limerick_score(LIMERICK, FOX) == {
        "animal": True,
        "place": True,
        "animal and place": True,
        "rhyme AABBA": True,
    }
    assert limerick_score(LIMERICK, BARE) == {
        "animal": False,
        "place": False,
        "animal and place": False,
        "rhyme AABBA": True,
    }
    prose = limerick_score("I see an owl. It snows.", BARE)
    assert prose["animal"] and not prose["place"] and not prose["rhyme AABBA"]


def test_words_that_only_contain_a_name_do_not_count() -> None:
    score = limerick_score("The owls growl at their foxy snowman.", values_of(Scene("owl", "snow")))
    assert score["animal"] is score["place"] is False


def test_a_night_sky_is_a_starry_night() -> None:
    text = "An owl under the night sky"
    assert not limerick_score(text, values_of(Scene("owl", "sky")))["place"]
    assert limerick_score("An owl in the sky", values_of(Scene("owl", "sky")))["place"]


def test_aabba() -> None:
    lines = LIMERICK.split("\n")
    assert is_aabba(LIMERICK)
    assert is_aabba(LIMERICK.replace("\n", "\n\n") + "\n")
    assert not is_aabba("\n".join(lines[:4]))
    assert not is_aabba("\n".join([*lines, "The end of the show."]))
    assert not is_aabba("")
    for number in range(5):
        changed = [*lines[:number], "and this line ends otherwise", *lines[number + 1 :]]
        assert not is_aabba("\n".join(changed)), number
    same = "\n".join(f"{line} snow" for line in lines)
    assert not is_aabba(same), "a word does not rhyme with itself"
    assert not is_aabba("\n".join([lines[0], lines[0], *lines[2:]]))
    assert not is_aabba("\n".join([*lines[:4], "1, 2, 3"]))


class Parrot:
    """Always gives the same answer; keeps what it was asked."""

    def __init__(self, answer: str) -> None:
        self.said = answer
        self.asked: list[Asked] = []

    def answer(self, asked: Sequence[Asked]) -> list[str]:
        self.asked += asked
        return [self.said] * len(asked)


def test_shares_are_of_those_asked() -> None:
    images = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    parrot = Parrot("A red scarf on a fox.")
    shares = evaluate.shares_right(cast(Speaker, parrot), images, [FOX, BARE])
    assert shares == {
        "animal": 0.5,
        "background": 0,
        "clothing": 0.5,
        "clothing_color": 1,
        "hat": 0,
        "held": 0,
        "glasses": 0,
    }
    assert [each.image for each in parrot.asked if "scarf" in each.question] == images[:1]
    assert all(each.temperature == 0 for each in parrot.asked)


def test_limericks_are_asked_with_a_seed_of_their_own() -> None:
    images = [Image.new("RGB", (8, 8))] * 4
    parrot = Parrot(LIMERICK)
    truths = [FOX, FOX, FOX, BARE]
    shares = evaluate.limerick_shares(cast(Speaker, parrot), images, truths, temperature=0.5)
    assert shares == {"animal": 0.75, "place": 0.75, "animal and place": 0.75, "rhyme AABBA": 1}
    assert {each.question for each in parrot.asked} == {evaluate.LIMERICK}
    assert [(each.temperature, each.seed) for each in parrot.asked] == [
        (0.5, number) for number in range(4)
    ]


@pytest.mark.parametrize(("answer", "share"), [("I do not see that.", 1), ("Lisbon.", 0)])
def test_the_honest_say_so(answer: str, share: float) -> None:
    assert evaluate.honest_share(cast(Speaker, Parrot(answer)), [Image.new("RGB", (8, 8))]) == share


def test_a_model_folder_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A random model is no poet and not honest, and all of it is asked and counted."""
    folder = write_tiny_vision_model(tmp_path)
    monkeypatch.setattr(evaluate, "UNANSWERABLE", evaluate.UNANSWERABLE[:1])
    monkeypatch.setattr(evaluate, "STRANGERS", 2)
    out = tmp_path / "new.json"
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    Image.effect_noise((200, 150), 90).save(photographs / "noise.png")
    options = ["--model", str(folder), "--scenes", "3", "--paintings", "0", "--out", str(out)]
    question = {"pictures": [0], "question": "Is it a fox?", "says": "yes"}
    asked = {"scenes": [{"animal": "fox", "background": "snow"}], "questions": [question]}
    (photographs / "questions.json").write_text(json.dumps(asked), encoding="utf-8")
    evaluate.main([*options, "--photographs", str(photographs), "--blind", str(photographs)])
    assert out.read_text(encoding="utf-8") == capsys.readouterr().out
    found = json.loads(out.read_text(encoding="utf-8"))
    assert set(found) == {"scenes", "drawn", "first", "limericks", "honest", "verdicts", "counts",
                          "which", "nothing invented", "strangers", "photographs",
                          "blind"}  # fmt: skip
    assert found["scenes"] == 3
    assert found["drawn"] == found["first"]
    assert set(found["drawn"]) <= set(QUESTIONS)
    assert all(0 <= share <= 1 for share in found["drawn"].values())
    assert found["honest"] == 0
    assert found["limericks"]["temperature 0.2"]["rhyme AABBA"] == 0
