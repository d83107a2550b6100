from __future__ import annotations

import base64
import io
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import (
    ImageTooLargeError,
    ParameterError,
    PictureError,
    image_to_data_url,
    images_to_data_urls,
    pil_image_to_base64,
)
from helpers.images import fair_shares
from tests.helpers.photos import make

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


@pytest.mark.parametrize("format", ["GIF", "jpg", "", None, ["PNG"]])
def test_unknown_formats_are_refused(format: Any) -> None:
    for encode in (pil_image_to_base64, image_to_data_url):
        with pytest.raises(ParameterError, match="give one of JPEG, PNG, WEBP"):
            encode(noise(20, 20), format=format)
    with pytest.raises(ParameterError, match="give one of JPEG, PNG, WEBP"):
        images_to_data_urls([], format=format)


@pytest.mark.parametrize("format", ["jpeg", "Png", "WebP"])
def test_formats_in_small_letters(format: str) -> None:
    assert decoded(pil_image_to_base64(noise(20, 20), format=format)).format == format.upper()
    url = image_to_data_url(noise(20, 20), format=format)
    assert url.startswith(f"data:image/{format.lower()};base64,")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("quality", ["x", 0, -1, 96, 200, None, True, 90.5])
def test_qualities_that_do_not_exist_are_refused(quality: Any, format: str) -> None:
    with pytest.raises(ParameterError, match=r"quality is .*: give a whole number from 1 to 95"):
        pil_image_to_base64(noise(20, 20), format=format, quality=quality)


@pytest.mark.parametrize("quality", [1, 95, np.int64(80)])
def test_the_lowest_and_the_highest_quality(quality: int) -> None:
    for format in ("JPEG", "WEBP"):
        decoded(pil_image_to_base64(noise(20, 20), format=format, quality=quality)).load()


@pytest.mark.parametrize("max_bytes", ["x", "1000", 0, -1, None, True, 0.5, float("nan")])
def test_limits_that_are_none_are_refused(max_bytes: Any) -> None:
    with pytest.raises(ParameterError, match=r"max_bytes is .*: give a whole number above 0"):
        pil_image_to_base64(noise(20, 20), max_bytes=max_bytes)
    with pytest.raises(ParameterError, match="max_bytes is"):
        images_to_data_urls([], max_bytes=max_bytes)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_what_is_transparent_is_sent_white(format: str) -> None:
    # A container that drops the opacity would see the hidden color.
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    picture = decoded(pil_image_to_base64(image, format=format))
    assert (picture.mode, picture.getpixel((10, 10))) == ("RGB", (255, 255, 255))


def test_photographs_are_turned_upright() -> None:
    image = Image.new("RGB", (40, 20))
    exif = image.getexif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    buffer = io.BytesIO()
    image.save(buffer, format="JPEG", exif=exif)
    assert decoded(pil_image_to_base64(Image.open(buffer))).size == (20, 40)


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    image = Image.new("I;16", (20, 20), 0x8080)
    assert decoded(pil_image_to_base64(image, format="PNG")).getpixel((10, 10)) == (0x80,) * 3


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


TGI_BODY_BYTES = 2_000_000


def request_bytes(urls: list[str]) -> int:
    """Of a chat message with these pictures and a prompt of 20,000 letters."""
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [*parts, {"type": "text", "text": "x" * 20_000}]
    return len(json.dumps({"messages": [{"role": "user", "content": content}], "max_tokens": 150}))


@pytest.mark.parametrize(
    ("format", "count"), [("JPEG", 3), ("JPEG", 20), ("PNG", 2), ("PNG", 7), ("WEBP", 4)]
)
def test_all_pictures_of_a_request_fit_together(format: str, count: int) -> None:
    side = 1500 if count < 5 else 700
    urls = images_to_data_urls([noise(side, side)] * count, format=format)
    assert len(urls) == count
    # Little room is wasted, and nobody gets more than the others.
    assert TGI_BODY_BYTES / 2 < request_bytes(urls) < TGI_BODY_BYTES
    assert max(map(len, urls)) < 1.1 * min(map(len, urls))


def test_copies_of_an_ordinary_photo_fit_together(tmp_path: Path) -> None:
    path = make("photo.jpg", tmp_path)
    assert path.stat().st_size > 830_000
    urls = images_to_data_urls([path] * 3)
    assert request_bytes(urls) < TGI_BODY_BYTES
    assert min(decoded(url.partition(",")[2]).width for url in urls) > 600


def test_small_pictures_leave_their_share_to_the_large_ones() -> None:
    small, large = noise(20, 20), noise(600, 600)
    urls = images_to_data_urls([small, large, small], format="PNG", max_bytes=600_000)
    sizes = [decoded(url.partition(",")[2]).size for url in urls]
    assert sizes[0] == sizes[2] == small.size
    assert sizes[1][0] > 400  # A third of the bytes would be 258 pixels.


@pytest.mark.parametrize(
    ("wishes", "total", "shares"),
    [
        ([], 10, []),
        ([3, 4], 10, [3, 4]),
        ([9, 9], 10, [5, 5]),
        ([2, 9, 9], 10, [2, 4, 4]),
        ([9, 1, 3], 10, [6, 1, 3]),
        ([9, 9, 9], 10, [3, 3, 4]),
    ],
)
def test_fair_shares(wishes: list[int], total: int, shares: list[int]) -> None:
    assert fair_shares(wishes, total) == shares


def test_no_pictures() -> None:
    assert images_to_data_urls([]) == []


@pytest.mark.parametrize(
    "one",
    [
        "a.png",
        Path("a.png"),
        b"\x89PNG",
        memoryview(b"\x89PNG"),
        io.BytesIO(b"two\nlines"),
        np.zeros((20, 30, 3), np.uint8),
        np.zeros((20, 30), np.uint8),
        noise(20, 20),
    ],
    ids=lambda one: type(one).__name__,
)
def test_one_picture_is_no_list_of_pictures(one: Any) -> None:
    with pytest.raises(ParameterError, match=r"a list of pictures is wanted.*\[picture\]"):
        images_to_data_urls(one)


def test_what_holds_no_pictures_is_no_list_of_them() -> None:
    nothing: Any
    for nothing in (None, 7):
        with pytest.raises(ParameterError, match=f"list of pictures is wanted, not {nothing}"):
            images_to_data_urls(nothing)
    with pytest.raises(ParameterError, match=r"give its values, list\(pictures.values\(\)\)"):
        images_to_data_urls({"fox": noise(20, 20)})  # type: ignore[arg-type]


def test_whatever_holds_pictures_is_taken() -> None:
    pictures = [noise(20, 20), noise(30, 20)]
    wanted = images_to_data_urls(pictures)
    assert images_to_data_urls(each for each in pictures) == wanted
    assert images_to_data_urls({"a": pictures[0], "b": pictures[1]}.values()) == wanted
    several = np.stack([np.asarray(pictures[0])] * 2)
    assert images_to_data_urls(several) == wanted[:1] * 2


def test_too_many_pictures_are_refused() -> None:
    with pytest.raises(ImageTooLargeError, match="20,000 bytes: allow more, send fewer"):
        images_to_data_urls([noise(40, 40)] * 100, max_bytes=20_000)


def test_whatever_is_a_picture_can_be_sent(tmp_path: Path) -> None:
    image, path = noise(30, 20), tmp_path / "noise.png"
    image.save(path)
    wanted = pil_image_to_base64(image)
    for source in (path, str(path), path.read_bytes(), np.asarray(image)):
        assert pil_image_to_base64(source) == wanted
        assert image_to_data_url(source).endswith(wanted)
    with pytest.raises(PictureError, match="there is no file"):
        image_to_data_url("no-such-file.png")


@pytest.mark.parametrize(("format", "longest"), [("WEBP", 16_383), ("JPEG", 65_500)])
def test_longer_than_the_format_can_hold(format: str, longest: int) -> None:
    picture = decoded(pil_image_to_base64(Image.new("RGB", (70_000, 16)), format=format))
    assert picture.width == longest


def test_a_thin_picture_can_be_made_smaller() -> None:
    picture = decoded(pil_image_to_base64(noise(5_000, 4), format="PNG", max_bytes=5_000))
    assert picture.width < 2_000 and picture.height >= 1
