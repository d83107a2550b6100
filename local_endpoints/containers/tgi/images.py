"""The pictures of a prompt: found, decoded, replaced by image tokens.

Source of the behaviour: TGI 3.3, router/src/validation.rs, ``prepare_input`` and ``fetch_image``.
Two of its texts come from Rust libraries. Those of base64 0.22 are reproduced with its order of
checks. Those of image 0.25 and its decoders are approximations: a wrong signature is worded as
there, but what is broken further inside a file is said in Pillow's words, and some damage that one
of the two tolerates is refused by the other.
"""

from __future__ import annotations

import asyncio
import binascii
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TILELENGTH, TILEWIDTH, TiffImageFile

from local_endpoints.containers.tgi.errors import InferError, validation
from local_endpoints.containers.tgi.fetch import Fetcher

DELIMITER = "<fake_token_around_image>"
"""Stands before and after the image tokens of a tile."""

IMAGE = "<image>"
"""One image token."""

TILES_WHEN_SPLITTING = 5

MAX_PIXELS = 50_000_000
"""Pixels of one picture, as its header has them, and of all decoded pictures of one prompt.

The Rust library's limit is 512 MiB per picture, some 179 million pixels; this one suits a laptop.
"""

ENOUGH_PIXELS = 1024
"""JPEGs may be decoded at a fraction of their size, the longer side being at least this."""

_MAX_SCANS = 100  # Of a JPEG. Each costs the time of a whole picture, but few bytes.
_DECODERS = 2  # As many as the router has validation workers by default.

_OPENING = "![]("

_MIME_TYPES = {
    "image/png": "Png",
    "image/jpeg": "Jpeg",
    "image/jpg": "Jpeg",
    "image/gif": "Gif",
    "image/webp": "WebP",
    "image/tiff": "Tiff",
}
"""Formats by the Rust library's names; Pillow's are the same in upper case."""

_SIGNATURES = {
    "Png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "Jpeg": re.compile(rb"\xff\xd8\xff"),
    "Gif": re.compile(rb"GIF8[79]a"),
    "WebP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "Tiff": re.compile(rb"II\*\0|MM\0\*"),
    "Bmp": re.compile(rb"BM"),
}

_WRONG_SIGNATURES = {
    "Png": "Invalid PNG signature.",
    "Jpeg": "Error parsing image. Illegal start bytes:{start:X}",
    "Gif": "malformed GIF header",
    "WebP": "Invalid Chunk header: [52, 49, 46, 46]",
    "Tiff": "Format error: TIFF signature not found.",
}

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_SYMBOL = re.compile(rb"[^A-Za-z0-9+/]")


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
                return await asyncio.to_thread(_decode, fetched, None, room)
        if url.startswith("data:"):
            async with self._decoders:
                return await asyncio.to_thread(_decode_url, url[len("data:") :], room)
        raise validation(f"invalid image content: {markdown}")


def image_text(*, latents: int, splitting: bool) -> str:
    """What stands for one picture of Idefics2, whatever its size.

    Args:
        latents: image tokens per tile.
        splitting: whether a picture is split into five tiles.
    """
    tile = f"{DELIMITER}{IMAGE * latents}{DELIMITER}"
    return tile * (TILES_WHEN_SPLITTING if splitting else 1)


def shortened(text: str, *, limit: int = 300) -> str:
    """A text for the log: at most ``limit`` characters of it, and how many there were."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text)} characters)"


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


def _decode_url(content: str, room: int) -> Image.Image:
    """The picture in a data URL, of which ``data:`` was taken off."""
    parts = content.split(";", 2)
    if len(parts) != 2:
        raise validation(f"invalid image content: {content}")
    mime_type, encoded = parts
    if not encoded.startswith("base64,"):
        raise validation(f"invalid image content: {encoded}")
    data = _decode_base64(encoded[len("base64,") :].encode("utf-8", "surrogatepass"))
    return _decode(data, _MIME_TYPES.get(mime_type), room)


def _decode_base64(text: bytes) -> bytes:
    """Decode the standard alphabet with canonical padding, or refuse in base64 0.22's words."""
    if not text:
        return b""
    rest, last = len(text) % 4, len(text) - 1
    if rest == 1 and text[last] != ord("=") and _NO_SYMBOL.match(text, last):
        raise _bad_base64(f"Invalid symbol {text[last]}, offset {last}.")
    tail = len(text) - (rest or 4)
    symbols, _, padding = text[tail:].partition(b"=")
    end = tail + len(symbols)
    wrong = _NO_SYMBOL.search(text, 0, end)
    # "=" is a symbol out of place after less than two others, or with something behind it.
    if wrong or (end <= last and (len(symbols) < 2 or padding.strip(b"="))):
        offset = wrong.start() if wrong else end
        raise _bad_base64(f"Invalid symbol {text[offset]}, offset {offset}.")
    if len(symbols) < 2:
        raise _bad_base64(f"Invalid input length: {end}")
    if rest:
        raise _bad_base64("Invalid padding")
    unused_bits = {2: 0b1111, 3: 0b11}.get(len(symbols), 0)
    if _ALPHABET.index(symbols[-1]) & unused_bits:
        raise _bad_base64(f"Invalid last symbol {symbols[-1]}, offset {end - 1}.")
    return binascii.a2b_base64(text)


def _bad_base64(text: str) -> InferError:
    return validation(f"base64 encoding is invalid: {text}")


def _decode(data: bytes, name: str | None, room: int) -> Image.Image:
    """The first frame of a file, in RGB.

    Args:
        data: the file.
        name: its format; None to find out.
        room: the most pixels that the result may have.
    """
    if name is None:
        name = next((each for each, found in _SIGNATURES.items() if found.match(data)), None)
    if name is None:
        raise validation("invalid image: The image format could not be determined")
    if not _SIGNATURES[name].match(data):
        start = int.from_bytes(data[:2], "big")
        raise _corrupt(name, _WRONG_SIGNATURES[name].format(start=start))
    if name == "Jpeg" and data.count(b"\xff\xda") > _MAX_SCANS:
        raise _corrupt(name, f"Too many scans, exceeded limit of {_MAX_SCANS}")
    try:
        image = Image.open(io.BytesIO(data), formats=[name.upper()])
        _check_size(image.width, image.height, MAX_PIXELS)
        if isinstance(image, TiffImageFile):
            # A tile may be larger than its picture, and is decoded whole.
            tags = image.tag_v2
            _check_size(tags.get(TILEWIDTH, 0), tags.get(TILELENGTH, 0), MAX_PIXELS)
        _reduce(image)
        _check_size(image.width, image.height, room)
        return image.convert("RGB")
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise validation("invalid image: Memory limit exceeded") from None
    except UnidentifiedImageError:
        raise _corrupt(name, "the header cannot be read") from None
    except Exception as error:
        # Pillow lets through whatever its parsers stumble over.
        raise _corrupt(name, shortened(str(error) or type(error).__name__)) from None


def _check_size(width: int, height: int, limit: int) -> None:
    if width * height > limit:
        raise Image.DecompressionBombError


def _reduce(image: Image.Image) -> None:
    """Let a large JPEG be decoded at a half, a quarter or an eighth of its size."""
    factor = max(image.size) // ENOUGH_PIXELS
    if factor > 1 and image.format in {"JPEG", "MPO"}:
        image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))


def _corrupt(name: str, text: str) -> InferError:
    return validation(f"invalid image: Format error decoding {name}: {text}")
