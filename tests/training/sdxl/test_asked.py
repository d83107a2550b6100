"""Measuring what is made of prompts beyond the world."""

from __future__ import annotations

import random
import re

import pytest
from PIL import Image

from tests.judge import PATH
from training.judging import Judge
from training.sdxl.asked import KINDS, SUBJECTS, asked_shares
from training.sdxl.emptiness import Emptiness
from training.world.draw import draw
from training.world.prompts_asked import UNKNOWN
from training.world.scene import Scene, held_out_scenes, sample_empty_scene

NAMES = ("unknown subject, empty place", *KINDS)


@pytest.fixture(scope="module")
def emptiness() -> Emptiness:
    return Emptiness(drawn=40)


def test_its_subjects_are_its_own() -> None:
    words = {word for subject in SUBJECTS for word in re.findall(r"[a-z]+", subject)}
    nouns = {noun for noun in UNKNOWN if " " not in noun}
    assert words & nouns == set()
    assert len(SUBJECTS) == len(set(SUBJECTS)) == 20


def test_a_painter_of_empty_places_is_right_where_nobody_is_known(emptiness: Emptiness) -> None:
    def paint(prompt: str, seed: int) -> Image.Image:
        return draw(sample_empty_scene(random.Random(seed)))

    shares = asked_shares(paint, Judge(PATH), emptiness, count=8)
    assert list(shares) == list(NAMES)
    assert shares["unknown subject, empty place"] == 1
    assert shares["misspelt"] < 0.5


def test_a_painter_who_understands_everything_is_right_elsewhere(emptiness: Emptiness) -> None:
    scenes = held_out_scenes(8, seed=5)

    def paint(prompt: str, seed: int) -> Image.Image:
        return draw(scenes[seed] if seed < 8 else Scene("owl", "sky"))

    shares = asked_shares(paint, Judge(PATH), emptiness, count=8)
    assert shares["unknown subject, empty place"] == 0
    assert min(shares[kind] for kind in KINDS) >= 0.75
