"""Lists: as many things as were asked for, all of them different and of the kind."""

from __future__ import annotations

import json
import random
import re

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


def named(answer: str) -> list[str]:
    """The things of an answer in any of its forms."""
    if answer.startswith("["):
        found: list[str] = json.loads(answer)
        return found
    if answer.endswith("."):
        before, _, last = answer[:-1].rpartition(" and ")
        return [*before.split(", "), last]
    return [re.sub(r"^(- |\d+[.] )", "", thing) for thing in re.split(r", |\n", answer)]


@pytest.mark.parametrize("seed", range(60))
def test_so_many_things_as_were_asked_for(seed: int) -> None:
    chat = short_list(Draw(random.Random(seed)))
    asked, answer = chat.messages[0]["content"], chat.messages[1]["content"]
    words = re.findall(r"\w+", asked.lower())
    # A kind may have a number in its name: animals with four legs.
    counts = [n for n, said in enumerate(NUMBER_WORDS) if said in words or str(n) in words]
    found = named(answer)
    assert len(found) in (counts or [1])
    assert len(set(found)) == len(found)
    assert {thing.lower() for thing in found} <= {
        t.lower() for _, things in kinds() for t in things
    }
