from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from local_endpoints.control_plane.database import Database
from tests.fakes import unwritable

RECORD = {"a": "record"}


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "state.sqlite3")


def test_nothing_there_is_nothing_and_is_not_made(database: Database) -> None:
    assert database.read() is None
    assert not database.path.exists()
    database.path.touch()
    assert database.read() is None, "a service was killed before its first word"


def test_what_was_written_is_read_in_its_order(database: Database) -> None:
    records = {"b": {"n": 1}, "a": {"n": 2}, "c": {"n": 3}}
    database.write(port=4711, saved_at=1.1, records=records, whole=True)
    database.write(port=4712, saved_at=2.2, records={"a": None, "b": {"n": 4}}, whole=False)
    for reader in (database, Database(database.path)):
        saved = reader.read()
        assert saved is not None
        assert (saved.port, saved.saved_at, saved.records) == (4712, 2.2, [{"n": 4}, {"n": 3}])
    database.write(port=1, saved_at=3.3, records={"d": RECORD}, whole=True)
    saved = database.read()
    assert saved is not None and saved.records == [RECORD]


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
@pytest.mark.parametrize("before", [None, 0o644, 0o666])
def test_all_its_files_are_private(database: Database, before: int | None) -> None:
    if before is not None:
        database.path.touch()
        database.path.chmod(before)
    database.write(port=0, saved_at=0.0, records={"a": RECORD}, whole=True)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in database.path.parent.iterdir()
    }
    name = database.path.name
    assert modes == {name: 0o600, f"{name}-wal": 0o600, f"{name}-shm": 0o600}


def test_one_file_is_left_when_it_is_closed(database: Database) -> None:
    database.write(port=0, saved_at=0.0, records={"a": RECORD}, whole=True)
    database.close()
    assert list(database.path.parent.iterdir()) == [database.path]


def test_others_may_read_meanwhile_and_hold_nobody_up(database: Database) -> None:
    database.write(port=1, saved_at=0.0, records={"a": RECORD}, whole=True)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT port FROM service").fetchall() == [(1,)]
        database.write(port=2, saved_at=0.0, records={"a": None}, whole=False)
        assert reader.execute("SELECT port FROM service").fetchall() == [(1,)]
        reader.execute("COMMIT")
        assert reader.execute("SELECT port FROM service").fetchall() == [(2,)]


def test_a_step_that_fails_leaves_all_as_it_was(database: Database) -> None:
    database.write(port=1, saved_at=0.0, records={"a": RECORD}, whole=True)
    with closing(sqlite3.connect(database.path)) as other, other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON endpoints WHEN new.id = 'c'"
            " BEGIN SELECT raise(ABORT, 'no space left'); END"
        )
    with pytest.raises(OSError, match="no space left") as caught:
        database.write(port=2, saved_at=9.0, records={"a": None, "b": {}, "c": {}}, whole=False)
    assert caught.value.filename == str(database.path)
    saved = database.read()
    assert saved is not None
    assert (saved.port, saved.saved_at, saved.records) == (1, 0.0, [RECORD])


@pytest.mark.parametrize("end", ["deletes", "writes over"])
def test_what_was_secret_does_not_stay_in_the_file(database: Database, end: str) -> None:
    record = {"secrets": {"KEY": "very-secret" * 100}}
    database.write(port=0, saved_at=0.0, records={"a": record, "b": record}, whole=True)
    other = None if end == "deletes" else {"secrets": {}}
    database.write(port=0, saved_at=0.0, records={"a": other, "b": other}, whole=False)
    database.close()
    assert b"very-secret" not in database.path.read_bytes()


def test_a_file_that_is_taken_away_is_noticed_once(database: Database) -> None:
    assert database.renew()
    assert not database.renew()
    database.write(port=2, saved_at=0.0, records={"a": RECORD}, whole=True)
    database.path.rename(database.path.with_name("elsewhere"))
    assert database.renew()
    assert not database.renew()
    assert database.read() is None, "changes of the other file do not belong to this one"
    database.write(port=3, saved_at=0.0, records={}, whole=True)
    saved = Database(database.path).read()
    assert saved is not None and (saved.port, saved.records) == (3, [])


def test_a_file_that_is_brought_back_has_lost_nothing(database: Database) -> None:
    database.write(port=2, saved_at=0.0, records={"a": RECORD}, whole=True)
    with unwritable(database.path), pytest.raises(IsADirectoryError):
        database.renew()
    assert database.renew()
    saved = database.read()
    assert saved is not None and saved.records == [RECORD]


@pytest.mark.parametrize("content", [None, b"no database" * 100])
def test_something_else_in_its_place_is_a_disk_that_takes_nothing(
    database: Database, content: bytes | None
) -> None:
    database.write(port=0, saved_at=0.0, records={}, whole=True)
    database.path.unlink()
    if content is None:
        database.path.mkdir()
    else:
        database.path.write_bytes(content)
    with pytest.raises(OSError, match=r"directory|not a database"):
        database.renew()


def test_what_lies_beside_it_is_put_aside_with_it(database: Database) -> None:
    """As the newest changes are there after a kill."""
    database.path.write_bytes(b"no database" * 100)
    beside = database.path.with_name(f"{database.path.name}-wal")
    beside.write_bytes(b"changes")
    with pytest.raises(ValueError, match="no file of SQLite"):
        database.read()
    aside = database.put_aside()
    assert aside == database.path.with_name("state.unreadable.sqlite3")
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"changes"
    assert not database.path.exists() and not beside.exists()


@pytest.mark.skipif(os.name != "posix", reason="another process may not move an open file")
def test_a_file_that_is_locked_is_not_taken_for_a_bad_one(database: Database) -> None:
    database.write(port=0, saved_at=0.0, records={}, whole=True)
    database.close()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OSError, match="database is locked"):
            database.read()
