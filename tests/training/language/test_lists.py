"""Lists: as many things as were asked for, all of them different and of the kind."""

from __future__ import annotations

import random

import pytest

from training.language.lexicon import Draw
from training.language.lists import kinds, short_list
from training.language.tables import NUMBER_WORDS


def test_every_kind_has_names_and_things_of_its_own() -> None:
    for names, things in kinds():
        assert names and all(name == name.strip() for name in names)
        assert len(things) >= 4 and len(set(things)) == len(things), names


def test_no_name_stands_for_two_kinds() -> None:
    names = [name for names, _ in kinds() for name in names]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("seed", range(60))
def test_so_many_things_as_were_asked_for(seed: int) -> None:
    chat = short_list(Draw(random.Random(seed)))
    asked, answer = chat.messages[0]["content"], chat.messages[1]["content"]
    words = asked.lower().rstrip(".?,").replace(",", "").split()
    counts = [
        index for index, said in enumerate(NUMBER_WORDS) if said in words or str(index) in words
    ]
    things = {thing for _, things in kinds() for thing in things}
    named = answer.replace("\n", ", ").split(", ")
    if len(counts) == 1 and counts[0] > 1 and not answer.startswith("[") and answer[-1] != ".":
        found = [thing.lstrip("-0123456789. ") for thing in named]
        assert len(found) == counts[0] and len(set(found)) == counts[0]
        assert set(found) <= things
