from __future__ import annotations

import random
import re
from collections import Counter

from tests.training.idefics2.questions.drawn import BARE, FOX, several
from tests.training.idefics2.truth import untrue
from training.idefics2.pictures import values_of
from training.idefics2.questions.several import exchange_about_several
from training.world.scene import ANIMALS, NOTHING


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
