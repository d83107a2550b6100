"""Whether somebody is there."""

from __future__ import annotations

import random

import pytest
from PIL import Image, ImageFilter

from training.sdxl.emptiness import Emptiness
from training.world.draw import draw
from training.world.scene import held_out_scenes, sample_empty_scene


@pytest.fixture(scope="module")
def emptiness() -> Emptiness:
    return Emptiness(drawn=60)


@pytest.mark.parametrize("blur", [0.0, 1.5])
def test_empty_places_are_told_from_animals(emptiness: Emptiness, blur: float) -> None:
    rng = random.Random(99)
    soft = ImageFilter.GaussianBlur(blur)
    empty = [draw(sample_empty_scene(rng)).filter(soft) for _ in range(40)]
    lived_in = [draw(scene).filter(soft) for scene in held_out_scenes(40, seed=9)]
    assert sum(emptiness.is_empty(image) for image in empty) >= 38
    assert sum(emptiness.is_empty(image) for image in lived_in) <= 1


def test_any_size_will_do(emptiness: Emptiness) -> None:
    image = draw(sample_empty_scene(random.Random(1)))
    assert emptiness.is_empty(image.resize((300, 300)))
    assert emptiness.is_empty(Image.merge("RGBA", (*image.split(), Image.new("L", image.size))))
