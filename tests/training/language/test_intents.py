"""Kinds of remarks: each has wordings and answers that may be exchanged."""

from __future__ import annotations

import random
import re

import pytest

from training.language.blocks import remarks
from training.language.intents import intents
from training.language.lexicon import Draw
from training.language.smalltalk import small_talk
from training.language.wording import vary

ME = "Pocket Qwen"
ROOMS = ("conversation", "events", "everyday", "feelings", "news", "opening", "start")


def answers(name: str) -> set[str]:
    """Every answer of an intent with its choices made."""
    found = intents()[name].answers
    return {vary(random.Random(seed), text, me=ME) for text in found for seed in range(40)}


@pytest.mark.parametrize("name", sorted(intents()))
def test_an_intent_has_many_wordings_and_tidy_answers(name: str) -> None:
    intent = intents()[name]
    assert len(intent.said) >= 25
    assert intent.meaning
    for text in (*intent.said, *intent.answers):
        assert text == text.strip() and text
        assert set(re.findall(r"\{(\w+)\}", text)) <= {"me"}, text
    assert all(answer[-1] in ".!?" for answer in answers(name))


def test_nothing_is_said_with_two_intents() -> None:
    said = [text.lower() for intent in intents().values() for text in intent.said]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("room", ROOMS)
def test_remarks_have_intents_that_exist(room: str) -> None:
    named = [remark.intent for remark in remarks(room) if remark.intent]
    assert len(named) > len(remarks(room)) / 2
    assert set(named) <= set(intents())


def test_a_loss_and_a_luck_are_told_apart() -> None:
    glad, sorry = answers("good_news"), answers("grave") | answers("trouble")
    assert all("sorry" in answer for answer in sorry)
    assert not any("sorry" in answer for answer in glad)


def test_most_talk_that_is_learned_has_an_answer_for_all_of_its_kind() -> None:
    shared = set().union(*map(answers, intents()))
    learned, measured = (
        [small_talk(draw).messages[-1]["content"] in shared for _ in range(2000)]
        for draw in (Draw(random.Random(1), me=ME, held_out=held) for held in (False, True))
    )
    assert sum(learned) > 0.6 * len(learned)
    assert sum(measured) < 0.2 * len(measured)
