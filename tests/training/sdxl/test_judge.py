"""The shipped judge reads drawn scenes, soft ones too; its training runs and exports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from PIL import ImageFilter

from tests.judge import PATH
from training.judging import CLASSES, Judge
from training.sdxl.evaluate import shares_right
from training.world.draw import draw
from training.world.scene import Scene, held_out_scenes


@cache
def scenes() -> list[Scene]:
    return held_out_scenes(150, seed=77)


def test_the_file_is_small() -> None:
    assert PATH.stat().st_size <= 1_000_000


def test_it_reads_held_out_scenes() -> None:
    shares = shares_right(scenes(), map(draw, scenes()), Judge(PATH))
    assert set(shares) == set(CLASSES)
    assert min(shares.values()) >= 0.93, shares


def test_it_reads_soft_pictures() -> None:
    soft = (draw(scene).filter(ImageFilter.GaussianBlur(1)) for scene in scenes())
    shares = shares_right(scenes(), soft, Judge(PATH))
    assert min(shares.values()) >= 0.85, shares


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
    logits = Judge(path).logits(pixels.numpy())
    for wanted, found in zip(expected, logits.values(), strict=True):
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
