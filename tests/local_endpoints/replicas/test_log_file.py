from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local_endpoints.replicas.log_file import LogFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder / "an-endpoint-abc.log"


def text(path: Path) -> str:
    """All that is kept, oldest first."""
    files = (path.with_suffix(".1.log"), path)
    return "".join(file.read_text(encoding="utf-8") for file in files if file.exists())


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond the size: the one limit that needs no rights and no disk."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_lines_are_in_the_file_at_once(path: Path) -> None:
    log = LogFile(path)
    log.write("first")
    log.write("zweite Zeile, größer")
    assert text(path) == "first\nzweite Zeile, größer\n"
    log.close()
    log.write("too late")
    assert text(path) == "first\nzweite Zeile, größer\n"


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_it_is_private(path: Path) -> None:
    LogFile(path).write("prompt")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_keeps_the_end_in_two_files_of_bounded_size(path: Path) -> None:
    log = LogFile(path, max_bytes=100)
    for number in range(1000):
        log.write(f"line {number}")
    files = list(path.parent.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size <= 100 for file in files)
    kept = text(path).splitlines()
    assert kept == [f"line {number}" for number in range(1000 - len(kept), 1000)]
    assert len(kept) > 10


def test_a_line_that_is_too_long_has_a_file_to_itself(path: Path) -> None:
    log = LogFile(path, max_bytes=100)
    for line in ("short", "x" * 500, "last"):
        log.write(line)
    assert text(path) == "x" * 500 + "\nlast\n"


def test_a_log_begins_anew(path: Path) -> None:
    path.write_text("of another one")
    LogFile(path).write("mine")
    assert text(path) == "mine\n"


def test_lines_that_could_not_be_written_are_counted(path: Path) -> None:
    log = LogFile(path)
    shutil.rmtree(path.parent)
    for line in ("one", "two", "three"):
        log.write(line)
    path.parent.mkdir()
    for line in ("four", "five"):
        log.write(line)
    assert text(path) == "(3 lines are missing)\nfour\nfive\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_line_that_does_not_fit_leaves_no_half(path: Path) -> None:
    log = LogFile(path)
    log.write("before")
    with room_for(10):
        log.write("a longer line")
        log.write("another one")
    log.write("after")
    assert text(path) == "before\n(2 lines are missing)\nafter\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_costs_lines_and_nothing_else(path: Path) -> None:
    path.symlink_to("/dev/full")
    log = LogFile(path, max_bytes=100)
    for number in range(100):
        log.write(f"line {number}")
    log.close()


@pytest.mark.parametrize("is_open", [True, False])
def test_it_is_removed_with_what_came_before(path: Path, is_open: bool) -> None:
    log = LogFile(path, max_bytes=100)
    for number in range(100):
        log.write(f"line {number}")
    if not is_open:
        log.close()
    log.remove()
    log.write("too late")
    log.remove()
    assert list(path.parent.iterdir()) == []
