"""Questions as people type them."""

from __future__ import annotations

import random

import pytest

from training.idefics2.questions.typed import misspelled, typed

QUESTION = "Does the fox wear a red scarf?"


def test_most_questions_stay_and_the_others_are_untidy_in_every_way() -> None:
    rng = random.Random(1)
    texts = [typed(QUESTION, rng) for _ in range(4000)]
    assert 0.5 < texts.count(QUESTION) / 4000 < 0.75
    assert 0.05 < sum(text == text.lower() for text in texts) / 4000 < 0.15
    assert 0.05 < sum(text[-1].isalpha() for text in texts) / 4000 < 0.2
    assert any(text.isupper() for text in texts)
    assert any(text.endswith("??") for text in texts)
    assert any(text.startswith(("Hi! ", "pls ")) for text in texts)
    assert any("foxx" in text.lower() for text in texts)
    assert typed(QUESTION, random.Random(9)) == typed(QUESTION, random.Random(9))


def test_a_misspelled_word_is_one_letter_away() -> None:
    rng = random.Random(2)
    found = {misspelled("fox", rng) for _ in range(200)}
    assert found == {"ox", "fx", "ofx", "fxo", "ffox", "foox", "foxx"}


@pytest.mark.parametrize("text", ["?", "2 + 2", "a b"])
def test_without_a_longer_word_nothing_is_misspelled(text: str) -> None:
    assert misspelled(text, random.Random(3)) == text
    assert typed(text, random.Random(3)).strip()
