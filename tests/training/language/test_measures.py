"""Measures: what is right, and that what they draw stays as it was."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.training.digests import digest_of
from training.language import (
    agents,
    calling,
    copying,
    extraction,
    judging,
    measures,
    memory,
    sums,
    systems,
)
from training.language.calling import call_text
from training.language.chat import Chat, turns
from training.language.lexicon import Draw
from training.language.speaker import Answer

ME = "Pocket Qwen"
DIGESTS: dict[Callable[[Draw], Chat], str] = {
    copying.repetition: "5b132b8eb9bfe5af",
    memory.memory: "29fbc21b2cc0e4e7",
    extraction.extraction: "57c8a9984e7996a6",
    extraction.under_schema: "406f35215fc855fb",
    judging.reading: "3e62782a48680a9e",
    sums.sums: "90a61d6f6ce85664",
    calling.call: "eb53f1e4fb9fadd1",
    calling.no_call: "12e411a698df6667",
    agents.agent: "41d8cb3d0af34057",
    systems.checkable: "4657192172c3af8a",
}


class Reciting:
    """Says what it was given."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def answer(self, chats: list[Chat], **_how: Any) -> list[Answer]:
        """One text for each chat."""
        assert len(chats) == len(self.texts)
        return [Answer(text, ended=True) for text in self.texts]


def judged(chat: Chat, *texts: str) -> float:
    """The share of texts that are right for a chat that something must stand in."""
    speaker = Reciting(*texts)
    chats = [chat] * len(texts)
    return measures._measure(speaker, chats, measures.contains, name="m", log=[])  # type: ignore[arg-type]


@pytest.mark.parametrize("task", DIGESTS, ids=lambda task: task.__name__)
def test_what_is_measured_stays_as_it_was(task: Callable[[Draw], Chat]) -> None:
    """Figures of old and new weights are compared."""
    if task is agents.agent:
        pytest.importorskip("smolagents")
    chats = measures.held_out_chats(task, 150, me=ME)
    assert digest_of(chats)[:16] == DIGESTS[task]


def final(answer: object) -> str:
    return call_text("final_answer", {"answer": answer})


def test_where_nothing_is_wanted_any_final_answer_will_do() -> None:
    for answer in ("Done", "It is sent to a@b.com.", "7"):
        assert measures._same_answer(final(answer), "")
    assert not measures._same_answer(final(""), "")
    assert not measures._same_answer("Done.", "")
    assert not measures._same_answer(call_text("send_email", {"answer": "Done"}), "")
    assert not measures._same_answer(call_text("final_answer", ["Done"]), "")  # type: ignore[arg-type]


def test_where_an_answer_is_wanted_it_must_stand_there() -> None:
    assert measures._same_answer(final("It is 7."), "7")
    assert measures._same_answer(final(7), "7")
    for other in ("17", "-7", "Done."):
        assert not measures._same_answer(final(other), "7")


def test_a_word_must_stand_alone() -> None:
    assert measures.contains("you are ADA.", "Ada")
    assert measures.contains("Ada's town is Oslo", "Oslo.")
    for text, wanted in (("Adam", "Ada"), ("It is 129.", "29"), ("-29", "29"), ("no owls", "owl")):
        assert not measures.contains(text, wanted)


def test_a_fixed_answer_must_be_all_of_it() -> None:
    fixed = systems._fixed(Draw(random.Random(1), held_out=True))
    assert fixed.whole
    assert fixed.wanted
    named = turns("Who are you?", "Ada", system="You are Ada.")
    chat = f"The answer is {fixed.wanted}"
    assert judged(fixed, fixed.wanted, fixed.wanted.upper(), f"{fixed.wanted.rstrip('.')}.") == 1
    assert judged(fixed, chat, "") == 0
    assert judged(named, "My name is Ada.") == 1


@pytest.mark.parametrize("task", [memory.memory, judging.reading, systems.checkable])
def test_the_right_answers_are_right(task: Callable[[Draw], Chat]) -> None:
    draw = Draw(random.Random(11), held_out=True, me=ME)
    chats = [task(draw) for _ in range(300)]
    for chat in chats:
        assert judged(chat, chat.messages[-1]["content"]) == 1, chat
    if task is systems.checkable:
        assert 60 < sum(chat.whole for chat in chats) < 140


def test_names_say_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = measures.held_out_chats
    monkeypatch.setattr(measures, "held_out_chats", lambda task, _, *, me: drawn(task, 9, me=me))

    class Silent:
        def answer(self, chats: list[Chat], **_how: Any) -> list[Answer]:
            return [Answer("", ended=True) for _ in chats]

    found = measures.functions(Silent(), me=ME, log=[])  # type: ignore[arg-type]
    assert "name, facts and fixed answers of a system message (200)" in found
    named = "an agent's last step: a final answer, and the right one where one is wanted (100)"
    assert found[named] == 0
    assert json.dumps(found)
