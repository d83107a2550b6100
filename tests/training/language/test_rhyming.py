from __future__ import annotations

import random

import pytest

pytest.importorskip("pronouncing")

from training.language.chat import bare
from training.language.lexicon import Draw
from training.language.rhymes import rhymes
from training.language.rhyming import families, rhyme


def test_families_rhyme_and_no_word_is_inside_another() -> None:
    assert len(families()) > 500
    for family in random.Random(1).sample(families(), 100):
        first, *others = family
        assert all(rhymes(first, other) for other in others), family
        assert not any(other.endswith(first) for other in others), family


def test_answers_rhyme_with_the_word_that_is_asked_for() -> None:
    draw = Draw(random.Random(4))
    for _ in range(200):
        chat = rhyme(draw)
        asked, answer = chat.messages[0]["content"], chat.messages[1]["content"]
        word = asked.split("\x02")[1].split("\x03")[0]
        others = answer.removesuffix(".").lower().split(" rhymes with ")[0].split(", ")
        assert all(rhymes(word, other) for other in others), (bare(asked), answer)
        assert len(set(others)) == len(others)
