"""Files that a reader sees whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its target and move it over it: never a part, the old one on failure.

    Args:
        path: in a folder that exists; a file of that name is replaced.
        data: the whole content. Bytes, so that line ends are the same on every platform.

    Raises:
        OSError: the folder is missing or cannot be written to.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
