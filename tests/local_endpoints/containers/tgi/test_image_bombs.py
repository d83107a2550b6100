"""Images that would take too much memory or time, and decoders that break."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from local_endpoints.containers.text import decoding, images
from tests.local_endpoints.containers.images import (
    FORMATS,
    chunk,
    decoded,
    markdown,
    noise,
    png,
    saved,
)
from tests.local_endpoints.containers.tgi.prompts import prompt_refused, read

# Pillow warns of damage that it reads over, and of images that are refused here.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]


def test_an_icon_must_have_the_size_that_it_says() -> None:
    """Otherwise a small icon could hold an image of any size."""
    data = bytearray(saved(noise(size=(16, 16)), "ICO", sizes=[(16, 16)]))
    offset = struct.unpack_from("<I", data, 18)[0]
    icon = bytes(data[:offset]) + png(7000, 7000)
    assert prompt_refused(markdown(icon)) == (
        "invalid image: Format error decoding Ico: Entry(16, 16) and PNG(7000, 7000) dimensions "
        "do not match!"
    )


def patched(form: str, side: int) -> bytes:
    """A small file whose header claims a square with the given side."""
    data = bytearray(saved(noise(), form, **({"lossless": True} if form == "WEBP" else {})))

    def put(place: int, layout: str) -> None:
        struct.pack_into(layout, data, place, side, side)

    if form == "PNG":
        return png(side, side)
    if form == "JPEG":
        put(data.index(b"\xff\xc0") + 5, ">HH")
    elif form == "GIF":
        put(6, "<HH")
    elif form == "BMP":
        put(18, "<ii")
    elif form == "ICO":
        (start,) = struct.unpack_from("<I", data, 18)
        put(start + 16, ">II")
    elif form == "PPM":
        return b"P6 %d %d 255\n" % (side, side) + bytes(data)
    elif form == "QOI":
        put(4, ">II")
    elif form == "DDS":
        put(12, "<II")
    elif form == "WEBP":
        # Two numbers of 14 bits behind the marker of a lossless image.
        (bits,) = struct.unpack_from("<I", data, 21)
        struct.pack_into("<I", data, 21, bits >> 28 << 28 | (side - 1) << 14 | (side - 1))
    else:
        (directory,) = struct.unpack_from("<I", data, 4)
        (entries,) = struct.unpack_from("<H", data, directory)
        for place in range(directory + 2, directory + 2 + 12 * entries, 12):
            (tag,) = struct.unpack_from("<H", data, place)
            if tag in (256, 257):
                struct.pack_into("<HIHH", data, place + 2, 3, 1, side, 0)
    return bytes(data)


@pytest.mark.parametrize(("form", "side"), [("PPM", 2001), ("QOI", 2001), ("WEBP", 4001)])
def test_formats_that_are_hard_to_decode_have_a_lower_limit(form: str, side: int) -> None:
    assert prompt_refused(markdown(patched(form, side))) == "invalid image: Memory limit exceeded"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("side", [8000, 10_000, 16_000])
def test_a_bomb_is_refused_by_its_header(form: str, side: int) -> None:
    text = "do not match!" if form == "ICO" else "invalid image: Memory limit exceeded"
    assert prompt_refused(markdown(patched(form, side))).endswith(text)


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_of_any_size_is_refused(width: int, height: int) -> None:
    data = png(width, height)
    assert len(data) < 500
    assert prompt_refused(markdown(data, "image/png")) == "invalid image: Memory limit exceeded"


def test_images_of_a_prompt_share_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    found = markdown(saved(noise(size=(20, 20)), "PNG"))
    assert len(read(found * 2).images) == 2
    assert prompt_refused(found * 3) == "invalid image: Memory limit exceeded"


def tiled_tiff(side: int) -> bytes:
    """A compressed TIFF of 16 x 16 pixels that stand in one tile."""
    data = zlib.compress(bytes(side * side))
    values = {256: 16, 257: 16, 258: 8, 259: 8, 262: 1, 277: 1, 322: side, 323: side}
    values |= {324: 14 + 12 * 10, 325: len(data)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values.items())
    return b"II*\0" + struct.pack("<IH", 8, len(values)) + entries + bytes(4) + data


def test_a_tile_larger_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert decoded(tiled_tiff(64)).size == (16, 16)
    monkeypatch.setattr(decoding, "MAX_PIXELS", 1000)
    assert prompt_refused(markdown(tiled_tiff(64))) == "invalid image: Memory limit exceeded"


def test_a_jpeg_of_too_many_scans_is_refused() -> None:
    data = saved(noise(), "JPEG", progressive=True)
    assert decoded(data).size == (24, 16)
    last = data.rindex(b"\xff\xda")
    assert prompt_refused(markdown(data[:-2] + data[last:-2] * 100 + data[-2:])) == (
        "invalid image: Format error decoding Jpeg: Too many scans, exceeded limit of 100"
    )


def test_a_text_that_expands_is_refused() -> None:
    text = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 8_000_000))
    assert prompt_refused(markdown(png(1, 1, text))).startswith(
        "invalid image: Format error decoding Png"
    )


@pytest.mark.parametrize(
    "error",
    [
        *(OSError, SyntaxError, ValueError, OverflowError, EOFError, ZeroDivisionError),
        *(struct.error, KeyError, RuntimeError, AttributeError, RecursionError),
    ],
)
def test_whatever_the_decoder_raises_is_the_images_fault(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise error("x" * 9000)

    monkeypatch.setattr(Image, "open", broken)
    text = prompt_refused(markdown(png(1, 1)))
    assert text.startswith("invalid image: Format error decoding Png: ")
    assert len(text) < 500


@pytest.mark.parametrize("error", [MemoryError, Image.DecompressionBombWarning])
def test_lack_of_memory_is_the_limit(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(Image, "open", broken)
    assert prompt_refused(markdown(png(1, 1))) == "invalid image: Memory limit exceeded"
