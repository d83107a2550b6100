"""The texts written by hand: each file can be read, and every choice in it can be made."""

from __future__ import annotations

import random
import re
from collections.abc import Sized
from pathlib import Path

import pytest

from training.language import blocks
from training.language.blocks import read, remarks
from training.language.dialogs import TASKS, dialogs
from training.language.drills.catalog import written
from training.language.functions import FUNCTIONS
from training.language.intents import intents
from training.language.pairs import pairs
from training.language.prompts import prompts
from training.language.records import RECORDS, richer
from training.language.scenes import scenes
from training.language.wording import vary

ROOM = Path(blocks.__file__).parent / "texts"
FILES = pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(ROOM)) for path in ROOM.rglob("*.txt"))
)
TALK = pytest.mark.parametrize("name", sorted(path.stem for path in (ROOM / "talk").iterdir()))
KNOWN = {"kind", "like", "x", "X", "e", "f", "g", "n", "r", "R", "p", "me"}
"""What `smalltalk.small_talk` fills in."""


@FILES
def test_every_choice_can_be_made(name: str) -> None:
    for line in read(name).splitlines():
        assert not set("[]") & set(vary(random.Random(1), line)), line


@TALK
def test_every_remark_is_said_and_answered(name: str) -> None:
    for remark in remarks(name):
        assert len(remark.said) >= 1 and len(remark.answers) >= 1, remark
        for text in (*remark.said, *remark.answers):
            assert set(re.findall(r"\{(\w+)\}", text)) <= KNOWN, text
            assert text == text.strip(), text


@TALK
def test_no_remark_is_said_twice(name: str) -> None:
    said = [text for remark in remarks(name) for text in remark.said]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("folder", "between", "taught"),
    [
        ("dialogs", "\n", [each for task in TASKS for each in dialogs(task.__name__)]),
        ("functions", "\n\n", [*FUNCTIONS, *written()]),
        ("pairs", "\n\n", pairs()),
        ("prompts", "\n", prompts()),
        ("records", "\n\n", [*RECORDS, *richer()]),
        ("scenes", "\n\n", scenes()),
    ],
    ids=["dialogs", "functions", "pairs", "prompts", "records", "scenes"],
)
def test_what_a_folder_holds_is_taught(folder: str, between: str, taught: Sized) -> None:
    # 452 functions once lay in files that no list named.
    files = (ROOM / folder).rglob("*.txt")
    texts = [read(path.relative_to(ROOM).as_posix()) for path in files]
    assert len(taught) == sum(len(text.split(between)) for text in texts) > 100


def test_every_wording_of_an_intent_is_taught() -> None:
    texts = [read(f"said/{path.name}") for path in (ROOM / "said").iterdir()]
    wordings = sum(line.startswith("? ") for text in texts for line in text.splitlines())
    assert wordings == sum(len(intent.said) for intent in intents().values()) > 5000
