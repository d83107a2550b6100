"""The same in other words: what is swapped means the same, and what is marked stays."""

from __future__ import annotations

import random

import pytest

from training.language import thesaurus
from training.language.blocks import read
from training.language.chat import bare, keep, turns
from training.language.thesaurus import in_other_words, reworded

LINES = read("thesaurus.txt").splitlines()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = {
        "begin": ("start",),
        "start": ("begin",),
        "i want to": ("i'd like to", "i wanna"),
        "want": ("need",),
    }
    monkeypatch.setattr(thesaurus, "_groups", lambda: groups)


def said(text: str, share: float = 1.0) -> set[str]:
    return {in_other_words(random.Random(seed), text, share=share) for seed in range(40)}


def test_the_longest_phrase_is_exchanged(small: None) -> None:
    assert said("so I want to begin.") == {"so I'd like to start.", "so I wanna start."}
    assert said("I want soup.") == {"I need soup."}


def test_capital_letters_stay(small: None) -> None:
    assert said("Begin now, I say.") == {"Start now, I say."}
    assert said("i want to begin") == {"i'd like to start", "i wanna start"}


def test_only_a_share_is_exchanged(small: None) -> None:
    assert said("begin", share=0) == {"begin"}
    assert said("begin", share=0.5) == {"begin", "start"}


def test_what_is_marked_and_what_the_model_says_stay(small: None) -> None:
    chat = turns(f"begin, {keep('begin')}", "begin")
    found = [reworded(random.Random(seed), chat).messages for seed in range(40)]
    assert {bare(user["content"]) for user, _ in found} == {"begin, begin", "start, begin"}
    assert {model["content"] for _, model in found} == {"begin"}


def test_every_group_has_members_to_exchange() -> None:
    for line in LINES:
        members = line.split("|")
        assert len(set(members)) == len(members) > 1, line
        assert all(member == member.strip().lower() for member in members), line
        assert all(len(member.split()) <= thesaurus._LONGEST for member in members), line


def test_no_group_is_written_twice() -> None:
    groups = [frozenset(line.split("|")) for line in LINES]
    assert len(set(groups)) == len(groups)
