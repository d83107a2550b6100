"""Pictures on their way into a request: base64, small enough for the container."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Sequence

from PIL import Image

from helpers.errors import ImageTooLargeError, ParameterError
from helpers.picture import PictureSource, load_picture, picture_list, whole_number

# TGI refuses bodies above 2,000,000 bytes. Base64 makes four bytes of three, and the prompt needs
# some room too.
MAX_IMAGE_BYTES = 1_400_000
SMALLEST_SIDE = 16
HIGHEST_QUALITY = 95
"""Above it files grow, and pictures no better; Pillow advises against it."""
MIME_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
LONGEST_SIDES = {"JPEG": 65_500, "WEBP": 16_383}
"""Pixels; what the format, or Pillow's writer of it, can hold."""
SAFETY = 0.95
"""Bytes shrink a little more slowly than pixels."""


def pil_image_to_base64(
    image: PictureSource,
    *,
    format: str = "JPEG",
    quality: int = 90,
    max_bytes: int = MAX_IMAGE_BYTES,
) -> str:
    """Encode a picture, made smaller step by step until it fits.

    Args:
        image: whatever ``load_picture`` takes, which makes it upright and plain.
        format: ``"JPEG"``, ``"PNG"`` or ``"WEBP"``, in capitals or not.
        quality: 1 to 95, for JPEG and WebP.
        max_bytes: most bytes before base64, 1 or more.

    Returns:
        Base64 text without a prefix.

    Raises:
        ParameterError: an unknown format, or a number out of range.
        PictureError: it is no picture, or none that can be read.
        ImageTooLargeError: not even a tiny version fits.
    """
    (encoded,) = _encoded([image], format=format, quality=quality, max_bytes=max_bytes)
    return base64.b64encode(encoded).decode("ascii")


def image_to_data_url(
    image: PictureSource,
    *,
    format: str = "JPEG",
    quality: int = 90,
    max_bytes: int = MAX_IMAGE_BYTES,
) -> str:
    """A picture as ``data:`` URL, as chat messages take it. See ``pil_image_to_base64``."""
    (url,) = images_to_data_urls([image], format=format, quality=quality, max_bytes=max_bytes)
    return url


def images_to_data_urls(
    images: Iterable[PictureSource],
    *,
    format: str = "JPEG",
    quality: int = 90,
    max_bytes: int = MAX_IMAGE_BYTES,
) -> list[str]:
    """The pictures of one request as ``data:`` URLs that fit into it together.

    What counts for the container is the request, not the picture. The room is shared fairly: a
    picture that needs less than its share leaves the rest to the larger ones, and only those are
    made smaller.

    Args:
        images: a list of whatever ``load_picture`` takes.
        format: ``"JPEG"``, ``"PNG"`` or ``"WEBP"``, in capitals or not.
        quality: 1 to 95, for JPEG and WebP.
        max_bytes: most bytes of all pictures together, before base64; 1 or more. The default
            leaves TGI's request some 130,000 characters for everything else.

    Raises:
        ParameterError: an unknown format, a number out of range, or no list of pictures.
        PictureError: one is no picture, or none that can be read.
        ImageTooLargeError: not even tiny versions fit.
    """
    encoded = _encoded(images, format=format, quality=quality, max_bytes=max_bytes)
    start = f"data:{MIME_TYPES[_checked(format)]};base64,"
    return [start + base64.b64encode(each).decode("ascii") for each in encoded]


def fair_shares(wishes: Sequence[int], total: int) -> list[int]:
    """How much each gets of a total: its wish, or as much as everybody else whose wish is cut."""
    shares = [0] * len(wishes)
    waiting = sorted(range(len(wishes)), key=wishes.__getitem__)
    for done, place in enumerate(waiting):
        shares[place] = min(wishes[place], total // (len(waiting) - done))
        total -= shares[place]
    return shares


def _encoded(
    images: Iterable[PictureSource], *, format: str, quality: int, max_bytes: int
) -> list[bytes]:
    format = _checked(format)
    quality = whole_number("quality", quality, highest=HIGHEST_QUALITY)
    max_bytes = whole_number("max_bytes", max_bytes)
    longest = LONGEST_SIDES.get(format)
    pictures = [load_picture(each, max_side=longest) for each in picture_list(images)]
    files = [_file(picture, format=format, quality=quality) for picture in pictures]
    shares = fair_shares([len(file) for file in files], max_bytes)
    for place, (picture, share) in enumerate(zip(pictures, shares, strict=True)):
        while len(files[place]) > share:
            picture = _smaller(picture, share / len(files[place]), limit=max_bytes)
            files[place] = _file(picture, format=format, quality=quality)
    return files


def _checked(format: str) -> str:
    """The format's name as Pillow has it."""
    name = format.upper() if isinstance(format, str) else ""
    if name not in MIME_TYPES:
        raise ParameterError(f"unknown format {format!r:.60}: give one of {', '.join(MIME_TYPES)}")
    return name


def _file(picture: Image.Image, *, format: str, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format=format, quality=quality)
    return buffer.getvalue()


def _smaller(picture: Image.Image, share: float, *, limit: int) -> Image.Image:
    """The picture with about that share of its pixels."""
    factor = SAFETY * math.sqrt(share)
    width, height = (max(1, int(side * factor)) for side in picture.size)
    if max(width, height) < SMALLEST_SIDE:
        raise ImageTooLargeError(
            f"the pictures do not fit into {limit:,} bytes: allow more, send fewer, or crop them"
        )
    return picture.resize((width, height), Image.Resampling.LANCZOS)
