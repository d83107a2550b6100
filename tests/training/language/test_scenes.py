"""Scenes, orders and tales: everything that a block tells is filled in, with the same values."""

from __future__ import annotations

import random
import re

import pytest

from training.language.lexicon import Draw
from training.language.rewriting import rewriting
from training.language.scenes import (
    Scene,
    as_title,
    draw_joined,
    draw_texts,
    inside,
    orders,
    scenes,
    tales,
)

KINDS = {
    "scenes": (scenes(), {"text", "short", "title"}),
    "orders": (orders(), {"rude", "polite", "formal"}),
    "tales": (tales(), {"hero", "1", "2", "3"}),
}
FILES = pytest.mark.parametrize("found, needed", KINDS.values(), ids=KINDS)


@FILES
def test_every_block_has_what_is_asked_for(found: tuple[Scene, ...], needed: set[str]) -> None:
    assert len(found) >= 40
    for scene in found:
        assert needed <= set(scene.texts), scene.texts


@FILES
def test_every_variable_gets_a_value(found: tuple[Scene, ...], needed: set[str]) -> None:
    draw = Draw(random.Random(3))
    for scene in found:
        for _ in range(8):
            for text in draw_texts(draw, scene).values():
                assert not re.search(r"[{}\[\]|]", text), text


def test_all_texts_of_a_drawing_have_the_same_values() -> None:
    scene = Scene(
        {"place": ("park", "forest")},
        {"text": ("{n} walks in the {place}.",), "short": ("{n}: {place}",)},
    )
    for seed in range(20):
        texts = draw_texts(Draw(random.Random(seed)), scene)
        name, place = texts["short"].split(": ")
        assert texts["text"] == f"{name} walks in the {place}."


def test_an_article_fits_its_word() -> None:
    scene = Scene({"x": ("owl",)}, {"text": ("A {x} is a {x}.",)})
    assert draw_texts(Draw(random.Random(1)), scene) == {"text": "An owl is an owl."}


def test_a_title_has_its_capitals() -> None:
    scene = Scene(
        {"x": ("thump of the neighbour's dog",)},
        {"title": ("The Forgotten {x} in {n}",), "text": ("A {x}.",)},
    )
    texts = draw_texts(Draw(random.Random(1)), scene)
    assert texts["title"].startswith("The Forgotten Thump of the Neighbour's Dog in ")
    assert texts["text"] == "A thump of the neighbour's dog."


def test_titles_by_hand_are_written_as_titles() -> None:
    titles = [text for scene in scenes() for text in scene.texts["title"]]
    assert len(titles) > 500
    assert [text for text in titles if re.sub(r"\{\w+\}", "N", text) != _titled(text)] == []


def _titled(text: str) -> str:
    return as_title(re.sub(r"\{\w+\}", "N", text))


@pytest.mark.parametrize("seed", range(80))
def test_a_rewriting_asks_and_answers(seed: int) -> None:
    chat = rewriting(Draw(random.Random(seed)))
    for message in chat.messages:
        assert message["content"].strip() and "{" not in message["content"]


@pytest.mark.parametrize(
    ("sentence", "joined"),
    [
        ("The lamp fell.", "the lamp fell"),
        ("Nobody was hurt!", "nobody was hurt"),
        ("Ida swept the floor.", "Ida swept the floor"),
        ("I laughed.", "I laughed"),
    ],
)
def test_a_sentence_inside_another_one_loses_its_capital(sentence: str, joined: str) -> None:
    assert inside(sentence) == joined


@pytest.mark.parametrize("seed", range(40))
def test_joined_sentences_keep_all_their_words(seed: int) -> None:
    apart, joined = draw_joined(Draw(random.Random(seed)))
    words = [word for word in re.findall(r"\w+", joined.lower()) if word != "and"]
    assert words == [word for word in re.findall(r"\w+", apart.lower()) if word != "and"]
    assert re.fullmatch(r"[^.!?]+[.]", joined), joined
