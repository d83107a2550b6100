"""Pictures in prompts: which there are, what becomes of them, and how bad ones are refused."""

from __future__ import annotations

import asyncio
import base64
import io
import random
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from local_endpoints.containers.tgi import decoding, images
from local_endpoints.containers.tgi.errors import InferError
from local_endpoints.containers.tgi.images import (
    DELIMITER,
    PictureReader,
    Prompt,
    image_text,
)

TOKENS = re.compile(r"<fake_token_around_image>|<image>")
# Pillow warns of damage that it reads over, and of pictures that are refused here.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]

FORMATS = ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "PPM", "QOI", "DDS"]


def read(inputs: str, text: str = "<P>", delimiter: str = "<|>") -> Prompt:
    reader = PictureReader(image_text=text, delimiter=delimiter, fetcher=None)
    return asyncio.run(reader.read(inputs))


def refusal(inputs: str) -> str:
    with pytest.raises(InferError) as raised:
        read(inputs)
    assert (raised.value.status, raised.value.error_type) == (422, "validation")
    return raised.value.text.removeprefix("Input validation error: ")


def picture(size: tuple[int, int] = (24, 16), seed: int = 1) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(pixels)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    # Pillow's other DDS files are of kinds that the router does not read.
    options |= {"pixel_format": "DXT1"} if form == "DDS" else {}
    image.save(buffer, form, **options)
    return buffer.getvalue()


def markdown(data: bytes, mime: str = "application/octet-stream") -> str:
    return f"![](data:{mime};base64,{base64.b64encode(data).decode()})"


def decoded(data: bytes, mime: str = "application/octet-stream") -> Image.Image:
    (image,) = read(markdown(data, mime)).images
    assert image.mode == "RGB"
    return image


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


@pytest.mark.parametrize(
    ("latents", "splitting", "alone", "two"), [(64, True, 326, 651), (64, False, 66, 131)]
)
def test_tokens_of_a_picture(latents: int, splitting: bool, alone: int, two: int) -> None:
    text = image_text(latents=latents, splitting=splitting)
    found = markdown(saved(picture(), "PNG"))
    for inputs, tokens in [(found, alone), (found * 2, two), (f"{found} {found}", 2 * alone)]:
        prompt = read(inputs, text, DELIMITER)
        assert len(TOKENS.findall(prompt.text)) == tokens
        assert prompt.text.count("<image>") == len(prompt.images) * latents * (
            5 if splitting else 1
        )


def test_neighbouring_delimiters_are_merged_once() -> None:
    assert read("a<|><|>b<|><|><|>c").text == "a<|>b<|><|>c"
    found = markdown(saved(picture(), "PNG"))
    assert read(f"<|>{found}{found}", "<|>i<|>").text == "<|>i<|>i<|>"


def test_a_prompt_without_pictures_stays_as_it_is() -> None:
    for inputs in ("", "Hi", "![](", "![] (x)", "!\\[](data:a)", "[](http://a)", "![]((", "é 🦙"):
        prompt = read(inputs)
        assert (prompt.text, prompt.images) == (inputs, ())


def test_a_picture_with_a_description_is_text() -> None:
    inputs = "![x](http://example.com/a.png) ![ ](data:,) ![a llama](ftp://x)"
    assert read(inputs) == Prompt(inputs, ())


def test_text_and_order_are_kept() -> None:
    first, second = picture(seed=1), picture((5, 9), seed=2)
    one, other = (markdown(saved(image, "PNG")) for image in (first, second))
    prompt = read(f"User: {one} and\n{other}){one}!")
    assert prompt.text == "User: <P> and\n<P>)<P>!"
    assert len(prompt.images) == 3
    assert all(map(same, prompt.images, (first, second, first)))


def test_many_beginnings_without_an_end_take_no_time() -> None:
    inputs = "![](" * 500_000
    assert read(inputs).text == inputs


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
    assert refusal(f"Hi ![]({inside})") == f"invalid image content: {offending}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_pictures_of_the_web_are_refused_without_a_fetcher(scheme: str) -> None:
    assert refusal(f"![]({scheme}://example.com/a.png)") == (
        "Could not fetch image: the local service fetches no pictures: send it as a data: URL, "
        "or set POCKET_FETCH_IMAGES=1 in the endpoint's env"
    )


def test_the_first_bad_picture_is_reported() -> None:
    good = markdown(saved(picture(), "PNG"))
    assert refusal(f"{good}![](a)![](http://b)") == "invalid image content: ![](a)"


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
    assert refusal(f"![](data:image/png;base64,{encoded})") == f"base64 encoding is invalid: {text}"


def test_base64_of_every_length_is_read() -> None:
    data = saved(picture(), "PNG")
    for extra in range(4):
        assert same(decoded(data + b"\0" * extra), picture())


@pytest.mark.parametrize(
    ("form", "mime"),
    [
        *(("PNG", "image/png"), ("GIF", "image/gif"), ("TIFF", "image/tiff")),
        *(("PNG", "image/x-png"), ("BMP", "image/bmp"), ("GIF", ""), ("TIFF", "IMAGE/PNG")),
        *(("QOI", "image/qoi"), ("PPM", "image/x-portable-pixmap"), ("QOI", "image/x-icon")),
    ],
)
def test_formats_without_loss(form: str, mime: str) -> None:
    image = picture().quantize(8).convert("RGB")
    assert same(decoded(saved(image, form), mime), image)


@pytest.mark.parametrize("mime", ["image/x-icon", "image/vnd.microsoft.icon", "image/bmp", ""])
def test_icons(mime: str) -> None:
    """The largest picture of an icon counts."""
    image = picture((32, 32)).quantize(8).convert("RGB")
    for bitmap_format in ("png", "bmp"):
        data = saved(image, "ICO", sizes=[(16, 16), (32, 32)], bitmap_format=bitmap_format)
        assert same(decoded(data, mime), image)


@pytest.mark.parametrize(
    ("data", "color"),
    [
        (b"P1\n2 2\n1 0\n0 1\n", (0, 0, 0)),
        (b"P2 2 1 255 7 9", (7, 7, 7)),
        (b"P3\n1 1 # a comment\n255 # and another\n1 2 3\n", (1, 2, 3)),
        (b"P4 8 1 \x80", (0, 0, 0)),
        (b"P5 1 1 255 \x07", (7, 7, 7)),
        (b"P6 1 1 255\n\1\2\3", (1, 2, 3)),
        (b"P6 1 1 65535\n\1\1\2\2\3\3", (1, 2, 3)),
    ],
    ids=lambda value: repr(value[:2]),
)
def test_portable_pixmaps(data: bytes, color: tuple[int, int, int]) -> None:
    for mime in ("image/x-portable-anymap", "image/x-portable-bitmap", ""):
        assert decoded(data, mime).getpixel((0, 0)) == color


@pytest.mark.parametrize("pixel_format", ["DXT1", "DXT3", "DXT5", "BC2", "BC3"])
def test_dds(pixel_format: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 4), (255, 0, 0)).save(buffer, "DDS", pixel_format=pixel_format)
    read_back = decoded(buffer.getvalue(), "image/vnd.ms-dds")
    assert (read_back.size, read_back.getpixel((5, 2))) == ((8, 4), (255, 0, 0))


def test_dds_of_kinds_that_the_router_does_not_read() -> None:
    for options in ({}, {"pixel_format": "BC5"}):
        buffer = io.BytesIO()
        picture((8, 8)).save(buffer, "DDS", **options)
        assert "DDS FourCC" in refusal(markdown(buffer.getvalue()))
    assert "dimensions" in refusal(markdown(saved(picture((10, 8)), "DDS")))


def test_an_icon_must_have_the_size_that_it_says() -> None:
    """Otherwise a small icon could hold a picture of any size."""
    data = bytearray(saved(picture((16, 16)), "ICO", sizes=[(16, 16)]))
    offset = struct.unpack_from("<I", data, 18)[0]
    icon = bytes(data[:offset]) + png(7000, 7000)
    assert refusal(markdown(icon)) == (
        "invalid image: Format error decoding Ico: Entry(16, 16) and PNG(7000, 7000) dimensions "
        "do not match!"
    )


def test_comments_among_numbers_take_no_time() -> None:
    data = b"P2 10 10 255\n" + b"#\n" * 700_000 + b"9 " * 100
    assert decoded(data).getpixel((9, 9)) == (9, 9, 9)


@pytest.mark.parametrize(
    "data", [b"P5 2001 2000 255\n", b"qoif" + struct.pack(">II", 2001, 2000) + b"\3\0"]
)
def test_formats_that_are_slow_to_decode_have_a_lower_limit(data: bytes) -> None:
    assert refusal(markdown(data)) == "invalid image: Memory limit exceeded"


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
    with pytest.raises(InferError) as raised:
        read(markdown(data))
    assert (raised.value.status, raised.value.error_type) == (424, "generation")
    assert "cannot identify image file" in raised.value.text


def test_avif_is_recognized_but_not_read() -> None:
    expected = "invalid image: The image format Avif is not supported"
    assert refusal(markdown(b"\0\0\0 ftypavif" + bytes(20), "image/avif")) == expected


def test_webp_and_jpeg() -> None:
    assert same(decoded(saved(picture(), "WEBP", lossless=True), "image/webp"), picture())
    smooth = Image.linear_gradient("L").resize((32, 32)).convert("RGB")
    for mime in ("image/jpeg", "image/jpg", "text/plain"):
        read_back = decoded(saved(smooth, "JPEG", quality=95), mime)
        assert np.abs(np.asarray(read_back, int) - np.asarray(smooth, int)).max() < 16


def test_only_the_first_frame_counts() -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue", "green")]
    for form in ("GIF", "TIFF", "WEBP", "PNG"):
        options = {"lossless": True} if form == "WEBP" else {}
        data = saved(frames[0], form, save_all=True, append_images=frames[1:], **options)
        assert same(decoded(data), frames[0]), form
    several = saved(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert decoded(several, "image/jpeg").getpixel((4, 4)) == (254, 0, 0)


@pytest.mark.parametrize(
    ("image", "form", "expected"),
    [
        (Image.new("L", (3, 2), 77), "PNG", (77, 77, 77)),
        (Image.new("1", (3, 2), 1), "PNG", (255, 255, 255)),
        (Image.new("LA", (3, 2), (77, 9)), "PNG", (77, 77, 77)),
        (Image.new("RGBA", (3, 2), (10, 20, 30, 0)), "PNG", (10, 20, 30)),
        (Image.new("RGB", (1, 1), (10, 20, 30)), "PNG", (10, 20, 30)),
        (Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", (254, 0, 0)),
        (Image.new("CMYK", (3, 2), (255, 0, 0, 0)), "TIFF", (0, 255, 255)),
        (Image.new("I;16", (3, 2), 200), "PNG", (200, 200, 200)),
        (Image.new("F", (3, 2), 50.0), "TIFF", (50, 50, 50)),
    ],
    ids=lambda value: getattr(value, "mode", None),
)
def test_other_modes_become_rgb(
    image: Image.Image, form: str, expected: tuple[int, int, int]
) -> None:
    read_back = decoded(saved(image, form))
    assert read_back.size == image.size
    color = read_back.getpixel((0, 0))
    assert isinstance(color, tuple)
    assert max(abs(a - b) for a, b in zip(color, expected, strict=True)) <= 2


def test_transparent_palettes_keep_their_colours() -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([9, 9, 9, 200, 100, 50])
    for form, transparency in (("PNG", b"\x80\x00"), ("PNG", 1), ("GIF", 1)):
        read_back = decoded(saved(image, form, transparency=transparency))
        assert read_back.getpixel((0, 0)) == (200, 100, 50)


def test_the_orientation_of_a_photo_is_not_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decoded(saved(picture(), "JPEG", exif=exif)).size == (24, 16)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((2047, 20), (2047, 20)), ((4100, 100), (1025, 25)), ((30, 9000), (4, 1125))],
)
def test_large_jpegs_are_decoded_smaller(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert decoded(saved(Image.new("RGB", size), "JPEG")).size == expected


def test_other_large_pictures_keep_their_size() -> None:
    assert decoded(saved(Image.new("1", (4100, 100)), "PNG")).size == (4100, 100)


@pytest.mark.parametrize(
    ("mime", "data", "text"),
    [
        ("image/png", saved(picture(), "GIF"), "Png: Invalid PNG signature."),
        ("image/png", b"", "Png: Invalid PNG signature."),
        (
            *("image/jpeg", saved(picture(), "PNG")),
            "Jpeg: Error parsing image. Illegal start bytes:8950",
        ),
        (
            *("image/jpg", saved(picture(), "WEBP")),
            "Jpeg: Error parsing image. Illegal start bytes:5249",
        ),
        ("image/gif", saved(picture(), "JPEG"), "Gif: malformed GIF header"),
        (
            *("image/webp", b"RIFF\x24\0\0\0WAVEfmt "),
            "WebP: Invalid Chunk header: [52, 49, 46, 46]",
        ),
        ("image/tiff", b"%PDF-1.7", "Tiff: Format error: TIFF signature not found."),
    ],
)
def test_the_mime_type_must_be_right(mime: str, data: bytes, text: str) -> None:
    assert refusal(markdown(data, mime)) == f"invalid image: Format error decoding {text}"


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
        b"\0\0\2\0" + saved(picture(), "ICO")[4:],
        b"PK\3\4" + saved(picture(), "PNG"),
        b" " + saved(picture(), "PNG"),
    ],
    ids=lambda data: repr(data[:8]),
)
@pytest.mark.parametrize("mime", ["", "image/svg+xml", "application/pdf"])
def test_other_formats_are_not_opened(data: bytes, mime: str) -> None:
    assert refusal(markdown(data, mime)) == (
        "invalid image: The image format could not be determined"
    )


@pytest.mark.parametrize("form", FORMATS)
def test_what_follows_a_signature_must_be_of_the_same_format(form: str) -> None:
    start = saved(picture(), form)[: 12 if form == "WEBP" else 8]
    for rest in (b"", b"%PDF-1.7\n1 0 obj", b"<svg/>" * 50, saved(picture(), "PNG"), b"\xff" * 200):
        assert refusal(markdown(start + rest)).startswith("invalid image: ")


@pytest.mark.parametrize("form", FORMATS)
def test_a_truncated_file_is_refused(form: str) -> None:
    data = saved(picture((64, 48)), form)
    for length in np.linspace(12, len(data) * 0.9, 12).astype(int):
        assert re.match(
            r"invalid image: Format error decoding (Png|Jpeg|Gif|WebP|Tiff|Bmp|Ico|Pnm|Qoi|Dds): .",
            refusal(markdown(data[:length])),
        )


@pytest.mark.parametrize("form", FORMATS)
def test_damage_never_leads_to_another_error(form: str) -> None:
    data = saved(picture((20, 12)), form)
    chance = random.Random(form)
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(8, len(data))] = chance.choice((0, 1, 127, 128, 255))
        try:
            read(markdown(bytes(damaged)))
        except InferError as error:
            assert error.text.startswith("Input validation error: invalid image: ")


def patched(form: str, side: int) -> bytes:
    """A small file whose header claims a square with the given side."""
    data = bytearray(saved(picture(), form, **({"lossless": True} if form == "WEBP" else {})))

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
        # Two numbers of 14 bits behind the marker of a lossless picture.
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


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("side", [8000, 10_000, 16_000])
def test_a_bomb_is_refused_by_its_header(form: str, side: int) -> None:
    text = "do not match!" if form == "ICO" else "invalid image: Memory limit exceeded"
    assert refusal(markdown(patched(form, side))).endswith(text)


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_of_any_size_is_refused(width: int, height: int) -> None:
    data = png(width, height)
    assert len(data) < 500
    assert refusal(markdown(data, "image/png")) == "invalid image: Memory limit exceeded"


def test_pictures_of_a_prompt_share_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    found = markdown(saved(picture((20, 20)), "PNG"))
    assert len(read(found * 2).images) == 2
    assert refusal(found * 3) == "invalid image: Memory limit exceeded"


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
    assert refusal(markdown(tiled_tiff(64))) == "invalid image: Memory limit exceeded"


def test_a_jpeg_of_too_many_scans_is_refused() -> None:
    data = saved(picture(), "JPEG", progressive=True)
    assert decoded(data).size == (24, 16)
    last = data.rindex(b"\xff\xda")
    assert refusal(markdown(data[:-2] + data[last:-2] * 100 + data[-2:])) == (
        "invalid image: Format error decoding Jpeg: Too many scans, exceeded limit of 100"
    )


def test_a_text_that_expands_is_refused() -> None:
    text = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 8_000_000))
    assert refusal(markdown(png(1, 1, text))).startswith("invalid image: Format error decoding Png")


@pytest.mark.parametrize(
    "error",
    [
        *(OSError, SyntaxError, ValueError, OverflowError, EOFError, ZeroDivisionError),
        *(struct.error, KeyError, RuntimeError, AttributeError, RecursionError),
    ],
)
def test_whatever_the_decoder_raises_is_the_pictures_fault(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise error("x" * 9000)

    monkeypatch.setattr(Image, "open", broken)
    text = refusal(markdown(png(1, 1)))
    assert text.startswith("invalid image: Format error decoding Png: ")
    assert len(text) < 500


@pytest.mark.parametrize("error", [MemoryError, Image.DecompressionBombWarning])
def test_lack_of_memory_is_the_limit(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(Image, "open", broken)
    assert refusal(markdown(png(1, 1))) == "invalid image: Memory limit exceeded"


def test_other_work_goes_on_while_a_picture_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoding waits for the loop, which it could not if it held it up."""
    opened: Callable[..., Any] = Image.open

    async def main() -> Prompt:
        loop = asyncio.get_running_loop()

        def waiting(*args: Any, **options: Any) -> Any:
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(20)
            return opened(*args, **options)

        monkeypatch.setattr(Image, "open", waiting)
        reader = PictureReader(image_text="<P>", delimiter="<|>", fetcher=None)
        found = markdown(saved(picture(), "PNG"))
        prompts = await asyncio.gather(*(reader.read(found) for _ in range(5)))
        assert {prompt.text for prompt in prompts} == {"<P>"}
        return prompts[0]

    assert same(asyncio.run(main()).images[0], picture())
