from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from local_endpoints import ensure_running, find_running, stop_running
from local_endpoints.__main__ import main
from local_endpoints.errors import ServiceError
from local_endpoints.state_dir import (
    STATE_DIR_VARIABLE,
    check_state_dir,
    make_state_dir,
    write_private,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and owners of POSIX")

WAYS: list[Callable[[Path], object]] = [
    *(find_running, stop_running, ensure_running, make_state_dir, check_state_dir)
]
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))


@pytest.mark.parametrize("mode", [0o777, 0o755, 0o750, 0o707, 0o710, 0o702])
@every_way
def test_a_folder_that_others_may_enter(
    tmp_path: Path, way: Callable[[Path], object], mode: int
) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(ServiceError, match=f"open to other users.*`chmod 700 {tmp_path}`"):
        way(tmp_path)
    assert list(tmp_path.iterdir()) == []


@every_way
def test_a_folder_of_somebody_else(
    tmp_path: Path, way: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ServiceError, match=f"another user.*{STATE_DIR_VARIABLE}"):
        way(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["service.json", "state.sqlite3", "state.sqlite3-wal", "service.lock", "service.log", "logs"],
)
@pytest.mark.parametrize("target", ["file", "nothing"])
@every_way
def test_a_link(tmp_path: Path, way: Callable[[Path], object], name: str, target: str) -> None:
    state_dir = tmp_path / "state"
    make_state_dir(state_dir)
    (tmp_path / "file").write_text("theirs")
    (state_dir / name).symlink_to(tmp_path / target)
    with pytest.raises(ServiceError, match=f"{name} is a link: remove it"):
        way(state_dir)
    assert (tmp_path / "file").read_text() == "theirs"


@pytest.mark.skipif(os.name == "posix" and os.getuid() != 0, reason="only root may give away")
def test_a_file_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "service.log").write_text("")
    os.chown(tmp_path / "service.log", 12345, -1)
    with pytest.raises(ServiceError, match=r"service.log belongs to another user: remove it"):
        check_state_dir(tmp_path)


def test_a_private_folder_and_a_missing_one_are_in_order(tmp_path: Path) -> None:
    make_state_dir(tmp_path / "new" / "folder")
    (tmp_path / "new" / "folder" / "file").write_text("")
    check_state_dir(tmp_path / "new" / "folder")
    check_state_dir(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_what_a_link_leads_to_counts(tmp_path: Path) -> None:
    """A folder may be kept on another disk."""
    make_state_dir(tmp_path / "elsewhere")
    (tmp_path / "state").symlink_to("elsewhere")
    check_state_dir(tmp_path / "state")
    (tmp_path / "elsewhere").chmod(0o755)
    with pytest.raises(ServiceError, match="chmod 700"):
        check_state_dir(tmp_path / "state")


@pytest.mark.parametrize("command", ["serve", "status", "stop"])
def test_commands_say_it_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    tmp_path.chmod(0o755)
    assert main([command, "--state-dir", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert f"chmod 700 {tmp_path}" in said.err
    assert "--state-dir" in said.err


@pytest.mark.parametrize("command", ["serve", "status", "stop"])
def test_a_lock_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """A folder in the place of a file is in the way of root, too, who may write anywhere."""
    (tmp_path / "service.lock").mkdir()
    assert main([command, "--state-dir", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path} cannot be used as state directory" in said
    assert STATE_DIR_VARIABLE in said


@pytest.mark.parametrize("name", ["start.lock", "service.log"])
def test_files_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ServiceError, match=f"cannot be used.*{STATE_DIR_VARIABLE}"):
        ensure_running(tmp_path)


@pytest.mark.parametrize("mode", [0o500, 0o300, 0o000])
def test_a_folder_without_permission(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    if os.access(tmp_path, os.W_OK | os.R_OK):
        pytest.skip("root may do anything")
    try:
        with pytest.raises(ServiceError, match="cannot be used as state directory"):
            ensure_running(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_private(path, "old")

    def full_disk(*arguments: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path], "half a file would take the space that is missing"
