"""The pictures of prompts for one model: their image tokens, and the tiles that fill them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.containers.tgi.images import DELIMITER, PictureReader, Prompt, image_text
from local_endpoints.engine.text.vision import VisionEncoder

if TYPE_CHECKING:
    from local_endpoints.containers.tgi.fetch import Fetcher


class Pictures:
    """Reads the pictures of prompts for one model.

    Args:
        encoder: the model's vision tower, of which only the preparation is used here.
        image_token: the token in whose places pictures stand.
        fetcher: gets pictures from web addresses; None refuses them.
    """

    def __init__(
        self, encoder: VisionEncoder, *, image_token: int, fetcher: Fetcher | None
    ) -> None:
        config = encoder.config
        self._encoder = encoder
        self._image_token = image_token
        self._reader = PictureReader(
            image_text=image_text(latents=config.latents, splitting=config.splitting),
            delimiter=DELIMITER,
            fetcher=fetcher,
        )

    async def read(self, inputs: str) -> Prompt:
        """The prompt with image tokens in place of its pictures.

        Raises:
            InferError: 422 for a picture that cannot be read.
        """
        return await self._reader.read(inputs)

    def mismatch(
        self, tokens: npt.NDArray[np.int64], images: Sequence[Image.Image]
    ) -> tuple[int, int] | None:
        """How many image tokens pictures give and a prompt has, if that is not the same."""
        given = len(images) * self._encoder.tokens_per_image
        places = int((tokens == self._image_token).sum())
        return None if given == places else (given, places)

    async def tiles(self, images: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        """The tiles of some pictures, in order; made in a thread."""
        return await asyncio.to_thread(
            lambda: np.concatenate([self._encoder.tiles(image) for image in images])
        )
