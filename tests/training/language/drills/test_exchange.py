"""Exchanged words: a request and what it asks for change together, and nothing else does."""

from __future__ import annotations

import random
import re

import pytest

from training.language.drills import exchange
from training.language.drills.catalog import written
from training.language.functions import FUNCTIONS, Argument, Function
from training.language.lexicon import Draw
from training.language.records import RECORDS, Record, Slot, richer

FERRY = Function(
    ("ferry_times", "getFerry", "ferries.list"),
    "Find the times of a ferry.",
    (Argument("ferry", "string", "ident", "Number of the ferry."),),
    ("When does the ferry {ferry} go?", "Ferries {ferry}?", "{ferry}, when?"),
    ("An old ferry: {ferry}, {r}.",),
    "time",
)
SEATS = Record(
    (Slot("hall", "city", ("hall",)), Slot("n", "number", ("seats", "seat_count"))),
    ("{hall} has {n} seats.", "{n} seats in {hall}.", "{hall}: room for {n}."),
    ("How many fit in?",),
    (("n", "Nobody counted in {hall}."),),
)


def draw(seed: int = 0) -> Draw:
    return Draw(random.Random(seed))


@pytest.fixture
def owl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "new_word", lambda draw, old: "owl")


@pytest.mark.usefixtures("owl")
def test_a_word_changes_in_names_description_arguments_and_requests() -> None:
    changed = exchange.exchanged_function(draw(), FERRY)
    assert changed.names == ("owl_times", "getOwl", "owls.list")
    assert changed.description == "Find the times of an owl."
    assert changed.arguments == (Argument("owl", "string", "ident", "Number of the owl."),)
    assert changed.told == ("An old owl: {owl}, {r}.",)
    assert changed.asked[:2] == ("When does the owl {owl} go?", "Owls {owl}?")


@pytest.mark.usefixtures("owl")
@pytest.mark.parametrize("seed", range(8))
def test_any_function_keeps_its_arguments_and_is_asked_for_by_the_new_word(seed: int) -> None:
    chance = draw(seed)
    for function in (*written(), *FUNCTIONS):
        changed = exchange.exchanged_function(chance, function)
        if changed is function:
            continue
        assert changed.asked
        assert "owl" in " ".join((changed.description, *changed.names)).lower()
        assert all("owl" in re.sub(r"\{\w+\}", "", text).lower() for text in changed.asked)
        places = {f"{{{argument.name}}}" for argument in changed.arguments}
        assert set(re.findall(r"\{\w+\}", " ".join(changed.asked))) <= places
        kinds = [(each.type, each.kind, each.choices) for each in function.arguments]
        assert [(each.type, each.kind, each.choices) for each in changed.arguments] == kinds


@pytest.mark.usefixtures("owl")
def test_a_key_changes_with_the_sentences_that_say_it() -> None:
    changed = exchange.exchanged_record(draw(), SEATS)
    assert [slot.keys for slot in changed.slots] == [("hall",), ("owls", "owl_count")]
    assert changed.sentences == ("{hall} has {n} owls.", "{n} owls in {hall}.")
    assert not changed.leads
    assert not changed.lacking


@pytest.mark.parametrize("seed", range(8))
def test_any_record_keeps_its_slots(seed: int) -> None:
    chance = draw(seed)
    for record in (*RECORDS, *richer()):
        changed = exchange.exchanged_record(chance, record)
        assert changed.sentences
        assert all(slot.keys for slot in changed.slots)
        names = {slot.name for slot in record.slots}
        for text in changed.sentences:
            assert set(re.findall(r"\{(\w+)\}", text)) == names, text


class Years(Draw):
    """Draws several of the old word before it draws another one."""

    def __init__(self) -> None:
        super().__init__(random.Random(0))
        self.words = ["years", "year", "Years", "ferries", "owl"]

    def thing(self) -> str:
        """The next one."""
        return self.words.pop(0)

    word = strange = thing


@pytest.mark.parametrize("old, new", [("year", "ferries"), ("ferry", "years")])
def test_a_new_word_is_not_several_of_the_old_one(old: str, new: str) -> None:
    assert exchange.new_word(Years(), old) == new


def test_nothing_is_exchanged_for_several_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "new_word", lambda draw, old: "years")
    number = Argument("n", "integer", "small", "How many.")
    function = Function(
        ("year",), "Years.", (number,), ("{n} years?", "Years: {n}"), ("Done.",), ""
    )
    assert exchange.exchanged_function(draw(), function) is function
    told_in_several = Record((Slot("n", "small", ("year",)),), ("{n} years.",))
    asked_in_several = Record((Slot("n", "small", ("years",)),), ("{n} in a year.",))
    for record in (told_in_several, asked_in_several):
        assert exchange.exchanged_record(draw(), record) is record


def test_an_article_fits_the_new_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "new_word", lambda draw, old: "university")
    changed = exchange.exchanged_function(draw(), FERRY)
    assert changed.description == "Find the times of a university."


def test_any_value_is_written_like_the_one_it_replaces() -> None:
    assert {exchange.any_value(draw(seed), "Oslo").istitle() for seed in range(30)} == {True}
    assert {exchange.any_value(draw(seed), "oak").islower() for seed in range(30)} == {True}


def test_arguments_in_another_order_are_the_same_arguments() -> None:
    function = next(each for each in written() if len(each.arguments) == 3)
    orders = {exchange.reordered(draw(seed), function).arguments for seed in range(60)}
    assert len(orders) == 6
    assert all(sorted(order, key=str) == sorted(function.arguments, key=str) for order in orders)
