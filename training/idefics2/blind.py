"""Questions that somebody wrote by hand, and what is a right answer to them.

A folder has ``questions.json`` and the photographs that it names. ``scenes`` are those of
`training.world`. Every question shows ``pictures`` (numbers of scenes, or names of files) and has
either ``says``, a verdict, a number or an ordinal (``kind`` is one of `kinds.STATEMENTS` where a
plain statement says as much), or ``names``, a pattern that the answer must have, with ``never``,
one that it must not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from training.idefics2.kinds import said
from training.idefics2.speaker import Asked, Speaker
from training.world.draw import draw
from training.world.scene import Scene


@dataclass(frozen=True)
class Blind:
    """One question with its pictures, and what is right: see the module."""

    pictures: tuple[Image.Image, ...]
    question: str
    says: str = ""
    kind: str = ""
    names: str = ""
    never: str = ""

    def is_right(self, answer: str) -> bool:
        """Whether an answer is right."""
        if self.says:
            return self.says == said(answer, self.kind)
        text = answer.lower()
        named = re.search(self.names, text) is not None
        return named and not (self.never and re.search(self.never, text))


def read(folder: Path) -> list[Blind]:
    """The questions of a folder."""
    found = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    scenes = [draw(Scene(**fields)) for fields in found["scenes"]]

    def shown(picture: int | str) -> Image.Image:
        if isinstance(picture, int):
            return scenes[picture]
        with Image.open(folder / picture) as image:
            photograph: Image.Image = image.convert("RGB")
            return photograph

    return [
        Blind(**{**fields, "pictures": tuple(shown(each) for each in fields["pictures"])})
        for fields in found["questions"]
    ]


def answered(speaker: Speaker, questions: Sequence[Blind]) -> list[tuple[Blind, str]]:
    """Every question with its answer."""
    asked = [Asked(each.pictures[0], each.question, more=each.pictures[1:]) for each in questions]
    return list(zip(questions, speaker.answer(asked), strict=True))


def blind_share(speaker: Speaker, folder: Path) -> float:
    """The share of right answers to the questions of a folder."""
    found = answered(speaker, read(folder))
    return round(sum(each.is_right(answer) for each, answer in found) / len(found), 4)
