"""Articles: by the sound of a noun, in a text, and before what will be filled in."""

from __future__ import annotations

import random
import re

import pytest

from training.gemma import tasks
from training.language import judging, memory, told
from training.language.articles import fitted, measured, mended, with_article
from training.language.blocks import _ROOM as ROOM
from training.language.chat import Chat, bare
from training.language.drills import catalog, recall
from training.language.extraction import _facts
from training.language.functions import made_up
from training.language.lexicon import Draw
from training.language.records import Record, Slot
from training.language.rewriting import rewriting
from training.language.scenes import Scene, draw_texts
from training.language.tools import draw_use
from training.language.wording import vary

QUOTED = ("a apple or an apple",)
"""Whose very subject is a wrong article."""


RIGHT = """
    an orange owl, a ukulele, an umbrella, an ugly car, an hour, an honest man, a house, an heir,
    a university, a unicorn, a used bike, a user, an usher, an unimportant name, a uniform,
    a European, a euro, a one-way ticket, an onion, an SQL query, an x-ray, a URL, an 8, an 80,
    a 10, an 11, an 18, an Ötzi
    """


@pytest.mark.parametrize("noun", [" ".join(noun.split()) for noun in RIGHT.split(",")])
def test_the_article_fits_the_noun(noun: str) -> None:
    assert with_article(noun.split(" ", 1)[1]) == noun


def test_articles_of_a_text() -> None:
    assert mended("A apple and a owl, an pear, a hour.") == "An apple and an owl, a pear, an hour."
    for right in ("Is there an a in it?", "A or B", "an F", "an mp3", "vitamin A in milk"):
        assert mended(right) == right


def test_an_article_fits_what_is_filled_in_and_that_stays() -> None:
    values = {"x": "used bike", "y": "\x02owl of a uncle\x03", "z": "pear"}
    assert fitted("an {x}, A {y}, an {z}, a {q}", values) == "a {x}, An {y}, a {z}, a {q}"
    assert measured("a used bike") == "an used bike"


def test_texts_by_hand_have_articles_that_fit() -> None:
    lines = [line for path in sorted(ROOM.rglob("*.txt")) for line in path.read_text().splitlines()]
    for line in lines:
        if re.search(r"\b[Aa]n? \[", line) and not any(text in line for text in QUOTED):
            for seed in range(8):
                text = vary(random.Random(seed), line)
                assert mended(text) == text


def test_a_value_stays_what_the_json_wants() -> None:
    slots = (Slot("x", "@(used bike|owl for a aunt)", ("sold",)),)
    record = Record(slots, ("Ada sells a {x}.",))
    for seed in range(20):
        facts, text = _facts(Draw(random.Random(seed)), record)
        assert facts["sold"] in text
        if facts["sold"] == "used bike":
            assert text == "Ada sells a used bike."


def test_what_is_learned_has_articles_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Draw, "thing", lambda draw: draw.rng.choice(("owl", "used bike", "hour")))
    monkeypatch.setattr(memory, "ANIMALS", ("owl",))
    monkeypatch.setattr(judging, "JOBS", ("engineer",))
    for task in (memory.memory, told.informed, rewriting, judging.reading, judging.sentiment):
        seen = 0
        for seed in range(250):
            text = _said(task(Draw(random.Random(seed))))
            seen += bool(re.search(r"\ban? (?:owl|used|hour|engineer)", text, re.IGNORECASE))
            assert not re.search(r"\b(?:a (?:owl|hour|engineer)|an used)\b", text, re.IGNORECASE), (
                text
            )
        assert seen, task


def test_drills_and_the_first_edition_have_articles_that_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert recall._filled("I have a {k}: {v}", "uncle", "a owl") == "I have an uncle: a owl"
    for seed in range(40):
        function = catalog.inquiry(Draw(random.Random(seed)), ("island", "strange"))
        assert mended(function.description) == function.description
    monkeypatch.setattr(tasks, "WORDS", ("ukulele",))
    asked = [tasks.extraction(random.Random(seed), phrasings=("{text}",))[0] for seed in range(400)]
    assert any("a ukulele" in text for text in asked)
    assert not any("an ukulele" in text for text in asked)


def _said(chat: Chat) -> str:
    return "\n".join(bare(message["content"]) for message in chat.messages)


def test_a_scene_and_a_function_have_articles_that_fit() -> None:
    scene = Scene({"x": ("used bike",)}, {"text": ("A {x} is a {x}.",)})
    assert draw_texts(Draw(random.Random(1)), scene) == {"text": "A used bike is a used bike."}
    for seed in range(30):
        function = made_up(Draw(random.Random(seed)), "rate", "user")
        assert function.description == "Rate a user."
        use = draw_use(Draw(random.Random(seed)), "rate_user", function)
        assert not re.search(r"\ban user\b", use.asked), use.asked
