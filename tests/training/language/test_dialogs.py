"""Whole chats: every line of the texts, and what is drawn from them."""

from __future__ import annotations

import random
import re

import pytest

from training.language import dialogs as dialogs_module
from training.language.chat import END, KEEP, bare
from training.language.dialogs import TASKS, Dialog, dialogs, parse
from training.language.lexicon import Draw
from training.language.trials.sets import SETS, Trials
from training.qwen3.mixture import QWEN3


def test_a_value_is_the_same_in_all_turns() -> None:
    parsed = parse("I am {n=first}. => Hello {n}! => {N}, I said. Who? => You are {n}.")
    assert parsed.texts == ("I am {n}.", "Hello {n}!", "{N}, I said. Who?", "You are {n}.")
    assert [(slot.name, slot.kind) for slot in parsed.slots] == [("n", "first")]


@pytest.mark.parametrize("line", ["Hello!", "Hi => Hello! => Bye", "Hi => Hello {n}!"])
def test_a_line_without_an_answer_or_a_kind_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match=r"no (answer|kind)"):
        parse(line)


def everything() -> list[Dialog]:
    return [each for task in TASKS for each in dialogs(task.__name__)]


def test_every_kind_is_taught_and_no_line_stands_twice() -> None:
    assert set(TASKS) <= set(QWEN3)
    assert len({(each.texts, each.slots) for each in everything()}) == len(everything())


@pytest.mark.parametrize("seed", range(300))
def test_a_chat_has_its_values(seed: int) -> None:
    messages = TASKS[seed % len(TASKS)](Draw(random.Random(seed))).messages
    assert [m["role"] for m in messages] == ["user", "assistant"] * (len(messages) // 2)
    for message in messages:
        assert not re.search(r"[{}]", bare(message["content"])), message
        assert message["content"] == message["content"].strip()
        if message["role"] == "assistant":
            assert KEEP not in message["content"] and END not in message["content"]


def test_words_of_a_list_are_the_only_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = parse("{n=@(20|30)} guests? => Yes, {n}.")
    monkeypatch.setattr(dialogs_module, "dialogs", lambda kind: (parsed,))
    draw = Draw(random.Random(1))
    answers = {dialogs_module.talk(draw).messages[1]["content"] for _ in range(60)}
    assert answers == {"Yes, 20.", "Yes, 30."}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", text.lower()).split())


@pytest.mark.parametrize("trials", SETS, ids=lambda trials: trials.name)
def test_no_turn_is_one_of_a_set_of_prompts(trials: Trials) -> None:
    learned = {_plain(turn) for each in everything() for turn in each.texts[::2]}
    asked = {_plain(turn) for chat in trials.everyday for turn in chat}
    # Two words such as "good evening" may meet.
    assert not {turn for turn in asked & learned if len(turn.split()) > 2}
