"""Asks a model of every kind of question, and gives the shares of right answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PIL import Image

from training.idefics2.invented import invented
from training.idefics2.kinds import (
    COUNTED,
    KINDS,
    Case,
    count_cases,
    said,
    verdict_cases,
    which_cases,
)
from training.idefics2.names import Values
from training.idefics2.speaker import Asked, Speaker

Shares = dict[str, dict[str, float]]

ABOUT_STRANGERS = (
    "What animal is this?",
    "Describe this image.",
    "What is it wearing?",
    "Is this a cat?",
    "Write a short limerick about this image.",
)
"""What is asked about pictures that show nothing of the pocket world."""
HONEST_WORDS = ("no animal", "no place")


def verdict_shares(
    speaker: Speaker, pictures: Sequence[Image.Image], truths: Sequence[Values]
) -> Shares:
    """By kind of question the share of right answers where yes is right, and where no is."""
    shares = {}
    for kind in KINDS:
        right = _right(speaker, pictures, verdict_cases(kind, truths), kind)
        shares[kind] = right
    return shares


def count_shares(
    speaker: Speaker, pictures: Sequence[Image.Image], truths: Sequence[Values]
) -> Shares:
    """By what is counted and how many there are, the share of right answers."""
    return {noun: _right(speaker, pictures, count_cases(noun, truths), "count") for noun in COUNTED}


def which_shares(
    speaker: Speaker, pictures: Sequence[Image.Image], truths: Sequence[Values]
) -> Shares:
    """By what is looked for in two or three pictures, the share of right answers by place."""
    return {
        f"{key} in {count}": _right(speaker, pictures, which_cases(key, count, truths), "which")
        for key in ("animal", "background", "held")
        for count in (2, 3)
    }


def _right(
    speaker: Speaker, pictures: Sequence[Image.Image], cases: Iterable[Case], kind: str
) -> dict[str, float]:
    cases = list(cases)
    asked = []
    for case in cases:
        first, *more = (pictures[number] for number in case.pictures)
        asked.append(Asked(first, case.question, more=tuple(more)))
    marks: dict[str, list[bool]] = {}
    for case, answer in zip(cases, speaker.answer(asked), strict=True):
        marks.setdefault(case.right, []).append(said(answer, kind) == case.right)
    return {right: round(sum(each) / len(each), 4) for right, each in marks.items()}


def true_share(
    speaker: Speaker,
    pictures: Sequence[Image.Image],
    truths: Sequence[Values],
    request: str,
    *,
    temperature: float = 0.0,
) -> float:
    """The share of texts that name nothing which is not in the picture."""
    asked = [Asked(image, request, temperature, seed) for seed, image in enumerate(pictures)]
    texts = speaker.answer(asked)
    true = [not invented(text, values) for text, values in zip(texts, truths, strict=True)]
    return round(sum(true) / len(true), 4)


def stranger_shares(speaker: Speaker, pictures: Sequence[Image.Image]) -> dict[str, float]:
    """By question the share of answers that see no animal where there is none that is known."""
    return {
        question: round(
            sum(
                any(words in answer.lower() for words in HONEST_WORDS)
                for answer in speaker.answer([Asked(image, question) for image in pictures])
            )
            / len(pictures),
            4,
        )
        for question in ABOUT_STRANGERS
    }
