"""The pictures of a prompt: found, read, and replaced by image tokens.

Source of the behaviour: TGI 3.3, router/src/validation.rs, ``prepare_input`` and ``fetch_image``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from local_endpoints.containers.tgi.decoding import MAX_PIXELS, decode, decode_url
from local_endpoints.containers.tgi.errors import validation

if TYPE_CHECKING:
    from local_endpoints.containers.tgi.fetch import Fetcher

DELIMITER = "<fake_token_around_image>"
"""Stands before and after the image tokens of a tile."""

IMAGE = "<image>"
"""One image token."""

TILES_WHEN_SPLITTING = 5

_DECODERS = 2  # As many as the router has validation workers by default.

_OPENING = "![]("


@dataclass(frozen=True)
class Prompt:
    """A prompt as the model gets it.

    Attributes:
        text: with image tokens in place of the pictures.
        images: the pictures in their order, RGB, loaded.
    """

    text: str
    images: tuple[Image.Image, ...]


class PictureReader:
    """Reads the pictures of prompts.

    A picture is a markdown image without a description, ``![](URL)``; with one it is left as text.

    Args:
        image_text: what stands for a picture.
        delimiter: of which two in a row become one, also where the prompt has them itself.
        fetcher: gets pictures from web addresses; None refuses them.
    """

    def __init__(self, *, image_text: str, delimiter: str, fetcher: Fetcher | None) -> None:
        self._image_text = image_text
        self._delimiter = delimiter
        self._fetcher = fetcher
        self._decoders = asyncio.Semaphore(_DECODERS)

    async def read(self, inputs: str) -> Prompt:
        """Replace the pictures of a prompt, in order.

        Raises:
            InferError: 422 for the first picture that cannot be read.
        """
        images: list[Image.Image] = []
        parts: list[str] = []
        done, room = 0, MAX_PIXELS
        for start, end in _places(inputs):
            image = await self._picture(inputs[start:end], room)
            room -= image.width * image.height
            images.append(image)
            parts += [inputs[done:start], self._image_text]
            done = end
        text = "".join([*parts, inputs[done:]])
        return Prompt(text.replace(self._delimiter * 2, self._delimiter), tuple(images))

    async def _picture(self, markdown: str, room: int) -> Image.Image:
        url = markdown[len(_OPENING) : -1]
        if url.startswith(("http://", "https://")):
            if self._fetcher is None:
                raise validation(
                    "Could not fetch image: the local service fetches no pictures: send it as a "
                    "data: URL, or set POCKET_FETCH_IMAGES=1 in the endpoint's env"
                )
            fetched = await self._fetcher.fetch(url)
            async with self._decoders:
                return await asyncio.to_thread(decode, fetched, None, room)
        if url.startswith("data:"):
            async with self._decoders:
                return await asyncio.to_thread(decode_url, url[len("data:") :], room)
        raise validation(f"invalid image content: {markdown}")


def image_text(*, latents: int, splitting: bool) -> str:
    """What stands for one picture of Idefics2, whatever its size.

    Args:
        latents: image tokens per tile.
        splitting: whether a picture is split into five tiles.
    """
    tile = f"{DELIMITER}{IMAGE * latents}{DELIMITER}"
    return tile * (TILES_WHEN_SPLITTING if splitting else 1)


def _places(inputs: str) -> Iterator[tuple[int, int]]:
    """Where the matches of ``!\\[\\]\\([^\\)]*\\)`` start and end.

    Rust's expressions take linear time; Python's would look for the end once per beginning.
    """
    start = inputs.find(_OPENING)
    while start >= 0:
        end = inputs.find(")", start) + 1
        if not end:
            return
        yield start, end
        start = inputs.find(_OPENING, end)
