"""Images that cannot be read: what the router says of them."""

from __future__ import annotations

import io
import random
import re
import struct

import numpy as np
import pytest

from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.tgi.errors import worded
from tests.local_endpoints.containers.images import FORMATS, markdown, noise, saved
from tests.local_endpoints.containers.tgi.prompts import prompt_refused, read, refused

# Pillow warns of damage that it reads over, and of images that are refused here.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]


@pytest.mark.parametrize(
    ("inside", "offending"),
    [
        ("", "![]()"),
        ("ftp://example.com/a.png", "![](ftp://example.com/a.png)"),
        ("file:///etc/passwd", "![](file:///etc/passwd)"),
        ("HTTP://example.com/a.png", "![](HTTP://example.com/a.png)"),
        (" data:image/png;base64,AAAA", "![]( data:image/png;base64,AAAA)"),
        ("a\nb", "![](a\nb)"),
        ("![](x", "![](![](x)"),
        ("data:", ""),
        ("data:image/png,AAAA", "image/png,AAAA"),
        ("data:image/png;charset=x;base64,AAAA", "image/png;charset=x;base64,AAAA"),
        ("data:;;;;", ";;;;"),
        ("data:image/png;AAAA", "AAAA"),
        ("data:image/png; base64,AAAA", " base64,AAAA"),
        ("data:image/png;BASE64,AAAA", "BASE64,AAAA"),
    ],
)
def test_content_of_another_form_is_named(inside: str, offending: str) -> None:
    assert prompt_refused(f"Hi ![]({inside})") == f"invalid image content: {offending}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_images_of_the_web_are_refused_without_a_fetcher(scheme: str) -> None:
    assert prompt_refused(f"![]({scheme}://example.com/a.png)") == (
        "Could not fetch image: the local service fetches no pictures: send it as a data: URL, "
        "or set POCKET_FETCH_IMAGES=1 in the endpoint's env"
    )


def test_the_first_bad_image_is_reported() -> None:
    good = markdown(saved(noise(), "PNG"))
    assert prompt_refused(f"{good}![](a)![](http://b)") == "invalid image content: ![](a)"


@pytest.mark.parametrize(
    ("encoded", "text"),
    [
        ("?AAA", "Invalid symbol 63, offset 0."),
        ("AAAA AAA", "Invalid symbol 32, offset 4."),
        ("AAAAAAAA\n", "Invalid symbol 10, offset 8."),
        ("AA?A\n", "Invalid symbol 10, offset 4."),
        ("AAA-", "Invalid symbol 45, offset 3."),
        ("AA_A", "Invalid symbol 95, offset 2."),
        ("é", "Invalid symbol 195, offset 0."),
        ("A", "Invalid input length: 1"),
        ("AAAAA", "Invalid input length: 5"),
        ("AA", "Invalid padding"),
        ("AAA", "Invalid padding"),
        ("AA=", "Invalid padding"),
        ("AAAAAAA", "Invalid padding"),
        ("AB", "Invalid padding"),
        ("AB==", "Invalid last symbol 66, offset 1."),
        ("AAAAAAB=", "Invalid last symbol 66, offset 6."),
        ("=", "Invalid symbol 61, offset 0."),
        ("A===", "Invalid symbol 61, offset 1."),
        ("====", "Invalid symbol 61, offset 0."),
        ("AA==AAAA", "Invalid symbol 61, offset 2."),
        ("AAAA=", "Invalid symbol 61, offset 4."),
        ("AA=A", "Invalid symbol 61, offset 2."),
        ("AA=?", "Invalid symbol 61, offset 2."),
        ("AAA?", "Invalid symbol 63, offset 3."),
    ],
)
def test_base64_is_strict(encoded: str, text: str) -> None:
    assert (
        prompt_refused(f"![](data:image/png;base64,{encoded})")
        == f"base64 encoding is invalid: {text}"
    )


@pytest.mark.parametrize(
    ("mime", "data", "text"),
    [
        ("image/png", saved(noise(), "GIF"), "Png: Invalid PNG signature."),
        ("image/png", b"", "Png: Invalid PNG signature."),
        (
            *("image/jpeg", saved(noise(), "PNG")),
            "Jpeg: Error parsing image. Illegal start bytes:8950",
        ),
        (
            *("image/jpg", saved(noise(), "WEBP")),
            "Jpeg: Error parsing image. Illegal start bytes:5249",
        ),
        ("image/gif", saved(noise(), "JPEG"), "Gif: malformed GIF header"),
        (
            *("image/webp", b"RIFF\x24\0\0\0WAVEfmt "),
            "WebP: Invalid Chunk header: [52, 49, 46, 46]",
        ),
        ("image/tiff", b"%PDF-1.7", "Tiff: Format error: TIFF signature not found."),
    ],
)
def test_the_mime_type_must_be_right(mime: str, data: bytes, text: str) -> None:
    assert prompt_refused(markdown(data, mime)) == f"invalid image: Format error decoding {text}"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.7\n1 0 obj",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"8BPS\0\1" + b"\0" * 40,
        b"P8 1 1 255\n\0\0\0",
        b"\0\0\2\0" + saved(noise(), "ICO")[4:],
        b"PK\3\4" + saved(noise(), "PNG"),
        b" " + saved(noise(), "PNG"),
    ],
    ids=lambda data: repr(data[:8]),
)
@pytest.mark.parametrize("mime", ["", "image/svg+xml", "application/pdf"])
def test_other_formats_are_not_opened(data: bytes, mime: str) -> None:
    assert prompt_refused(markdown(data, mime)) == (
        "invalid image: The image format could not be determined"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n\0",
        b"farbfeld" + struct.pack(">II", 1, 1) + bytes(8),
        b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n\0\0\0\0",
        b"\x76\x2f\x31\x01" + bytes(40),
    ],
    ids=["PAM", "farbfeld", "Radiance", "OpenEXR"],
)
def test_what_only_the_router_reads_fails_in_the_server(data: bytes) -> None:
    refusal = refused(lambda: read(markdown(data)))
    assert (refusal.status, refusal.error_type) == (424, "generation")
    assert "cannot identify image file" in refusal.text


def test_avif_is_recognized_but_not_read() -> None:
    expected = "invalid image: The image format Avif is not supported"
    assert prompt_refused(markdown(b"\0\0\0 ftypavif" + bytes(20), "image/avif")) == expected


def test_dds_of_kinds_that_the_router_does_not_read() -> None:
    for options in ({}, {"pixel_format": "BC5"}):
        buffer = io.BytesIO()
        noise(size=(8, 8)).save(buffer, "DDS", **options)
        assert "DDS FourCC" in prompt_refused(markdown(buffer.getvalue()))
    assert "dimensions" in prompt_refused(markdown(saved(noise(size=(10, 8)), "DDS")))


@pytest.mark.parametrize("form", FORMATS)
def test_what_follows_a_signature_must_be_of_the_same_format(form: str) -> None:
    start = saved(noise(), form)[: 12 if form == "WEBP" else 8]
    for rest in (b"", b"%PDF-1.7\n1 0 obj", b"<svg/>" * 50, saved(noise(), "PNG"), b"\xff" * 200):
        assert prompt_refused(markdown(start + rest)).startswith("invalid image: ")


@pytest.mark.parametrize("form", FORMATS)
def test_a_truncated_file_is_refused(form: str) -> None:
    data = saved(noise(size=(64, 48)), form)
    for length in np.linspace(12, len(data) * 0.9, 12).astype(int):
        assert re.match(
            r"invalid image: Format error decoding (Png|Jpeg|Gif|WebP|Tiff|Bmp|Ico|Pnm|Qoi|Dds): .",
            prompt_refused(markdown(data[:length])),
        )


@pytest.mark.parametrize("form", FORMATS)
def test_damage_never_leads_to_another_error(form: str) -> None:
    data = saved(noise(size=(20, 12)), form)
    chance = random.Random(form)
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(8, len(data))] = chance.choice((0, 1, 127, 128, 255))
        try:
            read(markdown(bytes(damaged)))
        except RequestError as error:
            assert worded(error).text.startswith("Input validation error: invalid image: ")
