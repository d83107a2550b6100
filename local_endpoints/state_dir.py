"""The state directory: the folder of all that a service writes, closed to everybody else.

Who can write there can put a service of his own in our place, and who can read there is as good as
the user. Like PostgreSQL with its data directory, we refuse to work in one that is not private.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from pathlib import Path

from platformdirs import user_state_path

from local_endpoints.errors import ServiceError

STATE_DIR_VARIABLE = "LOCAL_ENDPOINTS_STATE_DIR"
SERVICE_FILE = "service.json"
SERVICE_LOG = "service.log"
SERVICE_LOCK = "service.lock"
"""Held by the process that is the service of the folder, from its start to its end, however it
ends."""

ANOTHER_FOLDER = f"choose another folder with --state-dir or {STATE_DIR_VARIABLE}"


def default_state_dir() -> Path:
    """``$LOCAL_ENDPOINTS_STATE_DIR``, or a folder for this user's program state."""
    chosen = os.environ.get(STATE_DIR_VARIABLE)
    return Path(chosen) if chosen else user_state_path("local-endpoints", appauthor=False)


def make_state_dir(state_dir: Path) -> None:
    """Make the folder, for its owner only, if it is missing.

    Raises:
        ServiceError: it cannot be made, or ``check_state_dir`` refuses the one that is there.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise unusable(state_dir, error) from None
    check_state_dir(state_dir)


def check_state_dir(state_dir: Path) -> None:
    """Look for what others could have done, or could do, to the folder. One that does not exist
    is in order, and so is any on Windows, whose folders have no modes.

    Raises:
        ServiceError: others may enter it, or it or something in it belongs to somebody else, or
            a link lies in it, which may lead to another user's file; or it cannot be looked at.
    """
    if os.name != "posix":
        return
    try:
        if not state_dir.is_dir():
            return
        _check_folder(state_dir, state_dir.stat())
        with os.scandir(state_dir) as entries:
            for entry in entries:
                _check_entry(entry)
    except OSError as error:
        raise unusable(state_dir, error) from None


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` in one step by a file that only the owner can read (mode 0600).

    Raises:
        OSError: the disk does not take it; ``path`` is as it was.
    """
    # One name for all: what a killed process has left is written over, not left for ever.
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def unusable(state_dir: Path, error: OSError) -> ServiceError:
    """What to say, and to do, when the system does not let us work in the folder."""
    reason = error.strerror or error
    return ServiceError(
        f"{state_dir} cannot be used as state directory ({reason}). Make it writable, with some "
        f"free space, or {ANOTHER_FOLDER}"
    )


def _check_folder(state_dir: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise ServiceError(f"{state_dir} belongs to another user: {ANOTHER_FOLDER}")
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ServiceError(
            f"{state_dir} is open to other users of this computer. Close it with "
            f"`chmod 700 {shlex.quote(str(state_dir))}`, or {ANOTHER_FOLDER}"
        )


def _check_entry(entry: os.DirEntry[str]) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return  # a file that was being replaced
    if stat.S_ISLNK(status.st_mode):
        raise ServiceError(f"{entry.path} is a link: remove it, or {ANOTHER_FOLDER}")
    if status.st_uid != os.geteuid():
        raise ServiceError(f"{entry.path} belongs to another user: remove it, or {ANOTHER_FOLDER}")
