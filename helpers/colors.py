"""Any kind of pixels, as red, green and blue of eight bits each, seen on white paper.

Nothing is guessed that a file or an array says itself. What neither says, how bright a number is,
follows one rule, ``eight_bit``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from helpers.errors import PictureError

WHITE_16 = 65_535
OVERSHOOT = 0.01
"""What a resampling filter may go beyond black and white, as a share of white."""
SMALLEST_BYTE_SCALE = 16.0
"""Floats below it are no picture with 255 for white: it would be black all over."""
SAMPLES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}

_DEEP_MODES = ("I", "F")


def on_white(image: Image.Image) -> Image.Image:
    """The picture in mode RGB, with what is transparent on white.

    Sixteen-bit grey is divided by 257, in whichever byte order it is stored. 32-bit and float grey
    follow ``eight_bit``; where that gives up, they are stretched from their darkest value (black)
    to their lightest (white), as elevations and measurements need it. Color profiles are ignored.

    Raises:
        PictureError: a float picture with NaN or infinite values.
    """
    if image.mode.startswith("I;16"):
        return _deep_on_white(image)
    if image.mode in _DEEP_MODES:
        return Image.fromarray(_stretched(np.asarray(image))).convert("RGB")
    if image.mode == "La":  # Pillow converts it to nothing else.
        image = image.convert("LA")
    if not image.has_transparency_data:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    paper = Image.new("RGB", rgba.size, "white")
    paper.paste(rgba, mask=rgba.getchannel("A"))
    return paper


def from_array(values: Any) -> Image.Image:
    """A picture from numbers: mode L, LA, RGB or RGBA.

    Args:
        values: an array of shape (height, width) or (height, width, channels) with one to four
            channels: grey, grey and opacity, RGB, RGBA. How bright a number is says ``eight_bit``.

    Raises:
        PictureError: another shape, or numbers that are no brightness.
    """
    try:
        array = np.asarray(values)
    except Exception as error:
        # Whatever another library's tensors have against it: gradients, another device, ...
        raise PictureError(f"no array can be made of {type(values).__name__}: {error}") from None
    if array.ndim == 2:
        array = array[..., np.newaxis]
    if array.ndim != 3 or array.shape[2] not in SAMPLES:
        raise PictureError(f"an array of shape {np.shape(values)} is no picture: {_advice(array)}")
    if array.size == 0:
        raise PictureError(f"an array of shape {np.shape(values)} has no pixels in it")
    array = eight_bit(array)
    mode = SAMPLES[array.shape[2]]
    pixels = array[..., 0] if mode == "L" else array
    return Image.frombytes(mode, (array.shape[1], array.shape[0]), pixels.tobytes())


def eight_bit(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Brightness as 0 to 255, black to white, whatever the numbers are.

    - ``bool``: True is white. ``uint8``: as it is. ``uint16``: 65,535 is white.
    - Other whole numbers: 255 is white if none is larger, else 65,535.
    - Floats: 1.0 is white, or 255.0 if some value is 16 or more. They may go beyond black and
      white by one hundredth, as resampling leaves them.

    Raises:
        PictureError: no numbers, NaN, or numbers outside of these ranges.
    """
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    if values.dtype == np.uint8:
        return values.astype(np.uint8, copy=False)
    if values.dtype == np.uint16:
        return _rounded(values / np.float32(257))
    if values.dtype == np.bool_:
        return _rounded(values * np.float32(255))
    if values.dtype.kind not in "iuf":
        raise PictureError(
            f"an array of {values.dtype} is no picture: its values must be numbers, for example "
            "array.astype('uint8')"
        )
    low, high = _range(values)
    white = _white(low, high, whole=values.dtype.kind != "f")
    return _rounded(values.astype(np.float32) * np.float32(255 / white))


def _deep_on_white(image: Image.Image) -> Image.Image:
    """Sixteen-bit grey, of which a PNG may declare one value transparent."""
    values = np.asarray(image)
    rgb = Image.fromarray(eight_bit(values)).convert("RGB")
    if (transparent := image.info.get("transparency")) is not None:
        rgb.paste("white", mask=Image.fromarray(values == transparent))
    return rgb


def _stretched(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    low, high = _range(values)
    try:
        return eight_bit(values)
    except PictureError:
        stretched = values.astype(np.float64)
        stretched -= low
        stretched *= 255 / ((high - low) or 1.0)
        return _rounded(stretched)


def _rounded(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.uint8]:
    """Changes the values on the way: those of a large picture take hundreds of megabytes."""
    np.rint(values, out=values)
    np.clip(values, 0, 255, out=values)
    return values.astype(np.uint8)


def _range(values: npt.NDArray[Any]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise PictureError(
            "the picture has values that are no numbers (NaN or infinite): replace them, for "
            "example with numpy.nan_to_num(array)"
        )
    return low, high


def _white(low: float, high: float, *, whole: bool) -> int:
    """Which number is white."""
    if whole and low >= 0 and high <= WHITE_16:
        return 255 if high <= 255 else WHITE_16
    if not whole and low >= -OVERSHOOT and high <= 1 + OVERSHOOT:
        return 1
    slack = 255 * OVERSHOOT
    if not whole and low >= -slack and SMALLEST_BYTE_SCALE <= high <= 255 + slack:
        return 255
    wanted = "0 to 255 (or 65,535)" if whole else "0 to 1, or 0 to 255"
    raise PictureError(
        f"the array's values go from {low:g} to {high:g}: a picture's go from {wanted}. Scale "
        "them first, for example (array - array.min()) / (array.max() - array.min())"
    )


def _advice(array: npt.NDArray[Any]) -> str:
    if array.ndim == 4:
        return "it seems to hold several. Give one of them, for example array[0]"
    if array.ndim == 3 and array.shape[0] in SAMPLES and array.shape[0] < min(array.shape[1:]):
        return "its channels must come last, for example array.transpose(1, 2, 0)"
    return "it must be (height, width) or (height, width, channels) with 1 to 4 channels"
