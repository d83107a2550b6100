"""Image files: decoded safely, or refused.

Which formats are read, and how strictly, follows the Rust library image 0.25 of TGI's router; what
exactly is broken inside of a file is said in Pillow's words. Some damage that one of the two
tolerates is refused by the other.
"""

from __future__ import annotations

import io
import re

from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TILELENGTH, TILEWIDTH, TiffImageFile

from local_endpoints.containers.http.logged import shortened
from local_endpoints.containers.text.errors import ImageFault, ImageRefused
from local_endpoints.containers.text.guards import guard

MAX_PIXELS = 50_000_000
"""Pixels of one image, as its header has them, and of all decoded images of one prompt.

The Rust library's limit is 512 MiB per image, some 179 million pixels; this one suits a laptop.
"""

MAX_PIXELS_OF = {"PPM": 4_000_000, "QOI": 4_000_000, "WEBP": 16_000_000}
"""Less for some formats. Two decoders are Python and take a second for a million pixels; that of
WebP holds Python's lock all the while."""

ENOUGH_PIXELS = 1024
"""JPEGs may be decoded at a fraction of their size, the longer side being at least this."""

_WHITE = (255, 255, 255)
_STRIP = 1_000_000  # Pixels that are laid on white at once.

_MAX_SCANS = 100  # Of a JPEG. Each costs the time of a whole image, but few bytes.

_SIGNATURES = {
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "BMP": re.compile(rb"BM"),
    "ICO": re.compile(rb"\x00\x00\x01\x00"),
    "PPM": re.compile(rb"P[1-6]"),
    "QOI": re.compile(rb"qoif"),
    "DDS": re.compile(rb"DDS "),
}
"""How the files of each format begin, by Pillow's names."""


def decode(data: bytes, name: str | None, room: int, *, unmarked: str | None = None) -> Image.Image:
    """The first frame of a file, in RGB, on white where it is transparent.

    Args:
        data: the file.
        name: Pillow's name of its format; None to find out.
        room: the most pixels that the result may have.
        unmarked: the same of a format without a signature, which a file may have that has none.

    Raises:
        ImageRefused: the file is of no known format or of another one than ``name``, is broken,
            or holds more pixels than are read, or than there is room for.
    """
    if name is None:
        name = next((each for each, found in _SIGNATURES.items() if found.match(data)), unmarked)
    if name is None:
        raise ImageRefused(ImageFault.FORMAT, start=data[:16])
    if name != unmarked and not _SIGNATURES[name].match(data):
        raise ImageRefused(ImageFault.SIGNATURE, format=name, start=data[:16])
    if name == "JPEG" and data.count(b"\xff\xda") > _MAX_SCANS:
        raise _corrupt(name, f"Too many scans, exceeded limit of {_MAX_SCANS}")
    try:
        image = Image.open(io.BytesIO(guard(name, data)), formats=[name])
        _check_size(image.width, image.height, MAX_PIXELS_OF.get(name, MAX_PIXELS))
        if isinstance(image, TiffImageFile):
            # A tile may be larger than its image, and is decoded whole.
            tags = image.tag_v2
            _check_size(tags.get(TILEWIDTH, 0), tags.get(TILELENGTH, 0), MAX_PIXELS)
        _reduce(image)
        _check_size(image.width, image.height, room)
        return _on_white(image)
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageRefused(ImageFault.PIXELS) from None
    except UnidentifiedImageError:
        if name == unmarked:
            raise ImageRefused(ImageFault.FORMAT, start=data[:16]) from None
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


def _on_white(image: Image.Image) -> Image.Image:
    """The image in RGB: what is transparent in it lies on white (transformers,
    image_processing_idefics2.py, ``convert_to_rgb``; vLLM 0.30, vllm/multimodal/image.py,
    ``convert_image_mode``). Both take an RGB image as it is, transparent colour and all.
    """
    image.load()
    if image.mode == "RGB" or not image.has_transparency_data:
        return image.convert("RGB")
    whole = Image.new("RGB", image.size, _WHITE)
    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        # The copies that this makes would take twice the memory of a whole image.
        box = (0, top, image.width, min(top + rows, image.height))
        strip = image.crop(box).convert("RGBA")
        whole.paste(strip, box, strip)
    return whole


def _corrupt(name: str, reason: str) -> ImageRefused:
    return ImageRefused(ImageFault.CORRUPT, reason, name)
