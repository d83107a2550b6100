"""Measuring what is made of prompts beyond the world."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from tests.judge import PATH
from training.judging import Judge
from training.sdxl.asked import KINDS, SUBJECTS, asked_shares, blind_share
from training.sdxl.emptiness import Emptiness
from training.world.draw import draw
from training.world.phrases_filler import STRANGE_WORDS
from training.world.scene import (
    ANIMALS,
    BACKGROUNDS,
    NOTHING,
    Scene,
    held_out_scenes,
    sample_empty_scene,
)
from training.world.strangers import UNKNOWN

BLIND = Path(__file__).parent / "blind" / "prompts.json"
NAMES = ("unknown subject, empty place", *KINDS)


@pytest.fixture(scope="module")
def emptiness() -> Emptiness:
    return Emptiness(drawn=40)


def test_its_subjects_are_its_own() -> None:
    words = {word for subject in SUBJECTS for word in re.findall(r"[a-z]+", subject)}
    nouns = {noun for noun in UNKNOWN if " " not in noun}
    assert words & nouns == set()
    assert words & set(STRANGE_WORDS) == set()
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


def test_forty_prompts_were_written_by_hand() -> None:
    asked = json.loads(BLIND.read_text(encoding="utf-8"))
    assert len({each["prompt"] for each in asked}) == len(asked) == 40
    assert {each["animal"] for each in asked} == {*ANIMALS, NOTHING}
    assert {each.get("background") for each in asked} == {*BACKGROUNDS, None}
    counts = Counter(each["animal"] == NOTHING for each in asked)
    assert counts[True] == 14
    for each in asked:
        assert set(each.get("without", [])) <= {"clothing", "hat", "held", "glasses"}


def test_the_blind_are_judged(emptiness: Emptiness, tmp_path: Path) -> None:
    """By somebody who draws, whatever is asked, a bare fox in the snow, and then an empty one."""
    asked = [
        {"prompt": "a fox", "animal": "fox"},
        {"prompt": "two foxes in the snow, no hat", "animal": "fox", "background": "snow",
         "without": ["hat", "glasses"]},
        {"prompt": "a fox on the beach", "animal": "fox", "background": "beach"},
        {"prompt": "a car", "animal": NOTHING},
    ]  # fmt: skip
    path = tmp_path / "prompts.json"
    path.write_text(json.dumps(asked), encoding="utf-8")

    def fox(prompt: str, seed: int) -> Image.Image:
        return draw(Scene("fox", "snow", seed=3))

    def nobody(prompt: str, seed: int) -> Image.Image:
        return draw(Scene(NOTHING, "snow", seed=3))

    def dressed(prompt: str, seed: int) -> Image.Image:
        return draw(Scene("fox", "snow", hat="top hat", hat_color="red", seed=3))

    judge = Judge(PATH)
    assert blind_share(fox, judge, emptiness, path) == 0.5
    assert blind_share(dressed, judge, emptiness, path) == 0.25
    assert blind_share(nobody, judge, emptiness, path) == 0.25
