"""The images of a prompt: in its text as image tokens, and in its request as tiles.

Source of the text: TGI 3.3, router/src/validation.rs, ``prepare_input``, after Idefics2's processor
in transformers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.containers.text.decoding import MAX_PIXELS
from local_endpoints.containers.text.errors import ImagesDoNotFit
from local_endpoints.engine.text.vision import VisionEncoder

DELIMITER = "<fake_token_around_image>"
"""Stands before and after the image tokens of a tile."""

IMAGE = "<image>"
"""One image token."""

Load = Callable[[str, int], Awaitable[Image.Image]]
"""Loads the image of a URL, of at most so many pixels; see `ImageLoader.load`."""


@dataclass(frozen=True)
class Prompt:
    """A prompt as the model gets it.

    Attributes:
        text: with image tokens in place of the images.
        images: in their order, RGB, loaded.
    """

    text: str
    images: tuple[Image.Image, ...] = ()


class PromptImages:
    """Puts images into the prompts of one model.

    Args:
        encoder: the model's vision tower, of which only the preparation is used here.
        image_token: the token in whose places images stand.
        load: loads images.
    """

    def __init__(self, encoder: VisionEncoder, *, image_token: int, load: Load) -> None:
        config = encoder.config
        self._encoder = encoder
        self._image_token = image_token
        self._load = load
        self._text = image_text(latents=config.latents, tiles=config.tiles_per_image)

    async def put(self, urls: Iterable[str], *, between: Sequence[str]) -> Prompt:
        """The prompt that has the images of some URLs between its pieces of text.

        Raises:
            ImageRefused: the first image that cannot be read.
        """
        return await put_images(urls, between=between, load=self._load, image_text=self._text)

    async def tiles(
        self, images: Sequence[Image.Image], tokens: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float32]:
        """The tiles of some images, in order, for a prompt of these tokens; made in a thread.

        Raises:
            ImagesDoNotFit: the prompt has not as many image tokens as the images give.
        """
        given = len(images) * self._encoder.tokens_per_image
        places = int((tokens == self._image_token).sum())
        if given != places:
            raise ImagesDoNotFit(given, places)
        return await asyncio.to_thread(
            lambda: np.concatenate([self._encoder.tiles(image) for image in images])
        )


async def put_images(
    urls: Iterable[str],
    *,
    between: Sequence[str],
    load: Load,
    image_text: str,
    delimiter: str = DELIMITER,
) -> Prompt:
    """A prompt with images in it; all of them share the room of `MAX_PIXELS`.

    Args:
        urls: of the images, in order.
        between: the text before, between and after them: one piece more than there are images.
        load: loads an image.
        image_text: what stands for an image.
        delimiter: of which two in a row become one, also where the prompt has them itself.

    Raises:
        ImageRefused: the first image that cannot be read.
    """
    images: list[Image.Image] = []
    room = MAX_PIXELS
    for url in urls:
        image = await load(url, room)
        room -= image.width * image.height
        images.append(image)
    text = image_text.join(between)
    return Prompt(text.replace(delimiter * 2, delimiter), tuple(images))


def image_text(*, latents: int, tiles: int) -> str:
    """What stands for one image of Idefics2, whatever its size.

    Neighbouring delimiters become one when the image is put into its prompt.

    Args:
        latents: image tokens per tile.
        tiles: tiles per image.
    """
    return f"{DELIMITER}{IMAGE * latents}{DELIMITER}" * tiles
