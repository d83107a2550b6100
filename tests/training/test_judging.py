"""The shipped judge reads what a picture shows, whatever the picture is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image

from tests.judge import judge
from training.judging import CLASSES, Judge, truth
from training.world.draw import draw
from training.world.scene import Scene, sample_scene


def test_it_reads_a_named_scene() -> None:
    scene = Scene("penguin", "beach", clothing="scarf", clothing_color="red", hat="top hat",
                  hat_color="blue", held="balloon", held_color="yellow", glasses=True)  # fmt: skip
    assert judge(draw(scene)) == {
        "animal": "penguin",
        "background": "beach",
        "clothing": "scarf",
        "clothing_color": "red",
        "hat": "top hat",
        "hat_color": "blue",
        "held": "balloon",
        "held_color": "yellow",
        "glasses": "yes",
    }


def test_nothing_has_no_color() -> None:
    found = judge(draw(Scene("bear", "field")))
    assert (found["clothing"], found["hat"], found["held"]) == ("nothing", "nothing", "nothing")
    assert (found["clothing_color"], found["hat_color"], found["held_color"]) == ("", "", "")


def test_any_size_and_mode_will_do() -> None:
    scene = Scene("frog", "snow", held="laptop")
    large = draw(scene, size=256).convert("RGBA")
    assert judge(large)["animal"] == "frog"
    assert judge(draw(scene, size=64))["background"] == "snow"


def test_noise_is_read_without_an_error() -> None:
    rng = random.Random(1)
    noise = Image.frombytes("RGB", (128, 128), rng.randbytes(128 * 128 * 3))
    assert set(judge(noise)) == set(CLASSES)


def test_truth_has_a_value_for_every_attribute_of_the_judge() -> None:
    rng = random.Random(1)
    for _ in range(300):
        for key, value in truth(sample_scene(rng)).items():
            assert value in CLASSES[key] or (value == "" and key.endswith("_color"))


def test_a_missing_judge_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.sdxl\.judge"):
        Judge(tmp_path / "none.onnx")
