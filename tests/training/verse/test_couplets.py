from __future__ import annotations

import random

import pytest

from training.verse import couplets
from training.verse.couplets import Couplet, all_couplets, last_word


def test_every_couplet_rhymes_whatever_is_chosen() -> None:
    pytest.importorskip("pronouncing")
    from training.language.rhymes import rhymes

    wrong = [
        (couplet.category, pair)
        for couplet in all_couplets()
        for pair in couplet.end_pairs()
        if not rhymes(*pair)
    ]
    assert wrong == []


def test_every_category_can_open_go_on_and_close() -> None:
    for category in {couplet.category for couplet in all_couplets()}:
        for section in couplets.SECTIONS:
            assert couplets.couplets(category, section), (category, section)


def test_every_opener_names_the_topic() -> None:
    for couplet in all_couplets():
        if couplet.section == "opener":
            lines = couplet.realise(random.Random(0), topic="xyzzy", plural=False)
            assert "xyzzy" in " ".join(lines).lower(), couplet


def test_general_couplets_never_agree_with_the_topic() -> None:
    for couplet in all_couplets():
        if couplet.category == couplets.ANY:
            singular = couplet.realise(random.Random(3), topic="xyzzy", plural=False)
            assert singular == couplet.realise(random.Random(3), topic="xyzzy", plural=True)


def test_choices_number_and_slots_are_all_filled() -> None:
    for couplet in all_couplets():
        text = " ".join(couplet.realise(random.Random(1), topic="the sea", plural=True))
        assert not set(text) & set("[]<>{}|"), text


def test_number_follows_the_topic() -> None:
    couplet = Couplet("river", "opener", "{T} <begins|begin> here,", "oh {v}, so near.")
    rng = random.Random(0)
    assert couplet.realise(rng, topic="the brook", plural=False) == (
        "The brook begins here,",
        "oh brook, so near.",
    )
    assert couplet.realise(rng, topic="my rivers", plural=True)[0] == "My rivers begin here,"


@pytest.mark.parametrize(
    ("line", "word"),
    [("and asks the way.", "way"), ('He said, "Well tried!"', "tried"), ("", "")],
)
def test_last_word(line: str, word: str) -> None:
    assert last_word(line) == word


def test_a_couplet_of_three_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="two lines"):
        list(couplets._parse("@sea opener\none,\ntwo,\nthree.", "test"))
