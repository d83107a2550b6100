"""Questions about two or three pictures: every list and every conclusion is true."""

from __future__ import annotations

import random
import re
from collections import Counter

from tests.training.idefics2.questions.drawn import BARE, FOX, several
from tests.training.idefics2.truth import PHRASES, untrue
from training.idefics2.pictures import strange_values, values_of
from training.idefics2.questions.phrases import Exchange
from training.idefics2.questions.several import exchange_about_several
from training.world.scene import ANIMALS, CLOTHING, HATS, HELD

ORDINALS = ("first", "second", "third")
NUMBERS = ("none", "one", "two", "three")
ALL = {"animal": ANIMALS, "clothing": CLOTHING, "hat": HATS, "held": HELD}
PLURALS = {f"{animal}{'es' if animal == 'fox' else 's'}": animal for animal in ANIMALS}


def asked_about(question: str) -> tuple[str, str]:
    """The attribute and the value that a question names."""
    for phrase, place in {**PHRASES, "at night": "starry night"}.items():
        if phrase in question:
            return "background", place
    for key, names in ALL.items():
        for name in names:
            if re.search(rf"\b{name}\b", question):
                return key, name
    raise AssertionError(question)


def expected(question: str, pictures: list[dict[str, str]]) -> str:
    """The conclusion of an answer, worked out from the question."""
    animals = [values["animal"] for values in pictures]
    if "same animal" in question:
        return "yes" if len(set(animals)) == 1 else "no"
    if plural := re.match(r"How many (\w+) ", question):
        kinds = ANIMALS if plural[1] == "animals" else (PLURALS[plural[1]],)
        return NUMBERS[sum(animal in kinds for animal in animals)]
    if re.search(r"\b(a|an) hat\b", question):
        shown = [values["hat"] in HATS for values in pictures]
    else:
        key, named = asked_about(question)
        shown = [values[key] == named for values in pictures]
    places = [ordinal for ordinal, found in zip(ORDINALS, shown, strict=False) if found]
    if "of the pictures" in question:
        return "yes" if places else "no"
    return (
        f"the {' and '.join([', '.join(places[:-1]), places[-1]][len(places) < 2 :])}"
        if (places)
        else "none"
    )


def test_several_pictures_are_told_apart() -> None:
    kinds: Counter[str] = Counter()
    for pictures, each in several(6000):
        if each is None:
            continue
        assert not set(each.question + each.answer) & set("[]{}|")
        evidence, _, conclusion = each.answer.rstrip(".").partition(", so ")
        named = [name for name in re.findall(r"\w+", evidence.lower()) if name in ANIMALS]
        if conclusion:
            kinds[conclusion] += 1
            assert conclusion == expected(each.question, pictures), (each, pictures)
            if named:
                assert named == [values["animal"] for values in pictures
                                 if values["animal"] in ANIMALS]  # fmt: skip
        elif "pictures are there" in each.question or "images" in each.question.split(" ")[2]:
            kinds["pictures"] += 1
        elif ordinal := re.search(r"first|second|third", each.question):
            kinds["one"] += 1
            values = pictures[ORDINALS.index(ordinal[0])]
            assert named == [values["animal"]]
            assert untrue(each.question, each.answer, values) == []
    assert min(kinds[kind] for kind in ("the first", "the second", "the third", "none", "one",
                                        "two", "yes", "no")) > 20  # fmt: skip


def test_what_is_uncertain_is_not_listed() -> None:
    rng = random.Random(1)
    for _ in range(500):
        unsure = {key: "" for key in values_of(FOX)}
        each = exchange_about_several([values_of(BARE), unsure], rng)
        assert each is None or "first" in each.question or each.answer == "Two.", each


def test_a_picture_without_an_animal_is_listed_as_one() -> None:
    rng = random.Random(0)
    pictures = [values_of(FOX), strange_values()]
    answers = {each.answer for _ in range(400) if (each := exchange_about_several(pictures, rng))}
    assert {
        "A fox and no animal that I know.",
        "A fox and no animal that I know, so one.",
        "The first shows a fox and the second no animal that I know, so the first.",
        "The first shows a fox and the second no animal that I know, so none.",
        "The first is in the snow and the second in no place that I know, so the first.",
        "The first holds an orange balloon and the second nothing, so the first.",
    } <= answers


def test_two_pictures() -> None:
    pictures = [values_of(FOX), values_of(BARE)]
    rng = random.Random(0)
    found: list[Exchange] = [each for _ in range(600)
                             if (each := exchange_about_several(pictures, rng))]  # fmt: skip
    assert {
        "Two.",
        "A fox and an owl.",
        "A fox in the snow.",
        "An owl under a starry night sky.",
        "The first shows a fox and the second an owl, so the first.",
        "The first shows a fox and the second an owl, so the second.",
        "The first shows a fox and the second an owl, so none.",
        "A fox and an owl, so no.",
        "A fox and an owl, so yes.",
        "A fox and an owl, so two.",
        "The first wears a red scarf and the second no clothing, so the first.",
        "The first is in the snow and the second under a starry night sky, so the second.",
    } <= {each.answer for each in found}
