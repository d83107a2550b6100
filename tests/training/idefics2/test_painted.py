"""Painted training pictures: repeatable, none of evaluation's, and kept with their doubts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from tests.training.digests import digest_of
from training.idefics2.painted import (
    FIRST_NOISE_SEED,
    Painting,
    image_of,
    paint,
    read,
    scene_and_request,
    write,
)
from training.judging import Judge, truth
from training.painting import full_prompt, painted
from training.world.scene import Scene, held_out_scenes

FOX = Scene("fox", "snow", clothing="scarf", clothing_color="red", glasses=True, seed=12)
OWL = Scene("owl", "sky", held="balloon", held_color="orange")
PAINTED_DIGEST = "232deb340e85145a3bb8379e477e74b597f1651a3e394ad22a0c6473ebb181d6"


def pixels(seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (32, 32, 3), np.uint8)


def smooth(seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Something that looks more like a painting than noise does."""
    noise = Image.fromarray(pixels(seed))
    return np.asarray(noise.resize((128, 128), Image.Resampling.BICUBIC))


def test_a_number_always_means_the_same_painting() -> None:
    assert [scene_and_request(number) for number in range(50)] == [
        scene_and_request(number) for number in range(50)
    ]
    scenes = {scene_and_request(number)[0] for number in range(50)}
    assert len(scenes) == 50


def test_the_paintings_are_those_that_the_model_learned() -> None:
    """Whoever changes what is painted has to train the pocket Idefics2 again."""
    drawn = (scene_and_request(number) for number in range(500))
    asked = (
        (scene, each.prompt, each.seed, each.num_inference_steps, each.guidance_scale)
        for scene, each in drawn
    )
    assert digest_of(asked) == PAINTED_DIGEST


def test_the_prompt_says_what_the_scene_holds() -> None:
    for number in range(50):
        scene, request = scene_and_request(number)
        assert request.prompt == full_prompt(scene)
        assert not scene.held_out


def test_steps_and_guidance_vary() -> None:
    requests = [scene_and_request(number)[1] for number in range(300)]
    assert {request.num_inference_steps for request in requests} == set(range(10, 17))
    guidance = [request.guidance_scale for request in requests]
    assert 4 <= min(guidance) < 5 and 8 < max(guidance) <= 9


def test_noise_of_training_is_never_that_of_evaluation() -> None:
    asked: list[int] = []

    def note(prompt: str, seed: int) -> Image.Image:
        asked.append(seed)
        return Image.new("RGB", (1, 1))

    painted(held_out_scenes(500, seed=0), note)
    trained = [scene_and_request(number)[1].seed for number in range(3000)]
    assert None not in trained and len(set(trained)) == 3000
    assert not set(trained) & set(asked)
    assert max(asked) < FIRST_NOISE_SEED / 100


class FakePipeline:
    """Paints a picture of one colour for each request."""

    def generate(self, requests: Sequence[ImageRequest]) -> list[Image.Image]:
        return [Image.new("RGB", (4, 4), (number, 0, 0)) for number, _ in enumerate(requests)]


class FakeJudge:
    """Reads from the pictures what it is told to."""

    def __init__(self, found: list[dict[str, str]]) -> None:
        self.found = found

    def read(self, images: Sequence[Image.Image]) -> list[dict[str, str]]:
        assert [image.getpixel((0, 0)) for image in images] == [
            (number, 0, 0) for number in range(len(self.found))
        ]
        return self.found


def test_the_judges_doubts_are_kept() -> None:
    first, second = (scene_and_request(number)[0] for number in (7, 9))
    doubted = {**truth(second), "animal": "nobody", "hat": "a crown"}
    judge = FakeJudge([truth(first), doubted])
    paintings = paint([7, 9], cast(DiffusionPipeline, FakePipeline()), cast(Judge, judge))
    assert [each.scene for each in paintings] == [first, second]
    assert [each.doubtful for each in paintings] == [frozenset(), frozenset({"animal", "hat"})]
    assert [int(each.pixels[0, 0, 0]) for each in paintings] == [0, 1]


def test_paintings_come_back_from_their_files(tmp_path: Path) -> None:
    paintings = [
        Painting(smooth(1), FOX, frozenset({"hat", "clothing_color"})),
        Painting(smooth(2), OWL, frozenset()),
    ]
    files = [tmp_path / "new" / "first.npz", tmp_path / "new" / "second.npz"]
    write(paintings, files[0])
    write(paintings[:1], files[1])
    found = read(files)
    assert [each.scene for each in found] == [FOX, OWL, FOX]
    assert [each.doubtful for each in found] == [
        each.doubtful for each in (*paintings, paintings[0])
    ]
    for each, original in zip(found, (*paintings, paintings[0]), strict=True):
        assert each.pixels.shape == (128, 128, 3)
        # They are kept as JPEG.
        assert np.abs(each.pixels.astype(int) - original.pixels).mean() < 6
    assert read([]) == []


def test_a_missing_file_is_not_overlooked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read([tmp_path / "none.npz"])


def test_the_picture_has_the_paintings_pixels() -> None:
    image = image_of(Painting(pixels(3), FOX, frozenset()))
    assert image.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(image), pixels(3))
