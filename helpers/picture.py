"""One way into a picture: whatever somebody has, upright and in plain colors, or why not."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
import warnings
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from .colors import from_array, on_white
from .errors import PictureError
from .kinds import kind_of

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
_GIVE = "Give a file's name, bytes, an open file, an array, or a picture of Pillow's"
_ADDRESS = re.compile(r"data:|[a-z][a-z0-9+.-]+://", re.IGNORECASE)
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


def load_picture(source: PictureSource, *, max_side: int | None = None) -> Image.Image:
    """A picture as it is meant to be seen: upright, eight-bit RGB, on white where transparent.

    Args:
        source: a file's name (``~`` is your home folder), the file's bytes, a file open for
            reading in binary mode, an array (see ``colors.from_array``), or a picture of Pillow's,
            which is left as it is. Of an animated file you get the first frame, or the one that
            the picture of Pillow's stands at, and a line on standard error says so.
        max_side: pixels; larger pictures are made smaller, JPEGs already while they are read.
            Default: as they are, but a JPEG above 50 million pixels is read at a fraction.

    Returns:
        A new picture without metadata.

    Raises:
        PictureError: it is no picture, or none that can be read; the message says what it is and
            what to do.
    """
    if isinstance(source, Image.Image):
        return _from_pillow(source, max_side)
    if isinstance(source, str | os.PathLike):
        path = _path(source)
        with _opened(path) as stream:
            return _read(stream, str(path), max_side)
    if isinstance(source, bytes | bytearray | memoryview):
        return _read(io.BytesIO(source), "the picture", max_side)
    if hasattr(source, "__array_interface__") or hasattr(source, "__array__"):
        return _finished(from_array(source), "the array", max_side)
    if hasattr(source, "read"):
        return _read(_in_memory(source), str(getattr(source, "name", "the picture")), max_side)
    raise PictureError(f"{source!r:.60} is no picture but {type(source).__name__}. {_GIVE}")


def _path(source: str | os.PathLike[str]) -> Path:
    text = os.fspath(source)
    if not isinstance(text, str) or not text.strip():
        raise PictureError(f"no file's name was given. {_GIVE}")
    if _ADDRESS.match(text):
        raise PictureError(
            f"{text:.60} is an address: pictures are not fetched here. Download the file and give "
            "its name, or its bytes"
        )
    try:
        path = Path(text).expanduser()
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise PictureError(f"there is no file {path}{_similar_to(path)}") from None
    except (OSError, ValueError, RuntimeError) as error:
        # Names that the system refuses, and homes of users that do not exist.
        raise PictureError(f"{text!r:.200} cannot be opened: {error!s:.200}") from None
    if stat.S_ISDIR(mode):
        raise PictureError(f"{path} is a folder: name a file in it{_example_in(path)}")
    if not stat.S_ISREG(mode):
        raise PictureError(f"{path} is no ordinary file: save the picture to one first")
    return path


def _example_in(folder: Path) -> str:
    with suppress(OSError):
        Image.init()
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in Image.EXTENSION:
                return f", for example {path}"
    return ""


def _similar_to(path: Path) -> str:
    names: list[str] = []
    with suppress(OSError):
        names = get_close_matches(path.name, [each.name for each in path.parent.iterdir()], n=1)
    if names:
        return f". Did you mean {path.with_name(names[0])}?"
    return f": check the name, and the folder, {path.parent.absolute()}"


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror or error}") from None


def _in_memory(stream: IO[bytes]) -> IO[bytes]:
    """The whole file, wherever the reader stands; somebody else's stream stays open."""
    try:
        with suppress(AttributeError, io.UnsupportedOperation):
            stream.seek(0)
        content = stream.read()
    except (OSError, ValueError) as error:
        raise PictureError(f"the file cannot be read: {error}. Open it again") from None
    if not isinstance(content, bytes | bytearray | memoryview):
        raise PictureError('the file is open for text: open it in binary mode, open(name, "rb")')
    return io.BytesIO(content)


def _read(stream: IO[bytes], name: str, max_side: int | None) -> Image.Image:
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    try:
        image = _identified(stream, name)
        if image.format in EXTERNAL_FORMATS:
            raise PictureError(f"{name} is {image.format}: export it as PNG or JPEG first")
        _draft(image, max_side)
        _check_size(image, name)
        _mend_transparency(image)
        return _finished(image, name, max_side)
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError(f"{name} is no picture that can be read here: {kind_of(head)}") from None
    except Exception as error:
        # Pillow lets through whatever its parsers stumble over.
        raise _damaged(name, error) from None


def _from_pillow(image: Image.Image, max_side: int | None) -> Image.Image:
    try:
        if getattr(image, "tile", None):  # It is still in its file.
            _check_size(image, "the picture")
        return _finished(image, "the picture", max_side)
    except PictureError:
        raise
    except Exception as error:
        raise _damaged("the picture", error) from None


def _damaged(name: str, error: Exception) -> PictureError:
    detail = str(error) or type(error).__name__
    return PictureError(
        f"{name} cannot be read to its end ({detail:.100}): it is cut off, damaged or closed. "
        "Copy, download or save it again"
    )


def _identified(stream: IO[bytes], name: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return Image.open(stream)
        except Image.DecompressionBombError:
            # Pillow refuses before anybody could ask for a fraction, which needs no more memory.
            stream.seek(0)
            try:
                return JpegImageFile(stream)
            except SyntaxError:
                raise _too_large(f"{name} has hundreds of millions of pixels") from None


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


def _check_size(image: Image.Image, name: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large(f"{name} has {image.width:,} x {image.height:,} pixels")


def _too_large(what: str) -> PictureError:
    return PictureError(
        f"{what}, more than the {MAX_PIXELS:,} that are read here: make it smaller first, or save "
        "it as an ordinary (not progressive) JPEG, which can be read at a fraction of its size"
    )


def _mend_transparency(image: Image.Image) -> None:
    transparent, tile = image.info.get("transparency"), getattr(image, "tile", None)
    if image.format != "PNG" or transparent is None or not tile:
        return
    factor = _TO_EIGHT_BITS.get(str(tile[0].args))
    if factor and isinstance(transparent, int):
        image.info["transparency"] = int(transparent * factor)
    elif factor:
        image.info["transparency"] = tuple(int(value * factor) for value in transparent)


def _finished(image: Image.Image, name: str, max_side: int | None) -> Image.Image:
    if 0 in image.size:
        raise PictureError(f"{name} has no pixels: it is {image.width} x {image.height}")
    image.load()
    _say_if_animated(image, name)
    picture = on_white(image)
    if max_side is not None:
        picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    picture.info.clear()
    turn = _UPRIGHT.get(_orientation(image))
    return picture if turn is None else picture.transpose(turn)


def _orientation(image: Image.Image) -> Any:
    try:
        return image.getexif().get(ExifTags.Base.Orientation)
    except Exception:
        # Broken metadata are no reason to refuse a whole picture.
        return None


def _say_if_animated(image: Image.Image, name: str) -> None:
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format not in NOT_ANIMATED:
        place = "first" if image.tell() == 0 else f"{image.tell() + 1}."
        print(f"{name} has {frames} frames: only the {place} one is used", file=sys.stderr)
