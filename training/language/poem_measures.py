"""Measures of poems: topic named, rhymed, ended, no line twice; and how answers vary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from statistics import mean
from typing import Any

from training.language.speaker import Speaker
from training.verse.poem_requests import BLIND_REQUESTS, HELD_OUT_REQUESTS, LESSON_REQUEST
from training.verse.scores import Answer, score_poem
from training.verse.topics import BLIND, HELD_OUT

MAX_NEW_TOKENS = 160


def poems(
    speaker: Speaker,
    *,
    temperature: float = 0.2,
    max_new_tokens: int = MAX_NEW_TOKENS,
    log: list[dict[str, Any]],
) -> dict[str, float]:
    """Poems about topics, and in phrasings, that training never sees.

    Results on ``held out`` guided the generator, as on a development set; ``blind`` was written
    afterwards, and no result on it changed anything.
    """
    figures: dict[str, float] = {}
    groups = (("held out", HELD_OUT, HELD_OUT_REQUESTS), ("blind", BLIND, BLIND_REQUESTS))
    for name, topics, requests in groups:
        asked = [(topic, request.replace("{t}", topic)) for topic in topics for request in requests]
        figures |= _score(speaker, name, asked, temperature, max_new_tokens, log)
    return figures


def _score(
    speaker: Speaker,
    name: str,
    asked: list[tuple[str, str]],
    temperature: float,
    max_new_tokens: int,
    log: list[dict[str, Any]],
) -> dict[str, float]:
    texts = [text for _, text in asked]
    said = speaker.ask(texts, temperature=temperature, max_new_tokens=max_new_tokens)
    answers = [Answer(text, a.text, a.ended) for text, a in zip(texts, said, strict=True)]
    scores = [score_poem(topic, answer) for (topic, _), answer in zip(asked, answers, strict=True)]
    log += [
        {"measure": f"poems, {name}", "topic": topic, **asdict(answer), **asdict(score)}
        for (topic, _), answer, score in zip(asked, answers, scores, strict=True)
    ]
    size = f"poems, {name} ({len(scores)})"
    return {
        f"{size}: mention their topic": _mean(s.mentions_topic for s in scores),
        f"{size}: rhymed couplets": _mean(s.rhymed_couplets for s in scores),
        f"{size}: end by themselves within {max_new_tokens} tokens": _mean(s.ended for s in scores),
        f"{size}: repeated lines": _mean(s.repeated_lines for s in scores),
    }


def variety(speaker: Speaker) -> dict[str, float]:
    """How many of 50 seeds give different poems, at three temperatures."""
    lesson = LESSON_REQUEST.replace("{t}", "open source")
    return {
        f"different poems of 50 seeds at temperature {temperature}": len(
            {answer.text for answer in speaker.ask([lesson] * 50, temperature=temperature)}
        )
        for temperature in (0.2, 0.6, 1.0)
    }


def _mean(values: Iterable[float]) -> float:
    return round(mean(map(float, values)), 4)
