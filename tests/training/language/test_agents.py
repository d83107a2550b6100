"""Agents' loops: no function of the measures in what is learned, nothing hangs on the library."""

from __future__ import annotations

import importlib.metadata
import random

import pytest
from jinja2 import Template

from training.language import agents
from training.language.chat import Chat
from training.language.functions import FUNCTIONS
from training.language.lexicon import Draw, is_held_out
from training.language.tools import draw_use

STUB = "The library's own."


def drawn(seed: int) -> Chat:
    return agents.agent(Draw(random.Random(seed)))


@pytest.mark.parametrize("held_out", [True, False])
def test_a_function_of_the_measures_delivers_nothing_in_training(held_out: bool) -> None:
    kept = {each.names for each in FUNCTIONS if is_held_out(each.names[0])}
    delivering = set()
    for seed in range(60):
        draw = Draw(random.Random(seed), held_out=held_out)
        first = draw_use(draw, FUNCTIONS[0].names[0], FUNCTIONS[0])
        (_, (second, _)), _, _ = agents._with_delivery(draw, first, "7", "7")
        delivering.add(second.function.names)
    assert delivering
    assert bool(delivering & kept) is held_out


def test_what_is_drawn_does_not_hang_on_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents, "_library_system", lambda: Template(STUB))
    there = [drawn(seed) for seed in range(120)]
    monkeypatch.setattr(agents, "_library_system", lambda: None)
    missing = [drawn(seed) for seed in range(120)]
    others = [n for n, chat in enumerate(there) if chat.messages[0]["content"] != STUB]
    assert 30 < len(others) < 90
    assert [there[n] for n in others] == [missing[n] for n in others]


def test_another_version_of_the_library_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("smolagents")
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.26.3")
    assert agents._library_system.__wrapped__() is not None
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.27.0")
    assert agents._library_system.__wrapped__() is None
