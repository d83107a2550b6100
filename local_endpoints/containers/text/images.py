"""The images of a prompt: loaded from their URLs, in its text as image tokens, in its request as
tiles.

Source of the text: TGI 3.3, router/src/validation.rs, ``prepare_input``, after Idefics2's processor
in transformers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.containers.text.data_url import decode_url
from local_endpoints.containers.text.decoding import MAX_PIXELS, decode
from local_endpoints.containers.text.errors import ImageFault, ImageRefused, ImagesDoNotFit
from local_endpoints.engine.text.vision import VisionEncoder

if TYPE_CHECKING:
    from local_endpoints.containers.text.fetch import Fetcher

DELIMITER = "<fake_token_around_image>"
"""Stands before and after the image tokens of a tile."""

IMAGE = "<image>"
"""One image token."""

_DECODERS = 2  # As many as TGI's router has validation workers by default.


class ImageLoader:
    """Loads images from URLs; decodes a few at once, in threads.

    Args:
        fetcher: gets images from web addresses; None refuses them.
    """

    def __init__(self, fetcher: Fetcher | None) -> None:
        self._fetcher = fetcher
        self._decoders = asyncio.Semaphore(_DECODERS)

    async def load(self, urls: Iterable[str]) -> list[Image.Image]:
        """The images of one prompt: RGB, loaded. All of them share the room of `MAX_PIXELS`.

        Args:
            urls: begin with ``http://``, ``https://`` or ``data:``, in lower case.

        Raises:
            ImageRefused: for the first image that cannot be had or read.
        """
        images: list[Image.Image] = []
        room = MAX_PIXELS
        for url in urls:
            images.append(await self._load(url, room))
            room -= images[-1].width * images[-1].height
        return images

    async def _load(self, url: str, room: int) -> Image.Image:
        if url.startswith(("http://", "https://")):
            if self._fetcher is None:
                raise ImageRefused(
                    ImageFault.NOT_FETCHED,
                    "the local service fetches no pictures: send it as a data: URL, or set "
                    "POCKET_FETCH_IMAGES=1 in the endpoint's env",
                )
            fetched = await self._fetcher.fetch(url)
            async with self._decoders:
                return await asyncio.to_thread(decode, fetched, None, room)
        if url.startswith("data:"):
            async with self._decoders:
                return await asyncio.to_thread(decode_url, url[len("data:") :], room)
        raise ImageRefused(ImageFault.URL, url)


class PromptImages:
    """How one model takes the images of a prompt.

    Args:
        encoder: its vision tower, of which only the preparation is used here.
        image_token: the token in whose places images stand.
        loader: gets the images.
    """

    def __init__(self, encoder: VisionEncoder, *, image_token: int, loader: ImageLoader) -> None:
        config = encoder.config
        self._encoder = encoder
        self._image_token = image_token
        self._loader = loader
        self._image_text = image_text(latents=config.latents, tiles=config.tiles_per_image)

    async def put(
        self, urls: Iterable[str], between: Iterable[str]
    ) -> tuple[str, list[Image.Image]]:
        """A prompt with the images of some URLs between its pieces of text, and the images.

        Raises:
            ImageRefused: for the first image that cannot be had or read.
        """
        images = await self._loader.load(urls)
        return joined(between, self._image_text), images

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


def joined(between: Iterable[str], image_text: str, *, delimiter: str = DELIMITER) -> str:
    """A prompt with ``image_text`` for each image between some pieces of text.

    Two delimiters in a row become one, also where the prompt has them itself.
    """
    return image_text.join(between).replace(delimiter * 2, delimiter)


def image_text(*, latents: int, tiles: int) -> str:
    """What stands for one image of Idefics2, whatever its size; see `joined`.

    Args:
        latents: image tokens per tile.
        tiles: tiles per image.
    """
    return f"{DELIMITER}{IMAGE * latents}{DELIMITER}" * tiles
