"""One way into a picture: whatever somebody has, upright and in plain colors, or why not."""

from __future__ import annotations

import io
import operator
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, TypeAlias

import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from helpers.colors import from_array, on_white
from helpers.errors import ParameterError, PictureError
from helpers.files import GIVE, in_memory, opened, picture_path
from helpers.kinds import kind_of

PictureSource: TypeAlias = (
    str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | npt.NDArray[Any]
    | Image.Image
)  # fmt: skip
"""A file's name, its bytes, an open file, an array, or a picture of Pillow's."""

MAX_PIXELS = 50_000_000
"""Pixels that are decoded at most: 200 MB in Pillow's memory."""
MAX_PROGRESSIVE_PIXELS = 2 * MAX_PIXELS
"""Of a progressive JPEG, which is held whole in memory even when it is read at a fraction."""
SMALLEST_FRACTION = 8
"""A JPEG can be read at a half, a quarter or an eighth of its size."""
EXTERNAL_FORMATS = ("EPS",)
"""Pillow starts another program to draw them."""
NOT_ANIMATED = ("MPO", "PSD")
"""Their first frame is the picture; the others are its thumbnails or layers."""

_HEAD_BYTES = 2048
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A PNG names its transparent color in its own depth, Pillow compares it with eight bits.
_TO_EIGHT_BITS = {"L;2": 85.0, "L;4": 17.0, "RGB;16B": 1 / 256}


def _to_stderr(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def load_picture(
    source: PictureSource,
    *,
    max_side: int | None = None,
    say: Callable[[str], None] = _to_stderr,
) -> Image.Image:
    """A picture as it is meant to be seen: upright, eight-bit RGB, on white where transparent.

    Args:
        source: a file's name (``~`` is your home folder), the file's bytes, a file open for
            reading in binary mode, an array (see ``colors.from_array``), or a picture of Pillow's,
            which is left as it is. Of an animated file you get the first frame, or the one that
            the picture of Pillow's stands at, and ``say`` is told.
        max_side: pixels, 1 or more; larger pictures are made smaller, JPEGs already while they are
            read. Default: as they are, but a JPEG above 50 million pixels is read at a fraction.
        say: takes a sentence about what is left out; default: prints it on standard error.

    Returns:
        A new picture without metadata.

    Raises:
        ParameterError: ``max_side`` is no such number.
        PictureError: it is no picture, or none that can be read; the message says what it is and
            what to do.
    """
    if max_side is not None:
        max_side = whole_number("max_side", max_side)
    if isinstance(source, Image.Image):
        return _Reader("the picture", max_side, say).from_pillow(source)
    if isinstance(source, str | os.PathLike):
        path = picture_path(source)
        with opened(path) as stream:
            return _Reader(str(path), max_side, say).from_file(stream)
    if isinstance(source, bytes | bytearray | memoryview):
        return _Reader("the picture", max_side, say).from_file(io.BytesIO(source))
    if hasattr(source, "__array_interface__") or hasattr(source, "__array__"):
        return _Reader("the array", max_side, say).from_pillow(from_array(source))
    if hasattr(source, "read"):
        name = str(getattr(source, "name", "the picture"))
        return _Reader(name, max_side, say).from_file(in_memory(source))
    raise PictureError(f"{source!r:.60} is no picture but {type(source).__name__}. {GIVE}")


def picture_list(pictures: Iterable[PictureSource]) -> list[PictureSource]:
    """Several pictures, out of whatever holds them; none of them is looked at.

    Raises:
        ParameterError: it is a single picture, a dictionary, or holds nothing. Text and arrays
            could be gone through, too, but their letters and rows are no pictures.
    """
    wanted = "a list of pictures is wanted, not"
    if _is_one(pictures):
        kind = type(pictures).__name__
        raise ParameterError(f"{wanted} one ({kind}): put it into square brackets, [picture]")
    if isinstance(pictures, Mapping):
        raise ParameterError(f"{wanted} a dictionary: give its values, list(pictures.values())")
    try:
        several = iter(pictures)
    except TypeError:
        raise ParameterError(
            f'{wanted} {pictures!r:.60}: for example [picture], or ["one.png", "two.png"]'
        ) from None
    return list(several)


def whole_number(name: str, value: Any, *, highest: int | None = None) -> int:
    """The value of an option that counts something, from 1 up.

    Raises:
        ParameterError: it is no such number; ``name`` is what the message calls the option.
    """
    try:
        number = 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = 0
    if number < 1 or (highest is not None and number > highest):
        limits = "above 0" if highest is None else f"from 1 to {highest}"
        raise ParameterError(f"{name} is {value!r:.60}: give a whole number {limits}")
    return number


def _is_one(source: Any) -> bool:
    given = (str, os.PathLike, bytes, bytearray, memoryview, Image.Image)
    # Of an array, one dimension may be a column of names, four are several pictures of one size.
    is_array = getattr(source, "ndim", None) in (2, 3)
    return isinstance(source, given) or hasattr(source, "read") or is_array


@dataclass(frozen=True)
class _Reader:
    """Reads one picture, which messages call ``name``."""

    name: str
    max_side: int | None
    say: Callable[[str], None]

    def from_file(self, stream: IO[bytes]) -> Image.Image:
        head = stream.read(_HEAD_BYTES)
        stream.seek(0)
        try:
            image = self._identified(stream)
            if image.format in EXTERNAL_FORMATS:
                raise PictureError(f"{self.name} is {image.format}: export it as PNG or JPEG first")
            _draft(image, self.max_side)
            _mend_transparency(image)
            return self.from_pillow(image)
        except UnidentifiedImageError:
            raise PictureError(
                f"{self.name} is no picture that can be read here: {kind_of(head)}"
            ) from None

    def from_pillow(self, image: Image.Image) -> Image.Image:
        if getattr(image, "tile", None) and image.width * image.height > MAX_PIXELS:
            # It is still in its file. What is in memory already may be as large as it is.
            raise self._too_large(f"{image.width:,} x {image.height:,}")
        if 0 in image.size:
            raise PictureError(f"{self.name} has no pixels: it is {image.width} x {image.height}")
        try:
            image.load()
            self._say_if_animated(image)
            picture = on_white(image)
        except PictureError:
            raise
        except Exception as error:
            raise self._damaged(error) from None
        if self.max_side is not None:
            picture.thumbnail((self.max_side, self.max_side), Image.Resampling.LANCZOS)
        picture.info.clear()
        turn = _UPRIGHT.get(_orientation(image))
        return picture if turn is None else picture.transpose(turn)

    def _identified(self, stream: IO[bytes]) -> Image.Image:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return Image.open(stream)
            except UnidentifiedImageError:
                raise
            except Image.DecompressionBombError:
                # Pillow refuses before anybody could ask for a fraction, which needs little memory.
                stream.seek(0)
                try:
                    return JpegImageFile(stream)
                except SyntaxError:
                    raise self._too_large("hundreds of millions of") from None
            except Exception as error:
                raise self._damaged(error) from None

    def _say_if_animated(self, image: Image.Image) -> None:
        frames = getattr(image, "n_frames", 1)
        if frames > 1 and image.format not in NOT_ANIMATED:
            place = "first" if image.tell() == 0 else f"{image.tell() + 1}."
            self.say(f"{self.name} has {frames} frames: only the {place} one is used")

    def _damaged(self, error: Exception) -> PictureError:
        # Pillow lets through whatever its parsers stumble over.
        detail = str(error) or type(error).__name__
        return PictureError(
            f"{self.name} cannot be read to its end ({detail:.100}): it is cut off, damaged or "
            "closed. Copy, download or save it again"
        )

    def _too_large(self, size: str) -> PictureError:
        return PictureError(
            f"{self.name} has {size} pixels, more than the {MAX_PIXELS:,} that are read here. Make "
            "it smaller first, or give the name of a JPEG (not a progressive one): that can be "
            "read at a fraction of its size"
        )


def _draft(image: Image.Image, max_side: int | None) -> None:
    """Of a large JPEG, read only as much as is needed."""
    pixels = image.width * image.height
    if not isinstance(image, JpegImageFile) or (
        "progressive" in image.info and pixels > MAX_PROGRESSIVE_PIXELS
    ):
        return
    longer, fraction = max(image.size), 1
    while fraction < SMALLEST_FRACTION and (
        pixels > MAX_PIXELS * fraction**2 or (max_side and longer >= 2 * fraction * max_side)
    ):
        fraction *= 2
    image.draft(None, (max(1, image.width // fraction), max(1, image.height // fraction)))


def _mend_transparency(image: Image.Image) -> None:
    transparent, tile = image.info.get("transparency"), getattr(image, "tile", None)
    if image.format != "PNG" or transparent is None or not tile:
        return
    factor = _TO_EIGHT_BITS.get(str(tile[0].args))
    if factor and isinstance(transparent, int):
        image.info["transparency"] = int(transparent * factor)
    elif factor:
        image.info["transparency"] = tuple(int(value * factor) for value in transparent)


def _orientation(image: Image.Image) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return image.getexif().get(ExifTags.Base.Orientation)
        except Exception:
            # Broken metadata are no reason to refuse a whole picture, nor worth a warning.
            return None
