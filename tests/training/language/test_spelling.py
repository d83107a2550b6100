from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from training.language import spelling
from training.language.chat import Chat, bare
from training.language.lexicon import Draw, common_words


def drawn(task: Callable[[Draw], Chat], count: int = 200) -> list[tuple[str, str]]:
    draw = Draw(random.Random(2))
    chats = [task(draw) for _ in range(count)]
    return [(bare(c.messages[0]["content"]), c.messages[1]["content"]) for c in chats]


def test_letters_and_capitals_are_those_of_the_word() -> None:
    for asked, answer in drawn(spelling._letters):
        joint = "-" if "-" in answer else " "
        assert answer.replace(joint, "") in asked
    for asked, answer in drawn(spelling._capitals):
        assert answer == answer.upper()
        assert answer.lower() in asked.lower()


def test_most_words_are_such_as_people_use() -> None:
    common = set(common_words())
    found = [answer.replace("-", "") in common for _, answer in drawn(spelling._letters)]
    assert sum(found) > len(found) / 2


def test_common_words_are_frequent_in_the_texts_and_in_the_dictionary() -> None:
    assert {"snowman", "raincoat", "hedgehog", "squirrel"} <= set(common_words())
    assert not {"the endpoint", "qwerty", ""} & set(common_words())
    assert common_words()[0] == "the"


def test_every_kind_is_drawn() -> None:
    answers = drawn(spelling.spelling, 600)
    assert Counter(answer == answer.upper() for _, answer in answers)[True] > 100
    assert any(answer.startswith('"') for _, answer in answers)
    assert any(answer.endswith(" letters.") for _, answer in answers)
