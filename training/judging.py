"""Reads from a picture what it shows: the judge of the pocket SDXL's pictures, and the truth.

``python -m training.sdxl.judge`` trains the judge. Needs Pillow, numpy and onnxruntime; no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.engine.runtime import ort
from training.world.scene import (
    ANIMALS,
    BACKGROUNDS,
    CLOTHING,
    COLORED_HATS,
    COLORED_HELD,
    COLORS,
    HATS,
    HELD,
    NOTHING,
    Scene,
)

CLASSES: dict[str, tuple[str, ...]] = {
    "animal": ANIMALS,
    "background": BACKGROUNDS,
    "clothing": (NOTHING, *CLOTHING),
    "clothing_color": COLORS,
    "hat": (NOTHING, *HATS),
    "hat_color": COLORS,
    "held": (NOTHING, *HELD),
    "held_color": COLORS,
    "glasses": ("no", "yes"),
}
"""What the judge tells apart, by attribute, in the order of its outputs."""
COLORED = {"clothing": CLOTHING, "hat": COLORED_HATS, "held": COLORED_HELD}
"""Which values of an attribute have a colour."""
FIRST = 40
"""So many held-out scenes are measured apart, too: the tests look at them again."""
SIDE = 128
"""Pixels of the side of what the judge sees."""

Reader = Callable[[Image.Image], dict[str, str]]
"""Reads from a picture the value of every attribute of ``CLASSES``, as a ``Judge`` does."""


class Judge:
    """Reads attributes from pictures.

    The ONNX file takes ``pixels``, float32 ``[n, 3, 128, 128]``, RGB in [0, 1], and gives for
    every attribute of ``CLASSES`` an output of that name: logits, float32 ``[n, classes]``.
    """

    def __init__(self, path: Path) -> None:
        """Open the judge. Raises ``FileNotFoundError`` when there is no such file."""
        if not path.exists():
            raise FileNotFoundError(
                f"No judge at {path}: train one with python -m training.sdxl.judge"
            )
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, image: Image.Image) -> dict[str, str]:
        """The value of every attribute of ``CLASSES`` in a picture of any size.

        Colours are empty where there is nothing to colour; ``glasses`` is "yes" or "no".
        """
        return self.read([image])[0]

    def read(self, images: Sequence[Image.Image]) -> list[dict[str, str]]:
        """The same for several pictures at once."""
        logits = self.logits(np.stack([_pixels(image) for image in images]))
        best = {key: values.argmax(axis=1) for key, values in logits.items()}
        return [
            _without_colors_of_nothing(
                {key: CLASSES[key][int(best[key][index])] for key in CLASSES}
            )
            for index in range(len(images))
        ]

    def logits(self, pixels: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
        """By attribute the file's output ``[n, classes]`` for its input, see above."""
        found = self._session.run(list(CLASSES), {"pixels": pixels})
        return dict(zip(CLASSES, found, strict=True))


def _pixels(image: Image.Image) -> npt.NDArray[np.float32]:
    image = image.convert("RGB")
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    pixels: npt.NDArray[np.float32] = np.asarray(image, np.float32).transpose(2, 0, 1) / 255
    return pixels


def _without_colors_of_nothing(values: dict[str, str]) -> dict[str, str]:
    for key, colored in COLORED.items():
        if values[key] not in colored:
            values[f"{key}_color"] = ""
    return values


def truth(scene: Scene) -> dict[str, str]:
    """What a perfect judge reads from a scene."""
    values = {key: getattr(scene, key) for key in CLASSES if key != "glasses"}
    return {**values, "glasses": "yes" if scene.glasses else "no"}
