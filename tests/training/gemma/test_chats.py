from __future__ import annotations

import json
import random
from itertools import islice

import pytest

pytest.importorskip("pronouncing")

from training.gemma import talk, tasks
from training.gemma.chats import chats
from training.verse import poem_requests
from training.verse.topics import HELD_OUT, Topic, is_held_out, known_topics

SAMPLE = list(islice(chats(123), 5000))


def test_the_same_seed_gives_the_same_chats() -> None:
    assert list(islice(chats(123), 200)) == SAMPLE[:200]
    assert list(islice(chats(124), 200)) != SAMPLE[:200]


def test_turns_alternate_and_end_with_the_model() -> None:
    for chat in SAMPLE:
        roles = [message["role"] for message in chat]
        assert roles == ["user", "model"] * (len(chat) // 2)
        assert all(m["content"] == m["content"].strip() != "" for m in chat)


def test_no_held_out_topic_is_ever_seen() -> None:
    assert len(HELD_OUT) >= 40
    seen = [m["content"] for chat in SAMPLE for m in chat if is_held_out(m["content"])]
    assert seen == []
    assert not any(is_held_out(topic.phrase) for topic in known_topics())


def test_no_held_out_phrasing_is_ever_seen() -> None:
    assert len(poem_requests.HELD_OUT_REQUESTS) >= 8
    requests = poem_requests.HELD_OUT_REQUESTS + poem_requests.BLIND_REQUESTS
    beginnings = [text.split("{t}")[0] for text in requests]
    # A beginning that says too little, like the lesson's own, is no phrasing of its own.
    lesson = poem_requests.LESSON_REQUEST.split("{t}")[0]
    beginnings = [text for text in beginnings if len(text) > 12 and text != lesson]
    beginnings += [text.split("{")[0] for text in tasks.HELD_OUT_EXTRACTION]
    beginnings += talk.HELD_OUT_QUESTIONS
    for chat in SAMPLE:
        for message in chat:
            assert not any(message["content"].startswith(text) for text in beginnings)


def test_the_lessons_own_requests_are_trained() -> None:
    asked = {chat[0]["content"] for chat in SAMPLE}
    for topic in ("open source", "rivers"):
        assert poem_requests.LESSON_REQUEST.replace("{t}", topic) in asked
        assert Topic(topic, topic == "rivers", "").phrase in {t.phrase for t in known_topics()}


def test_extraction_answers_hold_the_facts_of_the_request() -> None:
    rng = random.Random(3)
    for _ in range(300):
        question, answer = tasks.extraction(rng)
        for key, value in json.loads(answer).items():
            assert key in question
            assert str(value) in question


def test_repetition_repeats() -> None:
    rng = random.Random(4)
    for _ in range(200):
        question, answer = tasks.repetition(rng)
        assert set(answer.strip('"').split()) <= set(question.replace('"', " ").replace(".", " ")
                                                     .split())  # fmt: skip


def test_tiny_sums_are_right() -> None:
    rng = random.Random(5)
    for _ in range(100):
        question, answer = tasks.tiny_sum(rng)
        if "=" in answer:
            left, right = answer.split(" = ")
            assert sum(int(part) for part in left.split(" + ")) == int(right)
        else:
            assert question.startswith("Count to")
