"""From a picture to the image tokens that stand in a prompt: tiles, vision tower, connector.

Source of the tiles: transformers 5, ``Idefics2ImageProcessorPil``. A picture is split into its
four quarters and the whole, each resized with bilinear interpolation; with equal shortest and
longest edge every tile is a square, whatever the picture's shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.engine.sessions import open_session
from local_endpoints.engine.text.config import read_json

Array = npt.NDArray[np.float32]

VISION_GRAPH = "vision.onnx"


@dataclass(frozen=True)
class VisionConfig:
    """The part of ``preprocessor_config.json`` and ``config.json`` that pictures need.

    Attributes:
        side: pixels of a tile's side.
        splitting: whether a picture also gives its four quarters.
        mean, deviation: by channel, of pixels in [0, 1].
        latents: image tokens per tile.
    """

    side: int
    splitting: bool
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    latents: int

    @property
    def tiles_per_image(self) -> int:
        """Tiles that one picture gives."""
        return 5 if self.splitting else 1

    @classmethod
    def load(cls, model_dir: Path) -> VisionConfig:
        """Read the configs of a model folder.

        Raises:
            FileNotFoundError: a file is missing.
            KeyError: it lacks a value.
            ValueError: tiles would not be square.
        """
        pictures = read_json(model_dir / "preprocessor_config.json")
        config = read_json(model_dir / "config.json")
        size = pictures["size"]
        if size["longest_edge"] != size["shortest_edge"]:
            raise ValueError("longest_edge and shortest_edge must be equal: tiles are squares here")
        return cls(
            side=int(size["longest_edge"]),
            splitting=bool(pictures.get("do_image_splitting", False)),
            mean=tuple(pictures["image_mean"]),
            deviation=tuple(pictures["image_std"]),
            latents=int(config["perceiver_config"]["resampler_n_latents"]),
        )


class VisionEncoder:
    """An exported vision tower with its connector; used by one thread at a time.

    Args:
        model_dir: folder with ``vision.onnx`` and the configs.

    Attributes:
        config: sizes and normalisation.
    """

    def __init__(self, model_dir: Path) -> None:
        self.config = VisionConfig.load(model_dir)
        self._session = open_session(model_dir / VISION_GRAPH, threads=1, arena=False)

    @property
    def tokens_per_image(self) -> int:
        """Image tokens of one picture, delimiters not counted."""
        return self.config.tiles_per_image * self.config.latents

    def tiles(self, image: Image.Image) -> Array:
        """The tiles of one RGB picture: float32 ``[tiles, 3, side, side]``, normalised."""
        config = self.config
        parts = [*_quarters(image), image] if config.splitting else [image]
        size = (config.side, config.side)
        resized = [np.asarray(part.resize(size, Image.Resampling.BILINEAR)) for part in parts]
        pixels = np.stack(resized).astype(np.float32) / 255
        mean, deviation = (
            np.array(values, np.float32) for values in (config.mean, config.deviation)
        )
        return np.ascontiguousarray(((pixels - mean) / deviation).transpose(0, 3, 1, 2))

    def encode(self, tiles: Array) -> Array:
        """The image tokens of some tiles, in order: float32 ``[tiles * latents, width]``."""
        states: Array = self._session.run(["states"], {"pixels": tiles})[0]
        return states.reshape(-1, states.shape[-1])


def is_vision_model(model_dir: Path) -> bool:
    """Whether the folder's model looks at pictures."""
    return (model_dir / VISION_GRAPH).exists()


def _quarters(image: Image.Image) -> Sequence[Image.Image]:
    """Upper left, upper right, lower left, lower right; none is empty, however thin the picture."""
    width, height = image.size
    x, y = width // 2, height // 2
    boxes = ((0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height))
    return [image.crop(box) if box[0] < box[2] and box[1] < box[3] else image for box in boxes]
