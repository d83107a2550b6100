"""Drills of copying, finding, recalling and calling: answers stand in what was said."""

from __future__ import annotations

import random

import pytest

from training.language import calling
from training.language.chat import Chat, bare
from training.language.drills import catalog, errands, lookup, payloads, recall
from training.language.functions import FUNCTIONS
from training.language.lexicon import Draw, is_held_out
from training.language.tools import Use, draw_function, draw_result, draw_use
from training.language.trials.sets import SETS

ERRANDS = tuple(errand for trials in SETS for errand in trials.errands)
SEEDS = pytest.mark.parametrize("seed", range(40))


def draw(seed: int) -> Draw:
    return Draw(random.Random(seed))


def said(chat: Chat) -> str:
    return " ".join(bare(m["content"]) for m in chat.messages if m["role"] == "user")


@SEEDS
def test_what_is_copied_stands_in_the_request(seed: int) -> None:
    chat = lookup.repeat_the_odd(draw(seed))
    assert chat.messages[-1]["content"] in said(chat)


@SEEDS
def test_what_is_found_stands_in_the_list(seed: int) -> None:
    chat = lookup.lookup(draw(seed))
    answer = chat.messages[-1]["content"]
    assert answer in said(chat) or "list" in answer or "not there" in answer


@SEEDS
def test_what_is_recalled_was_told(seed: int) -> None:
    chat = recall.recall(draw(seed))
    told = said(chat).lower()
    last = chat.messages[-1]["content"].rstrip(".").lower()
    assert last.split()[-1] in told or "you told me" in last


@SEEDS
def test_odd_words_are_not_those_of_the_measures(seed: int) -> None:
    assert not is_held_out(payloads.odd_word(draw(seed)))


@SEEDS
def test_of_rivals_each_has_a_request_of_its_own(seed: int) -> None:
    functions = catalog.rivals(draw(seed))
    assert len(functions) > 1
    assert len({function.description for function in functions}) == len(functions)


def test_every_written_request_names_each_argument() -> None:
    for function in catalog.written():
        for text in function.asked:
            for argument in function.arguments:
                assert "{" + argument.name + "}" in text, (function.names, text)


@SEEDS
def test_restyling_leaves_something_to_read(seed: int) -> None:
    name, function = catalog.new_function(draw(seed))
    assert function.description or name in function.names


def test_no_errand_has_a_function_of_the_generator() -> None:
    known = {name for each in (*FUNCTIONS, *catalog.written()) for name in each.names}
    assert not known & {step.name for errand in ERRANDS for step in errand.steps}


@SEEDS
def test_a_call_gives_what_is_required_and_what_was_asked_for(seed: int) -> None:
    chat = calling.call(draw(seed + 1000))
    offered = {tool["function"]["name"]: tool["function"]["parameters"] for tool in chat.tools}
    for message in chat.messages:
        for made in message.get("tool_calls", ()):
            given = set(made["function"]["arguments"])
            parameters = offered[made["function"]["name"]]
            assert set(parameters.get("required", ())) <= given <= set(parameters["properties"])


def test_the_second_step_of_an_errand_takes_what_the_first_one_gave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Two steps may also stand beside each other; here they do not.
    monkeypatch.setattr(errands, "_beside", lambda draw, first, value, second: ([], "", ""))
    steps = [found for seed in range(60) if len(found := two_steps(draw(seed))) == 2]
    assert len(steps) > 30
    for (_, observed), (second, _) in steps:
        fed = errands.bare_value(observed)
        given = second.arguments.values()
        assert fed in given or errands.number(fed) in given


def two_steps(chance: Draw) -> list[tuple[Use, str]]:
    """A function that gives something back, and mostly another one behind it."""
    name, function = draw_function(chance)
    while function.result == "done":
        name, function = draw_function(chance)
    first = draw_use(chance, name, function)
    value, _ = draw_result(chance, first)
    return errands.two_steps(chance, first, value, errands.bare_value(value))[0]
