"""Records: what a sentence tells can be read from it, and asked for by one key only."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from training.language import extraction as room
from training.language.chat import bare
from training.language.extraction import _facts, _worded, extraction
from training.language.lexicon import Draw
from training.language.records import KEYS, RECORDS, Record, Slot, richer
from training.language.values import draw_value

ALL = pytest.mark.parametrize("records", [RECORDS, richer()], ids=["plain", "richer"])
BAKED = Record(
    (Slot("who", "person", ("name",)), Slot("n", "small", ("count",))),
    ("{who} baked {n} cakes.",),
    ("Who baked?",),
    (("n", "{who} baked."),),
)


@ALL
def test_every_sentence_tells_every_fact_once(records: tuple[Record, ...]) -> None:
    for record in records:
        names = sorted(slot.name for slot in record.slots)
        assert len(record.sentences) >= 1, record
        for sentence in record.sentences:
            assert sorted(re.findall(r"\{(\w+)\}", sentence)) == names, sentence


def test_a_sentence_that_leaves_a_fact_out_tells_the_others_once() -> None:
    for record in richer():
        names = {slot.name for slot in record.slots}
        for name, sentence in record.lacking:
            assert name in names, sentence
            assert sorted(re.findall(r"\{(\w+)\}", sentence)) == sorted(names - {name}), sentence


def test_a_question_in_front_gives_no_fact_away() -> None:
    for record in richer():
        assert not any("{" in lead for lead in record.leads), record.leads


def test_a_fact_that_is_left_out_is_null() -> None:
    told = set()
    for seed in range(60):
        facts, sentence = _facts(Draw(random.Random(seed)), BAKED)
        assert (facts["count"] is None) == ("cakes" not in sentence)
        told.add(facts["count"] is None)
    assert told == {True, False}


def test_some_requests_begin_with_a_question_about_the_facts() -> None:
    facts = {"name": "Ada", "count": 16}
    chats = [
        _worded(Draw(random.Random(seed)), "Ada, 16.", facts, whole=True, leads=BAKED.leads)
        for seed in range(60)
    ]
    asked = [bare(chat.messages[-2]["content"]) for chat in chats]
    led = [text for text in asked if "Who baked?" in text]
    assert 0 < len(led) < len(asked)
    assert all("name" in text and "count" in text and "Ada, 16." in text for text in led)


def test_a_key_asks_for_one_fact_of_a_richer_record() -> None:
    for record in richer():
        keys = [key for slot in record.slots for key in slot.keys]
        assert len(set(keys)) == len(keys), record.slots


@ALL
def test_every_kind_of_fact_can_be_drawn(records: tuple[Record, ...]) -> None:
    draw = Draw(random.Random(1))
    for slot in {slot.kind: slot for record in records for slot in record.slots}.values():
        assert len(slot.values) >= 6 if slot.values else draw_value(draw, slot.kind)[1]


@pytest.mark.parametrize("seed", range(60))
def test_what_is_wanted_stands_in_the_request(seed: int) -> None:
    chat = extraction(Draw(random.Random(seed)))
    asked, answer = bare(chat.messages[-2]["content"]), chat.messages[-1]["content"]
    spoken = asked.lower().replace(",", "")
    for value in json.loads(answer).values():
        if isinstance(value, str):
            assert value.lower().replace(",", "") in spoken
        elif isinstance(value, list):
            assert all(each.lower() in spoken for each in value)


def drawn(monkeypatch: pytest.MonkeyPatch, record: Record) -> list[tuple[dict[str, Any], bool]]:
    """What is wanted of a record in many drawings, and whether that is all it tells."""
    found: list[tuple[dict[str, Any], bool]] = []

    def worded(_draw: Draw, _text: str, wanted: dict[str, Any], *, whole: bool, leads: Any) -> None:
        found.append((wanted, whole))

    monkeypatch.setattr(room, "_worded", worded)
    monkeypatch.setattr(room, "_record", lambda draw: record)
    for seed in range(1500):
        extraction(Draw(random.Random(seed)))
    return found


def test_a_key_that_nothing_explains_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Draw, "thing", lambda draw: "thing")
    found = drawn(monkeypatch, BAKED)
    assert any("thing" in wanted for wanted, _ in found)
    assert any(whole for _, whole in found)
    assert not any(whole and "thing" in wanted for wanted, whole in found)


def test_what_is_told_under_another_key_is_not_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [key for key in KEYS if len(key) > 5 and not re.search("name|_", key)][::4]
    record = Record((Slot("who", "person", ("name", *known)),), ("It was {who}.",))
    monkeypatch.setattr(room, "_listing", lambda draw: ({"listed": 1}, "listed: 1"))
    found = [wanted for wanted, _ in drawn(monkeypatch, record) if None in wanted.values()]
    found = [wanted for wanted in found if "listed" not in wanted and len(wanted) == 2]
    absent = {key for wanted in found for key, value in wanted.items() if value is None}
    assert absent
    assert not absent & record.keys


@pytest.mark.parametrize("whole", [True, False])
def test_a_system_message_names_the_keys_where_not_all_is_wanted(whole: bool) -> None:
    chats = [
        _worded(Draw(random.Random(seed)), "Ada, 16.", {"ripe": 16}, whole=whole, leads=())
        for seed in range(2000)
    ]
    systems = [m["content"] for chat in chats for m in chat.messages if m["role"] == "system"]
    assert systems
    assert all("ripe" in text for text in systems) is not whole
