"""Whole prompts that want JSON: every line of the texts, and what is drawn from them."""

from __future__ import annotations

import json
import random
import re

import pytest

from training.language import prompts
from training.language.blocks import read, rooms
from training.language.chat import END, KEEP, bare
from training.language.extraction import slot_value
from training.language.lexicon import Draw
from training.language.prompts import Prompt, exchanged, parse, prompt, straight
from training.language.values import draw_value


def _lines() -> list[str]:
    return [line for room in rooms("prompts") for line in read(room).split("\n")]


def test_every_line_names_each_key_and_draws_each_value() -> None:
    draw = Draw(random.Random(0))
    for line in _lines():
        parsed = parse(line)
        plain = re.sub(r"\{\d+\}", "", parsed.text)
        for key in parsed.keys:
            assert re.search(prompts._named(key), plain), (key, line)
        for slot in parsed.slots:
            assert slot_value(draw, slot)[1], line


def test_no_line_stands_twice() -> None:
    lines = _lines()
    assert len(set(lines)) == len(lines)


def test_a_line_without_a_value_for_a_key_is_an_error() -> None:
    with pytest.raises(ValueError, match="name"):
        parse("JSON with name and age: {age=age} years => name, age")


@pytest.mark.parametrize("seed", range(400))
def test_the_values_wanted_stand_in_the_prompt(seed: int) -> None:
    chat = prompt(Draw(random.Random(seed)))
    asked, answer = (message["content"] for message in chat.messages)
    for key, value in json.loads(answer).items():
        assert key in bare(asked)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                assert each in bare(asked)


def test_noise_spares_keys_and_values() -> None:
    line = parse("put {name=first} and {n=year} here, keys name and n => name, n")
    marked = prompts._marked(line.text, line.keys)
    assert marked == f"put {{0}} and {{1}} here, keys {KEEP}name{END} and {KEEP}n{END}"


def test_an_exchanged_key_changes_wherever_its_word_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "new_word", lambda draw, old: "otter")
    before = parse("A ferry for {ferry=proper}! Ferries, key: ferry => ferry")
    after = exchanged(Draw(random.Random(0)), before)
    assert after.text == "An otter for {0}! Otters, key: otter"
    assert after.keys == (after.slots[0].name,) == ("otter",)


def test_a_key_that_is_no_plain_word_stays() -> None:
    before = parse("shipTo and id_2: {shipTo=city}, {id_2=year} => shipTo, id_2")
    assert exchanged(Draw(random.Random(0)), before) == before


def test_constants_are_told_by_no_place() -> None:
    assert parse("open and phone? => open=false, phone=null") == Prompt(
        "open and phone?", (), ("open", "phone"), {"open": False, "phone": None}
    )


def test_lists_are_arrays_in_the_order_of_the_text() -> None:
    draw = Draw(random.Random(3))
    for _ in range(50):
        value, said = draw_value(draw, "list(color)")
        places = [said.find(each) for each in value]
        assert len(value) >= 1 and min(places) >= 0
        assert len(set(value)) == len(value)


def test_keys_are_named_in_the_order_of_their_values() -> None:
    given = parse("{seer=person} sees {seen=person}. json: seen, seer, or => seen, seer, or=null")
    mended = straight(given)
    assert mended.text == "{0} sees {1}. json: seer, seen, or"
    assert mended.keys == ("seer", "seen", "or")
    assert straight(mended) == mended


@pytest.mark.parametrize(
    "line",
    [
        "A seer, {seer=person}, sees {seen=person}. json: seen, seer => seen, seer",
        "{seer=person} sees {seen=person}. Write a seen and a seer => seen, seer",
    ],
    ids=["named twice", "behind an article"],
)
def test_keys_stay_where_their_place_means_more(line: str) -> None:
    given = parse(line)
    assert straight(given) == given


def test_most_chats_name_their_keys_in_the_order_of_the_values() -> None:
    same = other = 0
    for seed in range(600):
        messages = prompt(Draw(random.Random(seed))).messages
        text, answer = bare(messages[0]["content"]), json.loads(messages[1]["content"])
        places = [text.find(value) for value in answer.values() if isinstance(value, str)]
        if len(places) > 1 and min(places) >= 0:
            same, other = same + (places == sorted(places)), other + (places != sorted(places))
    assert same > 2.5 * other
