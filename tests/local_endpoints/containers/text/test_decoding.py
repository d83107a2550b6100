"""What is read from image files."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from local_endpoints.containers.text import decoding
from tests.local_endpoints.containers.images import decoded, noise, same, saved

# Pillow warns of damage that it reads over, and of images that are refused here.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


@pytest.mark.parametrize(
    ("form", "mime"),
    [
        *(("PNG", "image/png"), ("GIF", "image/gif"), ("TIFF", "image/tiff")),
        *(("PNG", "image/x-png"), ("BMP", "image/bmp"), ("GIF", ""), ("TIFF", "IMAGE/PNG")),
        *(("QOI", "image/qoi"), ("PPM", "image/x-portable-pixmap"), ("QOI", "image/x-icon")),
    ],
)
def test_formats_without_loss(form: str, mime: str) -> None:
    image = noise().quantize(8).convert("RGB")
    assert same(decoded(saved(image, form), mime), image)


@pytest.mark.parametrize("mime", ["image/x-icon", "image/vnd.microsoft.icon", "image/bmp", ""])
def test_icons(mime: str) -> None:
    """The largest image of an icon counts."""
    image = noise(size=(32, 32)).quantize(8).convert("RGB")
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


def test_comments_among_numbers_take_no_time() -> None:
    data = b"P2 10 10 255\n" + b"#\n" * 700_000 + b"9 " * 100
    assert decoded(data).getpixel((9, 9)) == (9, 9, 9)


def test_webp_and_jpeg() -> None:
    assert same(decoded(saved(noise(), "WEBP", lossless=True), "image/webp"), noise())
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
        (Image.new("LA", (3, 2), (77, 9)), "PNG", (249, 249, 249)),
        (Image.new("LA", (3, 2), (77, 255)), "TIFF", (77, 77, 77)),
        (Image.new("PA", (3, 2), 0), "TIFF", (255, 255, 255)),
        (Image.new("RGBA", (3, 2), (10, 20, 30, 0)), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (3, 2), (10, 20, 30, 51)), "WEBP", (206, 208, 210)),
        (Image.new("RGBA", (16, 16), (10, 20, 30, 0)), "ICO", (255, 255, 255)),
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


def test_what_is_transparent_of_a_palette_becomes_white() -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([9, 9, 9, 200, 100, 50])
    image.putpixel((3, 3), 0)
    for form, transparency in (("PNG", b"\xff\x00"), ("PNG", 1), ("GIF", 1)):
        read_back = decoded(saved(image, form, transparency=transparency))
        assert read_back.getpixel((0, 0)) == (255, 255, 255)
        assert read_back.getpixel((3, 3)) == (9, 9, 9)


def test_a_transparent_gray_becomes_white_and_a_transparent_colour_stays() -> None:
    gray = saved(Image.new("L", (3, 2), 77), "PNG", transparency=77)
    assert decoded(gray).getpixel((0, 0)) == (255, 255, 255)
    colour = saved(Image.new("RGB", (3, 2), (10, 20, 30)), "PNG", transparency=(10, 20, 30))
    assert decoded(colour).getpixel((0, 0)) == (10, 20, 30)


def test_every_strip_of_a_transparent_image_lies_on_white(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_STRIP", 50)
    image = noise().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    background = Image.new("RGBA", image.size, "white")
    wanted = Image.alpha_composite(background, image).convert("RGB")
    found = decoded(saved(image, "PNG"))
    assert np.abs(np.asarray(found, int) - np.asarray(wanted, int)).max() <= 1


def test_the_orientation_of_a_photo_is_not_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decoded(saved(noise(), "JPEG", exif=exif)).size == (24, 16)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((2047, 20), (2047, 20)), ((4100, 100), (1025, 25)), ((30, 9000), (4, 1125))],
)
def test_large_jpegs_are_decoded_smaller(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert decoded(saved(Image.new("RGB", size), "JPEG")).size == expected


def test_other_large_images_keep_their_size() -> None:
    assert decoded(saved(Image.new("1", (4100, 100)), "PNG")).size == (4100, 100)


def test_base64_of_every_length_is_read() -> None:
    data = saved(noise(), "PNG")
    for extra in range(4):
        assert same(decoded(data + b"\0" * extra), noise())
