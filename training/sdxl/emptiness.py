"""Whether a picture shows a place where nobody is.

A picture is as empty as the drawn scene that it is most like, of many with an animal and many
without. No network is asked: the shipped judge always sees an animal. Needs Pillow and numpy.
"""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from training.world.draw import draw
from training.world.scene import sample_empty_scene, sample_training_scene

SIDE = 24
WIDE, HIGH = slice(6, 18), slice(4, 23)
"""Where an animal stands, of ``SIDE`` pixels each way."""


class Emptiness:
    """Compares pictures with drawn scenes: ``drawn`` of each kind."""

    def __init__(self, *, drawn: int = 240, seed: int = 0) -> None:
        rng = random.Random(seed)
        empty = [draw(sample_empty_scene(rng)) for _ in range(drawn)]
        lived_in = [draw(sample_training_scene(rng)) for _ in range(4 * drawn)]
        self._known = np.stack([_thumbnail(image) for image in (*empty, *lived_in)])
        self._empty = drawn

    def is_empty(self, image: Image.Image) -> bool:
        """Whether nobody is there."""
        differences = np.abs(self._known - _thumbnail(image)).mean(axis=(1, 2, 3))
        return int(differences.argmin()) < self._empty


def _thumbnail(image: Image.Image) -> npt.NDArray[np.float32]:
    small = image.convert("RGB").filter(ImageFilter.GaussianBlur(2)).resize((SIDE, SIDE))
    return np.asarray(small, np.float32)[HIGH, WIDE]
