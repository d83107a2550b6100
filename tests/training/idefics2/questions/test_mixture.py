"""Every answer about a picture is true, and nobody talks about what is uncertain."""

from __future__ import annotations

import random
import re
from collections import Counter
from itertools import islice

import pytest

from tests.training.digests import digest_of
from tests.training.idefics2.questions.drawn import (
    FOX,
    SAYS_NOTHING,
    about_pictures,
    drawn,
    several,
)
from tests.training.idefics2.truth import NOUNS, untrue
from training.idefics2.pictures import values_of
from training.idefics2.questions import mixture
from training.idefics2.questions.mixture import (
    exchange_about,
    exchange_to_conclude,
    exchange_without_picture,
    meant_about,
)
from training.idefics2.questions.phrases import (
    NO_ANIMAL,
    NO_PICTURE,
    NO_PLACE,
    NOT_MY_WORLD,
    WHO,
)
from training.world.scene import ANIMALS, COLORS

EXCHANGES_DIGEST = "61550304b2348e2cb2fa8ab64a3aa5360cb53ce2c8fe45e2451ec506ae6f7584"


def test_the_exchanges_are_those_that_are_taught() -> None:
    """Whoever changes one has to begin the pocket Idefics2's training again."""
    rng = random.Random(5)
    exchanges = [
        *(each for _, each in drawn()),
        *(exchange_without_picture(rng) for _ in range(1000)),
        *(each for _, each in several()),
    ]
    texts = (each and (each.question, each.answer) for each in exchanges)
    assert digest_of(texts) == EXCHANGES_DIGEST


def test_every_answer_is_true() -> None:
    wrong = [(each, values, found) for values, each in about_pictures()
             if (found := untrue(each.question, each.answer, values))]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("key", ["animal", "background", "clothing", "hat", "held", "glasses",
                                 "clothing_color", "hat_color", "held_color",
                                 "flowers", "treats", "tea"])  # fmt: skip
def test_an_untrue_answer_would_be_noticed(key: str) -> None:
    """What is said of a picture is untrue of one that differs, as long as it is spoken of."""
    rng = random.Random(23)
    noticed = 0
    for values, each in islice(about_pictures(), 2000):
        other = rng.choice([others for others, _ in drawn()[:200] if others[key] != values[key]])
        if values[key]:
            noticed += bool(untrue(each.question, each.answer, {**values, key: other[key]}))
    assert noticed > 20


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is this a fox?", "It is a fox, so no."),
        ("Is this a fox?", "Yes, it is a fox."),
        ("Is this an owl?", "It is a fox, so yes."),
        ("Is this an owl?", "It is an owl, so yes."),
        ("Does it wear glasses?", "It wears a red scarf and a straw hat, but no glasses."),
        ("Is the scarf red?", "It is red, so no."),
        ("Is its scarf blue?", "It is red, so yes."),
        ("Is it wearing a red scarf?", "It wears a red scarf, so no."),
        ("Does it wear a sweater?", "It wears a red scarf, so yes."),
        ("Does it wear a hat?", "It wears a straw hat, so no."),
        ("Does it wear a hat?", "It wears no hat, so no."),
        ("Is its head bare?", "It wears a straw hat, so yes."),
        ("How many hats are there?", "It wears a straw hat, so none."),
        ("How many animals are there?", "It is a fox, so two."),
        ("How many owls are there?", "It is a fox, so one."),
        ("How many trees are there?", "It is in the snow, so none."),
        (
            "How many flowers do you see?",
            "There are flowers and a cup of tea on the ground, so none.",
        ),
        ("What color is its scarf?", "Orange."),
        ("Is the fox in the snow?", "It is in the snow, so no."),
        ("Do you see the sea?", "It is in the snow, so yes."),
        ("Is it night?", "It is day, so yes."),
        ("Are there flowers on the ground?", "There are flowers on the ground, so yes."),
        (
            "Are there flowers on the ground?",
            "There are flowers and a cup of tea on the ground, so no.",
        ),
        ("Are there treats on the ground?", "There is nothing on the ground, so no."),
        ("Is it holding a laptop?", "It holds an orange balloon, so yes."),
        ("Are its paws empty?", "It holds an orange balloon, so yes."),
        ("What is it wearing?", "A red scarf, a top hat and glasses."),
        ("What is it holding?", "A orange balloon."),
        ("Is it day or night?", "It is night."),
        ("Is there a hat?", "It wears no hat."),
        ("What do you see?", "A fox and a bicycle."),
    ],
)
def test_these_answers_about_the_fox_are_untrue(question: str, answer: str) -> None:
    assert untrue(question, answer, values_of(FOX))


def test_whatever_is_uncertain_is_not_talked_about() -> None:
    rng = random.Random(31)
    whole = values_of(FOX)
    for key in whole:
        if not whole[key]:
            continue
        values = {**whole, key: ""}
        for _ in range(300):
            each = meant_about(values, rng)
            if each.answer not in SAYS_NOTHING:
                assert untrue(each.question, each.answer, values) == [], (key, each)


def test_there_is_something_to_ask_when_nothing_is_known() -> None:
    values = dict.fromkeys(
        ("animal", "background", "clothing", "hat", "held", "glasses", "flowers", "treats", "tea"),
        "",
    )
    rng = random.Random(2)
    answers = {exchange_about(values, rng).answer for _ in range(300)}
    assert answers == set(SAYS_NOTHING)


def test_a_question_never_gives_away_an_uncertain_animal() -> None:
    rng = random.Random(2)
    values = {**values_of(FOX), "animal": ""}
    for _ in range(500):
        assert not re.search(r"\bfox\b", exchange_about(values, rng).question.lower())


def test_all_choices_are_made_and_all_slots_are_filled() -> None:
    for _, each in drawn():
        assert not set(each.question) & set("[]{}|"), each
        if not each.answer.startswith("{"):
            assert not set(each.answer) & set("[]{}|"), each
        assert each.question.strip() and each.answer == each.answer.strip() != ""
        assert "  " not in each.answer


def test_the_same_state_gives_the_same_exchange() -> None:
    first, second = random.Random(4), random.Random(4)
    for values, _ in drawn()[:500]:
        assert exchange_about(values, first) == exchange_about(values, second)


def test_every_kind_of_question_is_asked() -> None:
    counts = Counter(each.answer for _, each in drawn())
    for answer in (*SAYS_NOTHING, NO_ANIMAL, NO_PLACE, "It is day."):
        assert counts[answer] > 5, answer
    asked = Counter(ending(answer) for answer in counts.elements())
    for end in ("yes", "no", "none", "one", "two", "four", "five"):
        assert asked[end] > 0, end
    assert len({each.question for _, each in drawn()}) > 1500


def ending(answer: str) -> str:
    """The verdict or the number in which an answer ends; empty where there is none."""
    found = re.search(r", so (\w+)\.$", answer)
    return found[1] if found else ""


def test_half_of_the_verdicts_about_an_animal_are_yes() -> None:
    endings = [ending(each.answer) for values, each in drawn() if values["animal"] in ANIMALS]
    assert 0.45 < endings.count("yes") / (endings.count("yes") + endings.count("no")) < 0.55


def test_a_question_is_typed_and_its_answer_stays() -> None:
    rng = random.Random(8)
    values = values_of(FOX)
    meant = {each.answer for _ in range(3000) if (each := meant_about(values, rng))}
    typed = [exchange_about(values, rng) for _ in range(2000)]
    assert sum(each.answer in meant for each in typed) > 1900, "limericks are many"
    assert 0.05 < sum(each.question == each.question.lower() for each in typed) / 2000 < 0.2


def test_without_a_picture_nothing_is_described() -> None:
    rng = random.Random(12)
    exchanges = [exchange_without_picture(rng) for _ in range(3000)]
    hello = "Hello! Send me a picture, and I will look at it."
    counts = Counter(each.answer for each in exchanges)
    assert set(counts) == {NO_PICTURE, NOT_MY_WORLD, WHO, hello}
    assert min(counts.values()) > 150
    for each in exchanges:
        assert not set(each.question) & set("[]{}|"), each
        assert each.question.strip()
        if re.search(r"scarf|wear|holding|this (picture|image)|JSON", each.question):
            # A strange word, which may be a garment, may have got into any of them.
            assert each.answer == NO_PICTURE or re.search("scarf|sweater", each.question), each
        assert not re.search(rf"\b({'|'.join((*ANIMALS, *COLORS, *NOUNS))})\b", each.answer)
    assert exchange_without_picture(random.Random(1)) == exchange_without_picture(random.Random(1))


def test_an_asker_that_asks_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the model would learn to answer an empty question."""
    monkeypatch.setattr(mixture, "OF_A_MISSING_PICTURE", (lambda *_: None,))
    monkeypatch.setattr(mixture, "ask_animal", lambda *_: None)
    rng = random.Random(1)
    with pytest.raises(AssertionError, match="animal"):
        for _ in range(20):
            exchange_without_picture(rng)


def test_a_question_to_conclude_has_its_conclusion_at_the_end() -> None:
    rng = random.Random(14)
    endings = Counter(re.sub(r".*, so (the )?", "", exchange_to_conclude(rng).answer)
                      for _ in range(3000))  # fmt: skip
    assert all(endings[end] > 20 for end in ("yes.", "no.", "none.", "one.", "two.", "first.",
                                             "second.", "third.", "first and second."))  # fmt: skip
    assert 0.8 < endings["yes."] / endings["no."] < 1.25
    assert exchange_to_conclude(random.Random(1)) == exchange_to_conclude(random.Random(1))
