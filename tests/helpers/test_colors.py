from __future__ import annotations

import io
import struct

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from helpers import PictureError, load_picture
from helpers.colors import eight_bit, from_array, on_white
from tests.helpers.photos import png

SIZE = (16, 16)
COLORS = np.stack(np.meshgrid(*[np.arange(0, 256, 17)] * 2), -1).astype(np.uint8)
"""Shape (16, 16, 2): two channels with every combination of 16 values."""
RED, GREEN = COLORS[..., 0], COLORS[..., 1]
BLUE = 255 - RED
RGB = np.stack([RED, GREEN, BLUE], -1)
OPACITY = GREEN


def seen_on_white(color: npt.NDArray[np.uint8], opacity: npt.NDArray[np.uint8]) -> npt.ArrayLike:
    share = opacity[..., np.newaxis] / 255
    return color * share + 255 * (1 - share)


def grey(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.stack([values] * 3, -1)


def raw(mode: str, *channels: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.frombytes(mode, SIZE, np.stack(channels, -1).tobytes())


def difference(picture: Image.Image, expected: npt.ArrayLike) -> float:
    assert picture.mode == "RGB"
    return float(np.abs(np.asarray(picture).astype(float) - np.asarray(expected)).max())


def with_palette(mode: str, palette_mode: str) -> Image.Image:
    image = Image.new(mode, (4, 1))
    colors = {"RGB": [255, 0, 0, 0, 0, 255], "RGBA": [255, 0, 0, 255, 0, 0, 255, 0]}
    image.putpalette(colors[palette_mode], palette_mode)
    return image


def premultiplied(color: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.rint(color * (OPACITY / 255)).astype(np.uint8)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (raw("L", RED), grey(RED)),
        (raw("LA", RED, OPACITY), seen_on_white(grey(RED), OPACITY)),
        (raw("La", premultiplied(RED), OPACITY), seen_on_white(grey(RED), OPACITY)),
        (raw("RGB", RED, GREEN, BLUE), RGB),
        (raw("RGBX", RED, GREEN, BLUE, OPACITY), RGB),
        (raw("RGBA", RED, GREEN, BLUE, OPACITY), seen_on_white(RGB, OPACITY)),
        (
            raw("RGBa", *(premultiplied(each) for each in (RED, GREEN, BLUE)), OPACITY),
            seen_on_white(RGB, OPACITY),
        ),
        (
            raw("CMYK", RED, GREEN, BLUE, GREEN),
            (255.0 - np.stack([RED, GREEN, BLUE], -1)) * (1 - GREEN[..., None] / 255.0),
        ),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else "",
)
def test_plain_modes(image: Image.Image, expected: npt.ArrayLike) -> None:
    # A premultiplied color is rounded; the less of it is seen, the less that matters.
    assert difference(on_white(image), expected) <= 2


def test_black_and_white() -> None:
    image = Image.frombytes("1", (2, 1), b"\x80")
    assert on_white(image).tobytes() == b"\xff\xff\xff\0\0\0"


@pytest.mark.parametrize("mode", ["YCbCr", "HSV", "LAB"])
def test_other_color_spaces(mode: str) -> None:
    # By hand: mid-grey has no color in any of them, in the middle of its lightness.
    values = {"YCbCr": (128, 128, 128), "HSV": (0, 0, 128), "LAB": (137, 128, 128)}
    image = Image.new(mode, (2, 2), values[mode])
    assert on_white(image).getpixel((1, 1)) == pytest.approx((128, 128, 128), abs=1)


def test_reds_of_other_color_spaces() -> None:
    # JPEG's formula, the color wheel, and sRGB's red under CIE's light D50.
    values = {"YCbCr": (76, 85, 255), "HSV": (0, 255, 255), "LAB": (138, 209, 198)}
    for mode, value in values.items():
        red = on_white(Image.new(mode, (2, 2), value)).getpixel((0, 0))
        assert red == pytest.approx((255, 0, 0), abs=5), mode


@pytest.mark.parametrize("order", ["I;16", "I;16L", "I;16B", "I;16N"])
def test_sixteen_bits_in_every_byte_order(order: str) -> None:
    values = RED.astype(np.uint16) * 257
    stored = values.astype(">u2" if order == "I;16B" else "<u2" if order != "I;16N" else "=u2")
    image = Image.frombytes(order, SIZE, stored.tobytes())
    assert difference(on_white(image), grey(RED)) == 0


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_sixteen_bit_tiffs(byte_order: str) -> None:
    # A TIFF by hand, since Pillow writes only one of the orders.
    tags = [(256, 3, 1, 16), (257, 3, 1, 16), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, 110), (277, 3, 1, 1), (278, 3, 1, 16)]  # fmt: skip
    directory = struct.pack(f"{byte_order}H", len(tags))
    for tag, kind, count, value in tags:
        packed = struct.pack(f"{byte_order}H2x" if kind == 3 else f"{byte_order}I", value)
        directory += struct.pack(f"{byte_order}HHI", tag, kind, count) + packed
    start = (b"II" if byte_order == "<" else b"MM") + struct.pack(f"{byte_order}HI", 42, 8)
    head = (start + directory + bytes(4)).ljust(110, b"\0")
    values = (RED.astype(np.uint16) * 257).astype(f"{byte_order}u2")
    with Image.open(io.BytesIO(head + values.tobytes())) as image:
        assert image.mode.startswith("I;16")
        assert difference(on_white(image), grey(RED)) == 0


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        (np.array([[0, 128, 255]], np.int32), [0, 128, 255]),
        (np.array([[0, 32896, 65535]], np.int32), [0, 128, 255]),
        (np.array([[-100, 0, 100]], np.int32), [0, 128, 255]),
        (np.array([[0, 500_000, 1_000_000]], np.int32), [0, 128, 255]),
        (np.array([[0, 0.5, 1]], np.float32), [0, 128, 255]),
        (np.array([[-0.005, 0.5, 1.005]], np.float32), [0, 128, 255]),
        (np.array([[0, 128, 255]], np.float32), [0, 128, 255]),
        (np.array([[1000, 1500, 2000]], np.float32), [0, 128, 255]),
        (np.array([[70, 70, 70]], np.float32), [70, 70, 70]),
        (np.array([[700, 700, 700]], np.float32), [0, 0, 0]),
    ],
)
def test_deep_grey(values: npt.NDArray[np.generic], seen: list[int]) -> None:
    picture = on_white(Image.fromarray(values))
    assert np.asarray(picture)[0, :, 0].tolist() == pytest.approx(seen, abs=1)


def test_transparent_colors_of_palettes() -> None:
    named = with_palette("P", "RGB")
    named.info["transparency"] = 0
    many = with_palette("P", "RGB")
    many.info["transparency"] = bytes([128, 255])
    for image, expected in [
        (named, (255, 255, 255)),
        (many, (255, 127, 127)),
        (with_palette("P", "RGB"), (255, 0, 0)),
        (with_palette("P", "RGBA"), (255, 0, 0)),
    ]:
        assert on_white(image).getpixel((0, 0)) == pytest.approx(expected, abs=1)
    second = with_palette("P", "RGBA")
    second.putpixel((0, 0), 1)
    assert on_white(second).getpixel((0, 0)) == (255, 255, 255)


def test_palettes_with_opacity() -> None:
    image = with_palette("PA", "RGB")
    image.putalpha(Image.frombytes("L", (4, 1), bytes([0, 255, 128, 0])))
    reds = np.asarray(on_white(image))[0]
    assert reds[:, 0].tolist() == [255] * 4
    assert reds[:, 1].tolist() == pytest.approx([255, 0, 127, 255], abs=1)


def test_one_transparent_color() -> None:
    image = Image.frombytes("RGB", (2, 1), bytes([1, 2, 3, 4, 5, 6]))
    image.info["transparency"] = (1, 2, 3)
    assert on_white(image).tobytes() == bytes([255, 255, 255, 4, 5, 6])
    image = Image.frombytes("L", (2, 1), bytes([1, 2]))
    image.info["transparency"] = 1
    assert on_white(image).tobytes() == bytes([255] * 3 + [2] * 3)


def test_one_transparent_grey_of_sixteen_bits() -> None:
    data = png(
        (3, 1), b"\0" + struct.pack(">3H", 0, 257, 65535), depth=16, color=0,
        transparent=struct.pack(">H", 0),
    )  # fmt: skip
    with Image.open(io.BytesIO(data)) as image:
        assert on_white(image).tobytes() == bytes([255] * 3 + [1] * 3 + [255] * 3)


def test_the_picture_stays_as_it_is() -> None:
    image = raw("RGBA", RED, GREEN, BLUE, OPACITY)
    before = image.tobytes()
    on_white(image).paste("red", (0, 0, 9, 9))
    assert (image.mode, image.tobytes()) == ("RGBA", before)


@pytest.mark.parametrize(
    ("array", "mode"),
    [
        (RED, "L"),
        (RED[..., np.newaxis], "L"),
        (COLORS, "LA"),
        (RGB, "RGB"),
        (np.dstack([RGB, OPACITY]), "RGBA"),
        (RGB[::-1, ::-1], "RGB"),
        (np.asfortranarray(RGB), "RGB"),
    ],
)
def test_arrays_of_bytes(array: npt.NDArray[np.uint8], mode: str) -> None:
    picture = from_array(array)
    assert picture.mode == mode
    assert np.array_equal(np.asarray(picture).squeeze(), array.squeeze())


@pytest.mark.parametrize(
    "array",
    [
        RGB.astype(np.uint16) * np.uint16(257),
        RGB.astype(np.int64),
        RGB.astype(np.int64) * 257,
        RGB / 255,
        (RGB / 255).astype(np.float16),
        RGB.astype(np.float32),
        RGB.astype(">f8"),
        RGB.astype(">u2") * np.uint16(257),
    ],
    ids=lambda array: array.dtype.str,
)
def test_arrays_of_other_numbers(array: npt.NDArray[np.generic]) -> None:
    assert difference(from_array(array), RGB) <= 1


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_a_dark_array_of_sixteen_bits_is_dark(byte_order: str) -> None:
    # The type says what is white, also where no value comes near it.
    assert from_array(np.full((2, 2), 200, f"{byte_order}u2")).getpixel((0, 0)) == 1


def test_a_tensor_that_gives_no_array() -> None:
    class Tensor:
        def __array__(self, *_: object, **__: object) -> None:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")

    with pytest.raises(PictureError, match=r"no array can be made of Tensor: Can't call numpy"):
        load_picture(Tensor())  # type: ignore[arg-type]


def test_arrays_of_yes_and_no() -> None:
    assert from_array(np.array([[True, False]])).tobytes() == b"\xff\0"


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(5), r"shape \(5,\) is no picture: it must be \(height, width\)"),
        (np.zeros((4, 4, 5)), "1 to 4 channels"),
        (np.zeros((3, 20, 30)), r"channels must come last.*transpose\(1, 2, 0\)"),
        (np.zeros((2, 9, 9, 3)), r"several. Give one of them, for example array\[0\]"),
        (np.zeros((0, 5, 3)), "no pixels"),
        (np.full((4, 4), np.nan), r"NaN or infinite\): replace them"),
        (np.full((4, 4), np.inf), "NaN or infinite"),
        (np.full((4, 4, 3), -3), "from -3 to -3"),
        (np.full((4, 4, 3), 70_000), "from 70000 to 70000"),
        (np.array([[-2.1, 2.6]]), "from -2.1 to 2.6: a picture's go from 0 to 1, or 0 to 255"),
        (np.array([[0.0, 1.5]]), "from 0 to 1.5"),
        (np.zeros((4, 4), complex), "complex128 is no picture: its values must be numbers"),
        (np.array([["a", "b"]]), "its values must be numbers"),
    ],
)
def test_arrays_that_are_no_pictures(array: npt.NDArray[np.generic], words: str) -> None:
    with pytest.raises(PictureError, match=words):
        from_array(array)


def test_nothing_is_stretched_that_fits() -> None:
    assert eight_bit(np.array([50, 60], np.int32)).tolist() == [50, 60]
    assert eight_bit(np.array([0.25, 0.5])).tolist() == [64, 128]
