"""Errands of two functions: what is said, fed and called fits together."""

from __future__ import annotations

import random
import re

import pytest

from training.language import pairs as pairs_module
from training.language.chat import bare
from training.language.drills.errands import bare_value
from training.language.lexicon import Draw
from training.language.pairs import FED, errands, pairs
from training.language.trials.sets import SETS, Trials

PAIRS = pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.first.names[0])
SEEDS = pytest.mark.parametrize("seed", range(40))


@PAIRS
def test_one_argument_is_fed_and_every_other_one_is_asked_for(pair) -> None:  # type: ignore[no-untyped-def]
    arguments = (*pair.first.arguments, *pair.second.arguments)
    (fed,) = (each for each in arguments if each.kind == FED)
    assert fed in pair.second.arguments
    said = sorted(each.name for each in arguments if each is not fed)
    assert len(set(said)) == len(said)
    for text in pair.asked:
        assert sorted(re.findall(r"\{(\w+)\}", text)) == said, text
    for text in pair.told:
        assert set(re.findall(r"\{(\w+)\}", text)) <= {*said, "r"}, text


@pytest.mark.parametrize("trials", SETS, ids=lambda trials: trials.name)
def test_no_pair_is_a_task_of_a_set(trials: Trials) -> None:
    # The sets' authors did not know the pairs: names of first functions may meet, tasks must not.
    known = {(a, b) for pair in pairs() for a in pair.first.names for b in pair.second.names}
    assert not known & {tuple(step.name for step in errand.steps) for errand in trials.errands}
    second = {name for pair in pairs() for name in pair.second.names}
    assert not second & {errand.steps[1].name for errand in trials.errands}


def test_an_exchanged_noun_changes_in_functions_and_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    block = """plum_trees treesOfPlum | Plum trees of an orchard. | number
- orchard:string=strange The orchard.
sell_plums plum_sale | Sells plums at a price. | done
- plums:integer=@ How many plums.
- price:number=money Price of a plum.
? How many plum trees has {orchard}? Sell as many plums for {price}.
? Sell fruit for {price}, as many as {orchard} has trees.
= Sold plums: {r}."""
    monkeypatch.setattr(pairs_module, "new_word", lambda draw, old: "kettle")
    monkeypatch.setattr(pairs_module, "_shared_words", lambda pair: ("plum",))
    pair, first, second = pairs_module._exchanged(Draw(random.Random(0)), pairs_module._pair(block))
    assert pair.asked == ("How many kettle trees has {orchard}? Sell as many kettles for {price}.",)
    assert pair.told == ("Sold kettles: {r}.",)
    assert first.names == ("kettle_trees", "treesOfKettle")
    assert second.arguments[0].name == "kettles"
    assert pair.second.arguments[0].name == "plums"


@SEEDS
def test_the_second_call_takes_what_the_first_one_gave(seed: int) -> None:
    plans = errands(Draw(random.Random(seed)), 3)
    assert len({tuple(use.name for use, _ in steps) for steps, _, _ in plans}) == 1
    for ((first, value), (second, _)), task, answer in plans:
        fed = bare_value(value)
        assert fed in map(str, second.arguments.values()) or float(fed) in second.arguments.values()
        assert answer and "{" not in answer and "{" not in bare(task)
        for given in first.arguments.values():
            assert isinstance(given, int | float | list) or given in bare(task)


def test_what_is_fed_mostly_stands_first() -> None:
    # Where it stood last in two of three, agents gave it the first value that the task names.
    places = []
    for seed in range(400):
        (_, observed), (second, _) = errands(Draw(random.Random(seed)), 1)[0][0]
        values = [str(value) for value in second.arguments.values()]
        fed = bare_value(observed)
        if len(values) == 2 and values.count(fed) == 1:
            places.append(values.index(fed))
    assert len(places) > 150
    assert 0.2 < sum(places) / len(places) < 0.5
