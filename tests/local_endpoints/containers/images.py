"""Images, and files of images, for the containers' tests."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

from local_endpoints.containers.text.data_url import decode_url
from local_endpoints.containers.text.decoding import MAX_PIXELS

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "PPM", "QOI", "DDS")
"""All that are read, by Pillow's names."""


def noise(seed: int = 1, size: tuple[int, int] = (24, 16)) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(pixels)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    # Pillow's other DDS files are of kinds that the router does not read.
    options |= {"pixel_format": "DXT1"} if form == "DDS" else {}
    image.save(buffer, form, **options)
    return buffer.getvalue()


def data_url(data: bytes, mime: str = "application/octet-stream") -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def image_url(image: Image.Image, form: str = "PNG", **options: Any) -> str:
    return data_url(saved(image, form, **options), f"image/{form.lower()}")


def markdown(data: bytes, mime: str = "application/octet-stream") -> str:
    return f"![]({data_url(data, mime)})"


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def png(width: int, height: int, *between: bytes) -> bytes:
    """A PNG of a size that its one row of pixels does not reach."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0" * (1 + 3 * min(width, 100))))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(between) + rows + chunk(b"IEND", b"")


def same(image: Image.Image, other: Image.Image) -> bool:
    return image.size == other.size and image.tobytes() == other.tobytes()


def decoded(data: bytes, mime: str = "application/octet-stream") -> Image.Image:
    image = decode_url(data_url(data, mime).removeprefix("data:"), MAX_PIXELS)
    assert image.mode == "RGB"
    return image
