"""URLs and files of images as vLLM reads them."""

from __future__ import annotations

import asyncio
import base64
import struct

import pytest
from PIL import Image

from local_endpoints.containers.text.decoding import MAX_PIXELS
from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.text.images import ImageLoader
from local_endpoints.containers.vllm.errors import Refused, worded
from local_endpoints.containers.vllm.media import MEDIA
from tests.local_endpoints.containers.images import FORMATS, data_url, noise, same, saved

# Pillow warns of images that are refused here.
pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")

NO_IMAGE = "Failed to load image: cannot identify image file <_io.BytesIO object>"


def read(url: str) -> Image.Image:
    (image,) = asyncio.run(ImageLoader(None, MEDIA).load([url], lambda image: image))
    return image


def refused(url: str) -> Refused:
    with pytest.raises(RequestError) as raised:
        read(url)
    return worded(raised.value)


@pytest.mark.parametrize(
    "head",
    [
        *("data:image/png;base64", "data:image/png;charset=utf-8;base64", "data:;base64"),
        *("data:image/jpeg;base64", "DATA:image/png;base64", "Data:image/png;a;b;c;base64"),
    ],
)
def test_heads_that_are_read(head: str) -> None:
    encoded = base64.b64encode(saved(noise(), "PNG")).decode()
    assert same(read(f"{head},{encoded}"), noise())


@pytest.mark.parametrize("mime", ["image/png", "image/tiff", "text/plain"])
@pytest.mark.parametrize("form", [*FORMATS, "TGA"])
def test_the_bytes_decide_about_the_format(form: str, mime: str) -> None:
    """TGI's router believes the type."""
    assert read(data_url(saved(noise(size=(16, 16)), form), mime)).size == (16, 16)


@pytest.mark.parametrize("compression", [None, "tga_rle"])
def test_targa(compression: str | None) -> None:
    data = saved(noise(), "TGA", compression=compression)
    assert same(read(data_url(data)), noise())
    clear = saved(Image.new("RGBA", (3, 2), (10, 20, 30, 0)), "TGA", compression=compression)
    assert read(data_url(clear)).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("side", [7_100, 10_000, 65_535])
def test_a_targa_that_is_too_large_is_refused_by_its_header(side: int) -> None:
    assert side**2 > MAX_PIXELS
    data = bytearray(saved(noise(), "TGA"))
    struct.pack_into("<HH", data, 12, side, side)
    assert refused(data_url(bytes(data))).text == (
        "Failed to load image: it has more pixels than are read here"
    )


@pytest.mark.parametrize("form", ["AVIF", "JPEG2000", "PCX", "SGI", "ICNS"])
def test_formats_that_are_left_out(form: str) -> None:
    assert refused(data_url(saved(noise(size=(16, 16)), form))).text == NO_IMAGE


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0", b"hello" * 9, b"%PDF-1.7\n1 0 obj<</Type/Catalog>>"]
)
def test_what_is_no_image(data: bytes) -> None:
    refusal = refused(data_url(data))
    assert (refusal.status, refusal.text) == (400, NO_IMAGE)


@pytest.mark.parametrize(
    "encoded",
    ["A", "AA", "AAA", "AAAA\n", "AA AA", "AA-_", "A===", "====", "AA==AAAA", "\u00e9AAA"],
)
def test_base64_that_is_none(encoded: str) -> None:
    refusal = refused(f"data:image/png;base64,{encoded}")
    assert (refusal.status, refusal.text) == (400, "Non-base64 digit found")


def test_meaningless_bits_of_base64_may_be_set() -> None:
    assert refused("data:image/png;base64,AB==").text == NO_IMAGE


@pytest.mark.parametrize(
    ("url", "status", "kind", "text"),
    [
        (
            *("data:image/png;base64", 400, "BadRequestError"),
            "Invalid data URL 'data:image/png;base64': missing ',' separator.",
        ),
        (
            *("data:image/png,AAAA", 501, "NotImplementedError"),
            "Only base64 data URLs are supported for now.",
        ),
        (
            *("data:image/png;BASE64,AAAA", 501, "NotImplementedError"),
            "Only base64 data URLs are supported for now.",
        ),
        (
            *("file:///etc/passwd", 500, "InternalServerError"),
            "Cannot load local files without `--allowed-local-media-path`.",
        ),
        (
            *("FILE:a.png", 500, "InternalServerError"),
            "Cannot load local files without `--allowed-local-media-path`.",
        ),
        (
            *("ftp://example.com/a.png", 400, "BadRequestError"),
            "The URL must be either a HTTP, data or file URL.",
        ),
        ("a.png", 400, "BadRequestError", "The URL must be either a HTTP, data or file URL."),
    ],
)
def test_urls_that_are_refused(url: str, status: int, kind: str, text: str) -> None:
    refusal = refused(url)
    assert (refusal.status, refusal.kind, refusal.text) == (status, kind, text)


@pytest.mark.parametrize("url", ["http://example.com/a.png", "HTTPS://example.com/a.png"])
def test_the_web_is_known_in_any_case(url: str) -> None:
    refusal = refused(url)
    assert refusal.status == 422 and "the local service fetches no pictures" in refusal.text
