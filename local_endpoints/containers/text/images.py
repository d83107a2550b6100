"""The images of a prompt: loaded from their URLs, in its text as image tokens, in its request as
tiles.

Source of the text: TGI 3.3, router/src/validation.rs, ``prepare_input``, after Idefics2's processor
in transformers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.containers.text.data_url import decode_url
from local_endpoints.containers.text.decoding import MAX_PIXELS, decode
from local_endpoints.containers.text.errors import ImageFault, ImageRefused, ImagesDoNotFit
from local_endpoints.containers.workers import HUGE, aside
from local_endpoints.engine.text.vision import VisionEncoder

if TYPE_CHECKING:
    from local_endpoints.containers.text.fetch import Fetcher

DELIMITER = "<fake_token_around_image>"
"""Stands before and after the image tokens of a tile."""

IMAGE = "<image>"
"""One image token."""

_FETCHES = 4
"""Images from the web that are in memory at once."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Reading:
    """How a dialect reads the URLs of images, and their files.

    Attributes:
        is_web: whether the image of a URL is fetched, and does not stand in it. Raises a
            `RequestError` for a URL of which no image can come.
        data_url: the image that stands in a URL, of so many pixels at most, or a `RequestError`.
        file: the same of a file that was fetched.
    """

    is_web: Callable[[str], bool]
    data_url: Callable[[str, int], Image.Image]
    file: Callable[[bytes, int], Image.Image]


def _is_web(url: str) -> bool:
    if url.startswith(("http://", "https://")):
        return True
    if not url.startswith("data:"):
        raise ImageRefused(ImageFault.URL, url)
    return False


def _from_data_url(url: str, room: int) -> Image.Image:
    return decode_url(url[len("data:") :], room)


def _from_file(data: bytes, room: int) -> Image.Image:
    return decode(data, None, room)


ROUTER = Reading(_is_web, _from_data_url, _from_file)
"""As TGI's router does, whose schemes are in lower case (validation.rs, ``fetch_image``)."""


class ImageLoader:
    """Loads images from URLs; decodes a few at once, aside.

    Args:
        fetcher: gets images from web addresses; None refuses them.
        reading: the dialect's.
    """

    def __init__(self, fetcher: Fetcher | None, reading: Reading = ROUTER) -> None:
        self._fetcher = fetcher
        self._reading = reading
        self._fetches = asyncio.Semaphore(_FETCHES)

    def check(self, urls: Iterable[str]) -> None:
        """Refuse what can be refused without looking at an image.

        Raises:
            RequestError: for the first URL of which no image can come.
        """
        for url in urls:
            self._is_fetched(url)

    def _is_fetched(self, url: str) -> bool:
        is_web = self._reading.is_web(url)
        if is_web and self._fetcher is None:
            raise ImageRefused(
                ImageFault.NOT_FETCHED,
                "the local service fetches no pictures: send it as a data: URL, or set "
                "POCKET_FETCH_IMAGES=1 in the endpoint's env",
            )
        return is_web

    async def load(self, urls: Iterable[str], make: Callable[[Image.Image], Made]) -> list[Made]:
        """What ``make`` makes of the images of one prompt, which are RGB and share the room of
        `MAX_PIXELS`. No image outlives this: the next one is decoded when it is made use of.

        Raises:
            RequestError: for the first image that cannot be had or read.
        """
        made: list[Made] = []
        room = MAX_PIXELS
        for url in urls:
            pixels, each = await self._load(url, room, make)
            made.append(each)
            room -= pixels
        return made

    async def _load(
        self, url: str, room: int, make: Callable[[Image.Image], Made]
    ) -> tuple[int, Made]:
        """The number of pixels, and what was made of them."""

        def made(read: Callable[..., Image.Image], *given: object) -> tuple[int, Made]:
            image = read(*given, room)
            return image.width * image.height, make(image)

        if not self._is_fetched(url):
            return await aside(made, self._reading.data_url, url, size=HUGE)
        assert self._fetcher is not None
        async with self._fetches:
            fetched = await self._fetcher.fetch(url)
            return await aside(made, self._reading.file, fetched, size=HUGE)


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
        self._shortest = image_text(latents=1, tiles=1)
        self._left_out = (config.latents + 1) * config.tiles_per_image - 2

    @property
    def tokens_per_image(self) -> int:
        """Image tokens of one image, delimiters not counted."""
        return self._encoder.tokens_per_image

    def text(self, between: Sequence[str]) -> str:
        """A prompt with images between some pieces of text."""
        return joined(between, self._image_text)

    def shortened(self, between: Sequence[str]) -> tuple[str, int]:
        """The same prompt with little more than its delimiters for an image, and how many tokens
        it has less than the whole one."""
        return joined(between, self._shortest), (len(between) - 1) * self._left_out

    def check(self, urls: Iterable[str]) -> None:
        """Refuse what can be refused without looking at an image.

        Raises:
            RequestError: for the first URL of which no image can come.
        """
        self._loader.check(urls)

    async def look(self, urls: Iterable[str]) -> None:
        """Read the images of some URLs and make nothing of them.

        Raises:
            RequestError: for the first image that cannot be had or read.
        """
        await self._loader.load(urls, lambda image: None)

    def check_places(self, images: int, tokens: npt.NDArray[np.int64]) -> None:
        """Raises: ImagesDoNotFit if a prompt has not as many image tokens as its images give."""
        given = images * self.tokens_per_image
        places = int((tokens == self._image_token).sum())
        if given != places:
            raise ImagesDoNotFit(given, places)

    async def tiles(self, urls: Sequence[str]) -> npt.NDArray[np.float32] | None:
        """The tiles of the images of some URLs, in order; None for no URL.

        Raises:
            RequestError: for the first image that cannot be had or read.
        """
        found = await self._loader.load(urls, self._encoder.tiles)
        return np.concatenate(found) if found else None


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
