from __future__ import annotations

import random

from training.language.wording import disturb, vary
from training.language.words import WORDS


def test_vary_makes_every_choice_and_fills_every_slot() -> None:
    texts = {vary(random.Random(seed), "[a|b] {x}[!|]", x="y") for seed in range(50)}
    assert texts == {"a y", "a y!", "b y", "b y!"}


def test_disturb_keeps_every_slot_and_puts_in_words_that_mean_nothing() -> None:
    request = "please write a short poem about {topic} for me"
    texts = {disturb(random.Random(seed), request) for seed in range(300)}
    assert all("{topic}" in text.split(" ") for text in texts)
    found = {word for text in texts for word in text.split(" ")}
    assert found >= set(request.split(" "))
    assert found - set(request.split(" ")) <= set(WORDS) and len(found) > 20
