"""Ways to ask for something: each has its slots, and is used by the task that it asks for."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable

import pytest

from training.language import (
    copying,
    extraction,
    facts,
    judging,
    lists,
    poetry,
    rewriting,
    spelling,
    stories,
    sums,
)
from training.language.blocks import blocks
from training.language.chat import Chat
from training.language.lexicon import Draw
from training.language.phrasings import phrasings

SLOTS = {
    **dict.fromkeys(("short", "sentence", "title", "polite", "formal", "bullets", "mood"), "t"),
    **dict.fromkeys(("review", "who", "where", "when", "what", "capitals", "small"), "t"),
    **dict.fromkeys(("repeat", "haiku", "poem"), "t"),
    **dict.fromkeys(("spell", "rhyme", "opposite"), "w"),
    **dict.fromkeys(("sum", "difference", "product"), "ab"),
    **dict.fromkeys(("even", "odd"), "n"),
    "sure": "qt",
    "list": "kn",
    "story": "h",
    "note": "ct",
    "extract": ("keys", "t"),
}


@pytest.mark.parametrize("name", SLOTS)
def test_each_wording_has_its_slots_once(name: str) -> None:
    for text in phrasings(name):
        assert sorted(re.findall(r"\{(\w+)\}", text)) == sorted(SLOTS[name]), text


def test_every_section_is_known() -> None:
    assert {section.splitlines()[0] for section in blocks("phrasings.txt")} == set(SLOTS)


@pytest.mark.parametrize(
    "task",
    [
        rewriting.rewriting,
        judging.sentiment,
        spelling.spelling,
        copying.repetition,
        lists.short_list,
        stories.story,
        stories.haiku,
        stories.note,
        poetry.poem,
        facts.facts,
        sums.sums,
        extraction.extraction,
    ],
)
def test_wordings_are_drawn_for_training_and_not_for_measures(
    task: Callable[[Draw], Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    def marked(name: str) -> tuple[str, ...]:
        return tuple(f"§ {text}" for text in phrasings(name))

    monkeypatch.setattr(sys.modules[task.__module__], "phrasings", marked)
    extraction._more_asked.cache_clear()
    for held_out in (False, True):
        draw = Draw(random.Random(5), held_out=held_out)
        asked = [
            message["content"]
            for _ in range(400)
            for message in task(draw).messages
            if message["role"] == "user"
        ]
        assert any(text.startswith("§") for text in asked) is not held_out
    extraction._more_asked.cache_clear()
