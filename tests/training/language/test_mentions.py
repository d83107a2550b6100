"""Things told in passing: what is asked for is what was told."""

from __future__ import annotations

import random
import re

import pytest

from training.language.chat import bare
from training.language.lexicon import Draw
from training.language.mentions import KINDS, mention, mentions


def test_every_block_can_be_told_asked_and_answered() -> None:
    for each in mentions():
        assert each.kind in KINDS, each
        assert each.reactions and len(each.told) > 3 and len(each.asked) > 3, each
        assert each.answers, each
        for text in (*each.told, *each.answers):
            assert text.count("{v}") == 1, text
        assert not any("{" in text for text in each.asked), each


def test_the_answer_is_what_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        monkeypatch.setitem(KINDS, kind, lambda draw: f"value{draw.rng.randrange(10**9)}")
    for seed in range(300):
        *told, asked, answer = (m["content"] for m in mention(Draw(random.Random(seed))).messages)
        (value,) = re.findall(r"value\d+", answer, re.IGNORECASE)
        assert value.lower() in " ".join(map(bare, told)).lower()
        assert value.lower() not in asked.lower()


def test_every_kind_of_value_is_told() -> None:
    assert {each.kind for each in mentions()} == set(KINDS)
