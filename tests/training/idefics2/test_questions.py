"""Every answer about a picture is true, and nobody talks about what is uncertain."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest

from tests.training.idefics2.truth import NOUNS, as_json, sampled_values, untrue
from training.idefics2 import questions
from training.idefics2.pictures import strange_values, values_of
from training.idefics2.questions import (
    NO_ANIMAL,
    NO_PICTURE,
    NO_PLACE,
    NO_TELLING,
    NOT_MY_WORLD,
    NOT_SEEN,
    WHO,
    Exchange,
    description,
    exchange_about,
    exchange_about_several,
    exchange_without_picture,
    json_description,
)
from training.world.scene import ANIMALS, COLORS, NOTHING, Scene

COUNT = 6000
SAYS_NOTHING = (NO_TELLING, NOT_MY_WORLD, NOT_SEEN, WHO)
FOX = Scene("fox", "snow", clothing="scarf", clothing_color="red", hat="straw hat", held="balloon",
            held_color="orange", glasses=True, tea=True, flowers=True)  # fmt: skip
BARE = Scene("owl", "starry night")


@cache
def drawn() -> list[tuple[dict[str, str], Exchange]]:
    """Pictures of every kind, each with a question and its answer."""
    rng = random.Random(17)
    pictures = [sampled_values(rng) for _ in range(COUNT)]
    return [(values, exchange_about(values, rng)) for values in pictures]


def about_pictures() -> Iterator[tuple[dict[str, str], Exchange]]:
    """Those that say something about the picture."""
    return ((values, each) for values, each in drawn() if each.answer not in SAYS_NOTHING)


@cache
def asked(scene: Scene) -> set[tuple[str, str]]:
    """What is asked about one scene, and what is said about it."""
    rng = random.Random(6)
    exchanges = (exchange_about(values_of(scene), rng) for _ in range(4000))
    return {(each.question.lower(), each.answer) for each in exchanges
            if each.answer not in SAYS_NOTHING}  # fmt: skip


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
        ("Is this a fox?", "No, it is a fox."),
        ("Is this an owl?", "Yes, it is a fox."),
        ("Does it wear glasses?", "It wears a red scarf and a straw hat, but no glasses."),
        ("Is the scarf red?", "No, it is red."),
        ("Is its scarf blue?", "Yes, it is red."),
        ("What color is its scarf?", "Orange."),
        ("Is the fox in the snow?", "No, in the snow."),
        ("Are there flowers on the ground?", "No."),
        ("Is it holding a laptop?", "Yes, an orange balloon."),
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
            each = exchange_about(values, rng)
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
        (r"holding a laptop", {"No, it holds an orange balloon."}),
        (r"(treats|cookies) on the ground", {"No."}),
        (r"is it day or night", {"It is day."}),
        (r"how many animals", {"One."}),
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
        (r"holding a laptop", "No, it holds nothing."),
        (r"is it night\?", "It is night."),
    ],
)
def test_what_a_bare_owl_lacks(words: str, answer: str) -> None:
    found = {answer for question, answer in asked(BARE) if re.search(words, question)}
    assert found == {answer}


def test_what_is_not_there_is_nothing_that_can_be_there() -> None:
    assert not set(questions.THINGS) & {*NOUNS, "glasses", "flowers", "treats", "cookies", "star"}


def test_the_same_state_gives_the_same_exchange() -> None:
    first, second = random.Random(4), random.Random(4)
    for values, _ in drawn()[:500]:
        assert exchange_about(values, first) == exchange_about(values, second)


def test_every_kind_of_question_is_asked() -> None:
    """Some as people type: in small letters, without a mark, with a strange word or a greeting."""
    texts = [each.question for _, each in drawn()]
    counts = Counter(each.answer for _, each in drawn())
    for answer in (*SAYS_NOTHING, NO_ANIMAL, NO_PLACE, "Yes.", "No.", "One.", "It is day."):
        assert counts[answer] > 5, answer
    assert 0.04 < sum(text == text.lower() for text in texts) / COUNT < 0.15
    assert 0.05 < sum(text[-1] not in ".?!" for text in texts) / COUNT < 0.2
    assert 0.02 < sum(text.startswith(("Hi! ", "Hello. ", "Look", "Please tell"))
                      for text in texts) / COUNT < 0.06  # fmt: skip
    assert len(set(texts)) > 2000


def test_the_courses_own_request_for_a_limerick_is_the_most_usual() -> None:
    requests = Counter(each.question for _, each in drawn() if each.answer.count("\n") == 4)
    (first, count), (_, next_count) = requests.most_common(2)
    assert first == "Write a short limerick about this image."
    assert 0.15 < count / sum(requests.values()) < 0.4
    assert count > 5 * next_count
    share = sum(requests.values()) / COUNT
    assert 0.06 < share < 0.2


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
            # A strange word may have got into any of them.
            assert each.answer == NO_PICTURE or "scarf" in each.question, each
        assert not re.search(rf"\b({'|'.join((*ANIMALS, *COLORS, *NOUNS))})\b", each.answer)
    assert exchange_without_picture(random.Random(1)) == exchange_without_picture(random.Random(1))


def several(count: int = 3000) -> Iterator[tuple[list[dict[str, str]], Exchange | None]]:
    """Two or three pictures each with a question about all."""
    rng = random.Random(9)
    for _ in range(count):
        pictures = [sampled_values(rng) for _ in range(rng.choice((2, 3)))]
        if rng.random() < 0.2:
            pictures = [{**pictures[0]} for _ in pictures]
        yield pictures, exchange_about_several(pictures, rng)


def test_several_pictures_are_told_apart() -> None:
    kinds: Counter[str] = Counter()
    for pictures, each in several():
        animals = [values["animal"] for values in pictures]
        if each is None:
            assert {"", NOTHING} & {*animals, *(values["background"] for values in pictures)}
            continue
        assert not {"", NOTHING} & set(animals)
        assert not set(each.question + each.answer) & set("[]{}|")
        named = re.findall(rf"\b({'|'.join(ANIMALS)})\b", each.answer)
        ordinal = re.search(r"first|second|third", f"{each.question} {each.answer}")
        if each.answer.startswith("In the ") and ordinal and "picture." in each.answer:
            kinds["which"] += 1
            place = ("first", "second", "third").index(ordinal[0])
            assert [animal in each.question for animal in animals].index(True) == place
            assert animals.count(animals[place]) == 1
        elif ordinal:
            kinds["one"] += 1
            values = pictures[("first", "second", "third").index(ordinal[0])]
            assert named == [values["animal"]]
            assert untrue(each.question, each.answer, values) == []
        else:
            kinds["all"] += 1
            assert named == animals, "in their order"
            if "same" in each.question:
                kinds["same"] += 1
                same = len(set(animals)) == 1
                assert each.answer.startswith("Yes, " if same else "No, ")
    assert min(kinds[kind] for kind in ("which", "one", "all", "same")) > 50


def test_two_pictures() -> None:
    pictures = [values_of(FOX), values_of(BARE)]
    rng = random.Random(0)
    answers = {each.answer for _ in range(300)
               if (each := exchange_about_several(pictures, rng))}  # fmt: skip
    assert answers == {
        "A fox and an owl.",
        "A fox in the snow.",
        "An owl under a starry night sky.",
        "In the first picture.",
        "In the second picture.",
        "No, a fox and an owl.",
    }
