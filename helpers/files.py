"""Files that somebody names, or has opened: found and read, or why not."""

from __future__ import annotations

import io
import os
import re
import stat
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import IO

from PIL import Image

from helpers.errors import PictureError

GIVE = "Give a file's name, bytes, an open file, an array, or a picture of Pillow's"

_ADDRESS = re.compile(r"data:|[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def picture_path(source: str | os.PathLike[str]) -> Path:
    """Where somebody's picture is.

    Raises:
        PictureError: there is no ordinary file of that name.
    """
    text = os.fspath(source)
    if not isinstance(text, str) or not text.strip():
        raise PictureError(f"no file's name was given. {GIVE}")
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


def opened(path: Path) -> IO[bytes]:
    """The file, open for reading.

    Raises:
        PictureError: it may not be read.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror or error}") from None


def in_memory(stream: IO[bytes]) -> IO[bytes]:
    """The whole file, wherever its reader stands; somebody else's stream stays open.

    Raises:
        PictureError: it is closed, or open for text.
    """
    try:
        with suppress(AttributeError, io.UnsupportedOperation):
            stream.seek(0)
        content = stream.read()
    except (OSError, ValueError) as error:
        raise PictureError(f"the file cannot be read: {error}. Open it again") from None
    if not isinstance(content, bytes | bytearray | memoryview):
        raise PictureError('the file is open for text: open it in binary mode, open(name, "rb")')
    return io.BytesIO(content)
