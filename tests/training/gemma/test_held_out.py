"""What the model is measured by is in no chat that it learns from."""

from __future__ import annotations

import random
from itertools import islice

import pytest

pytest.importorskip("pronouncing")

from training.gemma import rehearsal
from training.gemma.mixture import GEMMA
from training.language.chat import bare
from training.language.lexicon import Draw
from training.language.mixture import Source
from training.language.refusals import QUESTIONS
from training.verse.poem_requests import BLIND_REQUESTS, HELD_OUT_REQUESTS, LESSON_REQUEST
from training.verse.topics import is_held_out

ASKED = [
    message["content"]
    for chat in islice(Source(GEMMA, me="Pocket Gemma", seed=123), 8000)
    for message in chat.messages
    if message["role"] == "user"
]


def test_no_held_out_topic_is_ever_seen() -> None:
    assert not [text for text in ASKED if is_held_out(text)]


def test_no_held_out_phrasing_is_ever_seen() -> None:
    beginnings = [text.split("{t}")[0] for text in HELD_OUT_REQUESTS + BLIND_REQUESTS]
    # A beginning that says too little, like the lesson's own, is no phrasing of its own.
    lesson = LESSON_REQUEST.split("{t}")[0]
    kept = [text.lower() for text in beginnings if len(text) > 12 and text != lesson]
    kept += [text.lower().rstrip("?.") for text in QUESTIONS]
    assert len(kept) > 25
    assert not [text for text in ASKED if any(part in text.lower() for part in kept)]


def test_the_lessons_own_requests_are_trained() -> None:
    # Not from all that is asked: there one of them comes once in thousands of chats.
    draw = Draw(random.Random(1), me="Pocket Gemma")
    asked = {bare(rehearsal.poem(draw).messages[0]["content"]) for _ in range(6000)}
    for topic in ("open source", "rivers"):
        request = LESSON_REQUEST.replace("{t}", topic)
        assert request in asked
        assert not is_held_out(request)
