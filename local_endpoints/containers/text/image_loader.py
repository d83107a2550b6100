"""From the URL of an image to its pixels."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PIL import Image

from local_endpoints.containers.text.data_url import decode_url
from local_endpoints.containers.text.decoding import decode
from local_endpoints.containers.text.errors import BadImageUrl, ImageNotFetched

if TYPE_CHECKING:
    from local_endpoints.containers.text.fetch import Fetcher

_DECODERS = 2  # As many as TGI's router has validation workers by default.


class ImageLoader:
    """Loads images; decodes a few at once, in threads.

    Args:
        fetcher: gets images from web addresses; None refuses them.
    """

    def __init__(self, fetcher: Fetcher | None) -> None:
        self._fetcher = fetcher
        self._decoders = asyncio.Semaphore(_DECODERS)

    async def load(self, url: str, room: int) -> Image.Image:
        """The image under an address of the web, or inside of a data URL: RGB, loaded.

        Args:
            url: begins with ``http://``, ``https://`` or ``data:``, in lower case.
            room: the most pixels that it may have.

        Raises:
            ImageRefused: it cannot be had or read.
        """
        if url.startswith(("http://", "https://")):
            if self._fetcher is None:
                raise ImageNotFetched(
                    "the local service fetches no pictures: send it as a data: URL, or set "
                    "POCKET_FETCH_IMAGES=1 in the endpoint's env"
                )
            fetched = await self._fetcher.fetch(url)
            async with self._decoders:
                return await asyncio.to_thread(decode, fetched, None, room)
        if url.startswith("data:"):
            async with self._decoders:
                return await asyncio.to_thread(decode_url, url[len("data:") :], room)
        raise BadImageUrl(url)
