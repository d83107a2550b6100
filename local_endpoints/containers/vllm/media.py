"""Images from URLs (vllm/multimodal/media/connector.py and image.py of vLLM 0.30).

The bytes decide about the format, whatever the URL says. Pillow reads more formats than are read
here: what bounds time and memory must be known before anything is decoded. An AVIF may hold an
image of any size behind the one that it claims, and a JPEG 2000 of 180 bytes takes seconds and
hundreds of megabytes for its tiles.
"""

from __future__ import annotations

import binascii
import re
from http import HTTPStatus

from PIL import Image

from local_endpoints.containers.text.decoding import decode
from local_endpoints.containers.text.errors import ImageFault, ImageRefused
from local_endpoints.containers.text.images import Reading
from local_endpoints.containers.vllm.errors import Refused

_DATA = "data:"
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+-]*):")
_NO_SYMBOL = re.compile(r"[^A-Za-z0-9+/]")


def _is_web(url: str) -> bool:
    """``MediaConnector.load_from_url``, which takes schemes in any case."""
    if _is_data(url):
        return False
    found = _SCHEME.match(url)
    scheme = found[1].lower() if found else ""
    if scheme == "file":
        # A plain RuntimeError there, and so no fault of the client's.
        raise Refused(
            "Cannot load local files without `--allowed-local-media-path`.",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            kind="InternalServerError",
        )
    if not scheme.startswith("http"):
        raise ImageRefused(ImageFault.URL, url)
    return True


def _is_data(url: str) -> bool:
    return url[: len(_DATA)].lower() == _DATA


def _from_data_url(url: str, room: int) -> Image.Image:
    """``MediaConnector._load_data_url``."""
    head, comma, data = url[len(_DATA) :].partition(",")
    if not comma:
        raise Refused(f"Invalid data URL {url[:32]!r}: missing ',' separator.")
    _, semicolon, encoding = head.rpartition(";")
    if not semicolon or encoding != "base64":
        raise ImageRefused(ImageFault.DATA_URL, head)
    return _from_file(_decode_base64(data), room)


def _decode_base64(text: str) -> bytes:
    """As ``pybase64.b64decode(…, validate=True)`` of 1.5: all faults have one text, and bits that
    mean nothing may be set."""
    symbols = text.rstrip("=")
    if len(text) % 4 or len(text) - len(symbols) > 2 or _NO_SYMBOL.search(symbols):
        raise ImageRefused(ImageFault.BASE64, "Non-base64 digit found")
    return binascii.a2b_base64(text)


def _from_file(data: bytes, room: int) -> Image.Image:
    return decode(data, None, room, unmarked="TGA")


MEDIA = Reading(_is_web, _from_data_url, _from_file)
