from __future__ import annotations

import base64
import io
import random

import pytest
from PIL import Image

from helpers import ImageTooLargeError, image_to_data_url, pil_image_to_base64

MODES = (
    *("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX"),
    *("CMYK", "YCbCr", "LAB", "HSV", "I", "I;16", "F"),
)


def decoded(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text, validate=True)))


def noise(width: int, height: int) -> Image.Image:
    """A picture that no format can compress."""
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", MODES)
def test_any_mode_in_any_format(mode: str, format: str) -> None:
    picture = decoded(pil_image_to_base64(Image.new(mode, (40, 30)), format=format))
    assert (picture.format, picture.size) == (format, (40, 30))
    picture.load()


def test_small_pictures_are_not_touched() -> None:
    image = noise(40, 30)
    assert decoded(pil_image_to_base64(image, format="PNG")).tobytes() == image.tobytes()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_large_pictures_are_made_smaller_until_they_fit(format: str) -> None:
    encoded = pil_image_to_base64(noise(300, 150), format=format, max_bytes=20_000)
    picture = decoded(encoded)
    assert len(base64.b64decode(encoded)) <= 20_000
    assert picture.width < 300
    assert picture.width / picture.height == pytest.approx(2, rel=0.1)


def test_the_default_fits_into_a_request() -> None:
    encoded = pil_image_to_base64(noise(1500, 1000), format="PNG")
    assert len(encoded) < 2_000_000


def test_impossible_limits_are_refused() -> None:
    with pytest.raises(ImageTooLargeError, match="10 bytes"):
        pil_image_to_base64(noise(100, 100), max_bytes=10)


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(ValueError, match="JPEG, PNG, WEBP"):
        pil_image_to_base64(noise(20, 20), format="GIF")


def test_transparency_becomes_white_in_jpeg_and_stays_in_png() -> None:
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    assert decoded(pil_image_to_base64(image)).getpixel((10, 10)) == (255, 255, 255)
    assert decoded(pil_image_to_base64(image, format="PNG")).getpixel((10, 10)) == (255, 0, 0, 0)


def test_photographs_are_turned_upright() -> None:
    image = Image.new("RGB", (40, 20))
    exif = image.getexif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    buffer = io.BytesIO()
    image.save(buffer, format="JPEG", exif=exif)
    assert decoded(pil_image_to_base64(Image.open(buffer))).size == (20, 40)


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    image = Image.new("I;16", (20, 20), 0x8080)
    assert decoded(pil_image_to_base64(image, format="PNG")).getpixel((10, 10)) == 0x80


@pytest.mark.parametrize(
    ("format", "prefix"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")],
)
def test_data_urls(format: str, prefix: str) -> None:
    image = noise(20, 20)
    head, _, encoded = image_to_data_url(image, format=format).partition(",")
    assert head == f"data:{prefix};base64"
    assert encoded == pil_image_to_base64(image, format=format)


def test_the_given_picture_stays_as_it_is() -> None:
    image = noise(300, 150)
    before = image.tobytes()
    pil_image_to_base64(image, max_bytes=5_000)
    assert (image.size, image.tobytes()) == ((300, 150), before)
