"""Images inside of data URLs.

Source of the behaviour: TGI 3.3, router/src/validation.rs, ``fetch_image``, and the Rust library
base64 0.22, whose texts are reproduced with its order of checks.
"""

from __future__ import annotations

import binascii
import re

from PIL import Image

from local_endpoints.containers.text.decoding import decode
from local_endpoints.containers.text.errors import ImageFault, ImageRefused

_FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
}
"""What the router maps to a format. Under any other type the bytes decide."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_SYMBOL = re.compile(rb"[^A-Za-z0-9+/]")


def decode_url(content: str, room: int) -> Image.Image:
    """The image in a data URL.

    Args:
        content: the URL, of which ``data:`` was taken off.
        room: the most pixels that the image may have.

    Raises:
        ImageRefused: the URL or the file is not acceptable.
    """
    parts = content.split(";", 2)
    if len(parts) != 2:
        raise ImageRefused(ImageFault.DATA_URL, content)
    mime_type, encoded = parts
    if not encoded.startswith("base64,"):
        raise ImageRefused(ImageFault.DATA_URL, encoded)
    data = _decode_base64(encoded[len("base64,") :].encode("utf-8", "surrogatepass"))
    return decode(data, _FORMATS.get(mime_type), room)


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


def _bad_base64(reason: str) -> ImageRefused:
    return ImageRefused(ImageFault.BASE64, reason)
