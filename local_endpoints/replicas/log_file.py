"""The files of replicas' logs: of bounded size and number, on a disk that may be full."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MAX_BYTES = 1_000_000
KEPT_LOGS = 3


class LogFile:
    """Takes lines and never complains: a full disk costs lines and nothing else. How many stands
    where they are missing, as soon as the disk takes lines again.

    Args:
        path: the file, mode 0600, begun anew with the first line. When it is full it becomes
            ``NAME.1.log``, in place of the one before.
        max_bytes: when it is full; a longer line has a file to itself.

    Attributes:
        closed: whether it takes no lines any more.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.closed = False
        self._path = path
        self._older = path.with_suffix(".1.log")
        self._max_bytes = max_bytes
        self._descriptor: int | None = None
        self._size = 0
        self._missing = 0

    def write(self, line: str) -> None:
        """Take a line, without its end."""
        if self.closed:
            return
        gap = f"({self._missing} lines are missing)\n" if self._missing else ""
        try:
            self._append(f"{gap}{line}\n".encode())
            self._missing = 0
        except OSError:
            self._missing += 1

    def close(self) -> None:
        """Take no more lines."""
        self.closed = True
        self._let_go()

    def remove(self) -> None:
        """Close it and remove what was written."""
        self.close()
        for path in (self._path, self._older):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _append(self, data: bytes) -> None:
        if self._size and self._size + len(data) > self._max_bytes:
            self._let_go()
            os.replace(self._path, self._older)
            self._size = 0
        if self._descriptor is None:
            begin = os.O_APPEND if self._size else os.O_APPEND | os.O_TRUNC
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | begin, 0o600)
        # Unbuffered: what has failed must not come back later, in the middle of another line.
        if os.write(self._descriptor, data) < len(data):
            os.ftruncate(self._descriptor, self._size)
            raise OSError("no space left for the rest of the line")
        self._size += len(data)

    def _let_go(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = None


class LogFiles:
    """A folder of them: of every endpoint the newest three, and any other that is still written.

    Args:
        folder: made if missing, emptied of older ones.

    Raises:
        OSError: the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.glob("*.log"):
            old.unlink(missing_ok=True)
        self._folder = folder
        self._files: dict[str, list[LogFile]] = {}

    def begin(self, name: str, *, endpoint_id: str) -> LogFile:
        """A new one."""
        file = LogFile(self._folder / f"{name}.log")
        files = self._files.setdefault(endpoint_id, [])
        files.append(file)
        for old in [each for each in files[:-KEPT_LOGS] if each.closed]:
            files.remove(old)
            old.remove()
        return file

    def forget(self, endpoint_id: str) -> None:
        """Remove those of an endpoint that was deleted."""
        for file in self._files.pop(endpoint_id, []):
            file.remove()
