"""Picture files: decoded safely, or refused with the router's texts.

Source of the behaviour: TGI 3.3, router/src/validation.rs, ``fetch_image``. Two of its texts come
from Rust libraries. Those of base64 0.22 are reproduced with its order of checks. Those of image
0.25 and its decoders are approximations: a wrong signature is worded as there, but what is broken
further inside a file is said in Pillow's words, and some damage that one of the two tolerates is
refused by the other.
"""

from __future__ import annotations

import binascii
import io
import re

from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TILELENGTH, TILEWIDTH, TiffImageFile

from local_endpoints.containers.http.logged import shortened
from local_endpoints.containers.tgi.errors import InferError, generation, validation
from local_endpoints.containers.tgi.guards import guard

MAX_PIXELS = 50_000_000
"""Pixels of one picture, as its header has them, and of all decoded pictures of one prompt.

The Rust library's limit is 512 MiB per picture, some 179 million pixels; this one suits a laptop.
"""

MAX_SLOW_PIXELS = 4_000_000
"""Pixels of one picture of a format whose decoder takes a second for a million of them."""

ENOUGH_PIXELS = 1024
"""JPEGs may be decoded at a fraction of their size, the longer side being at least this."""

_MAX_SCANS = 100  # Of a JPEG. Each costs the time of a whole picture, but few bytes.

_MIME_TYPES = {
    "image/png": "Png",
    "image/jpeg": "Jpeg",
    "image/jpg": "Jpeg",
    "image/gif": "Gif",
    "image/webp": "WebP",
    "image/tiff": "Tiff",
}
"""What the router maps to a format. Under any other type the bytes decide."""

_PILLOW_NAMES = {"Pnm": "PPM"}
"""Formats by the Rust library's names, where Pillow's are not the same in upper case."""

_SIGNATURES = {
    "Png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "Jpeg": re.compile(rb"\xff\xd8\xff"),
    "Gif": re.compile(rb"GIF8[79]a"),
    "WebP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "Tiff": re.compile(rb"II\*\0|MM\0\*"),
    "Bmp": re.compile(rb"BM"),
    "Ico": re.compile(rb"\x00\x00\x01\x00"),
    "Pnm": re.compile(rb"P[1-6]"),
    "Qoi": re.compile(rb"qoif"),
    "Dds": re.compile(rb"DDS "),
}

_ONLY_THE_ROUTER_READS = re.compile(rb"P7|farbfeld|#\?RADIANCE|\x76\x2f\x31\x01")
"""PAM, farbfeld, Radiance and OpenEXR: TGI's server, which has Pillow, then fails to."""

_AVIF = re.compile(rb"\x00\x00\x00 ftypavif")

_SLOW = frozenset({"Pnm", "Qoi"})
"""Formats that Pillow decodes in Python."""

_WRONG_SIGNATURES = {
    "Png": "Invalid PNG signature.",
    "Jpeg": "Error parsing image. Illegal start bytes:{start:X}",
    "Gif": "malformed GIF header",
    "WebP": "Invalid Chunk header: [52, 49, 46, 46]",
    "Tiff": "Format error: TIFF signature not found.",
}

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_SYMBOL = re.compile(rb"[^A-Za-z0-9+/]")


def decode_url(content: str, room: int) -> Image.Image:
    """The picture in a data URL, of which ``data:`` was taken off."""
    parts = content.split(";", 2)
    if len(parts) != 2:
        raise validation(f"invalid image content: {content}")
    mime_type, encoded = parts
    if not encoded.startswith("base64,"):
        raise validation(f"invalid image content: {encoded}")
    data = _decode_base64(encoded[len("base64,") :].encode("utf-8", "surrogatepass"))
    return decode(data, _MIME_TYPES.get(mime_type), room)


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


def decode(data: bytes, name: str | None, room: int) -> Image.Image:
    """The first frame of a file, in RGB.

    Args:
        data: the file.
        name: its format; None to find out.
        room: the most pixels that the result may have.
    """
    if name is None:
        name = next((each for each, found in _SIGNATURES.items() if found.match(data)), None)
    if name is None:
        raise _not_read(data)
    if not _SIGNATURES[name].match(data):
        start = int.from_bytes(data[:2], "big")
        raise _corrupt(name, _WRONG_SIGNATURES[name].format(start=start))
    if name == "Jpeg" and data.count(b"\xff\xda") > _MAX_SCANS:
        raise _corrupt(name, f"Too many scans, exceeded limit of {_MAX_SCANS}")
    try:
        guarded = io.BytesIO(guard(name, data))
        image = Image.open(guarded, formats=[_PILLOW_NAMES.get(name, name.upper())])
        _check_size(image.width, image.height, MAX_SLOW_PIXELS if name in _SLOW else MAX_PIXELS)
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


def _not_read(data: bytes) -> InferError:
    if _ONLY_THE_ROUTER_READS.match(data):
        return generation("cannot identify image file <_io.BytesIO object>")
    if _AVIF.match(data):
        return validation("invalid image: The image format Avif is not supported")
    return validation("invalid image: The image format could not be determined")


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
