"""The shipped judge reads drawn scenes, soft ones too; its training runs and exports."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from tests.judge import PATH, judge
from training.sdxl.evaluate import CLASSES, Judge, held_out_scenes, shares_right
from training.world.draw import draw
from training.world.scene import Scene


@cache
def scenes() -> list[Scene]:
    return held_out_scenes(150, seed=77)


def test_the_file_is_small() -> None:
    assert PATH.stat().st_size <= 1_000_000


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


def test_it_reads_held_out_scenes() -> None:
    shares = shares_right(scenes(), map(draw, scenes()), Judge(PATH))
    assert set(shares) == set(CLASSES)
    assert min(shares.values()) >= 0.93, shares


def test_it_reads_soft_pictures() -> None:
    soft = (draw(scene).filter(ImageFilter.GaussianBlur(1)) for scene in scenes())
    shares = shares_right(scenes(), soft, Judge(PATH))
    assert min(shares.values()) >= 0.85, shares


def test_any_size_and_mode_will_do() -> None:
    scene = Scene("frog", "snow", held="laptop")
    large = draw(scene, size=256).convert("RGBA")
    assert judge(large)["animal"] == "frog"
    assert judge(draw(scene, size=64))["background"] == "snow"


def test_noise_is_read_without_an_error() -> None:
    rng = random.Random(1)
    noise = Image.frombytes("RGB", (128, 128), rng.randbytes(128 * 128 * 3))
    assert set(judge(noise)) == set(CLASSES)


def test_training_runs_and_exports_what_it_computes(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from training.sdxl import judge as training

    torch.set_num_threads(1)
    net = training.train(steps=2, batch=4)
    path = tmp_path / "judge.onnx"
    training.write(training.graph(net), path)
    pixels = torch.rand(3, 3, 128, 128)
    with torch.no_grad():
        expected = net(pixels).split([len(names) for names in CLASSES.values()], 1)
    session = Judge(path)._session
    for wanted, found in zip(expected, session.run(None, {"pixels": pixels.numpy()}), strict=True):
        assert abs(wanted.numpy() - found).max() < 0.02
    assert [file.name for file in tmp_path.iterdir()] == ["judge.onnx"]


def test_disturbed_pictures_stay_pictures() -> None:
    torch = pytest.importorskip("torch")
    from training.sdxl import judge as training

    generator = torch.Generator().manual_seed(3)
    pixels, labels = training.Pictures(seed=2).batch(8)
    images = training.disturbed(pixels.clone(), generator)
    assert images.shape == pixels.shape
    assert float(images.min()) >= 0 and float(images.max()) <= 1
    assert float((images - pixels / 255).abs().mean()) > 0.01
    assert labels.shape == (8, len(CLASSES))
