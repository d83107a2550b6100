"""The file that the state is kept in: SQLite, so that one change writes one endpoint's record.

It is written ahead (WAL): whoever is killed loses nothing that was saved, and others may read
meanwhile. ``synchronous`` is ``NORMAL``: only when the computer itself fails, the last changes may
be missing, and the file is whole even then. Waiting for the disk at every change would hold up all
clients, as there is one thread for everybody.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from local_endpoints.control_plane.records import Record, Saved

FORMAT = 2
"""``PRAGMA user_version`` of a file that this version reads. 1 was a file of JSON."""
# The service is the only one who writes. Whoever locks the file by hand must not hold it up.
LOCKED_SECONDS = 0.1
BESIDE = ("-wal", "-shm")
"""Ends of the names of the files that SQLite keeps beside its own."""

FIRST_BYTES = b"SQLite format 3\0"

SETTINGS = (
    # Until it is written ahead. A new file has nothing to lose, and waiting for the disk at each
    # of its first steps would only take time.
    "PRAGMA synchronous=OFF",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    # Secrets that were deleted are overwritten in the file, too.
    "PRAGMA secure_delete=ON",
)
TABLES = (
    "CREATE TABLE IF NOT EXISTS service"
    " (one INTEGER PRIMARY KEY CHECK (one = 1), port INTEGER NOT NULL, saved_at REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS endpoints (id TEXT PRIMARY KEY, record TEXT NOT NULL)",
    f"PRAGMA user_version={FORMAT}",
)
NOTE = (
    "INSERT INTO service VALUES (1, ?, ?)"
    " ON CONFLICT (one) DO UPDATE SET port = excluded.port, saved_at = excluded.saved_at"
)
# An endpoint that is there keeps its row, and so its place in the order.
KEEP = (
    "INSERT INTO endpoints (id, record) VALUES (?, ?)"
    " ON CONFLICT (id) DO UPDATE SET record = excluded.record"
)


class Database:
    """One file of SQLite, mode 0600 like those beside it. It is made when it is first written.

    Args:
        path: the file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def read(self) -> Saved | None:
        """What was written; ``None`` if there is nothing.

        Raises:
            ValueError: it is no file of ``FORMAT``.
            OSError: the disk does not let us read it.
        """
        if not self.path.exists() or not self._begins_like_one():
            return None
        try:
            connection = self._open()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not tables:
                return None
            if version != FORMAT:
                raise ValueError(f"its format is {version}, and this version reads {FORMAT}")
            found = connection.execute("SELECT port, saved_at FROM service").fetchone()
            rows = connection.execute("SELECT record FROM endpoints ORDER BY rowid").fetchall()
        except sqlite3.OperationalError as error:
            # Of all that may be wrong inside, only a missing table or column is told like this.
            if str(error).startswith("no such"):
                raise ValueError(str(error)) from None
            raise self._refused(error) from None
        except sqlite3.DatabaseError as error:
            raise ValueError(str(error)) from None
        if found is None:
            raise ValueError("what it says of port, saved_at")
        port, saved_at = found
        return Saved(port, saved_at, [json.loads(text) for (text,) in rows])

    def renew(self) -> bool:
        """Open the file, if it is not open, or has been moved away or deleted meanwhile.

        Returns:
            Whether it was: nothing of what was written before is in it.

        Raises:
            OSError: it cannot be opened.
        """
        if self._connection is not None and _identity(self.path) == self._file:
            return False
        self.close()
        _make_private(self.path)
        if self._file not in (None, _identity(self.path)):
            # What lies beside it belongs to the one that is gone.
            for end in BESIDE:
                Path(f"{self.path}{end}").unlink(missing_ok=True)
        try:
            self._open()
        except sqlite3.Error as error:
            raise self._refused(error) from None
        return True

    def write(
        self, *, port: int, saved_at: float, records: Mapping[str, Record | None], whole: bool
    ) -> None:
        """Write in one step: all of it or nothing.

        Args:
            port, saved_at: as in ``Saved``.
            records: of the endpoints that have changed, by id; ``None`` for one that is no more.
            whole: whether these are all endpoints.

        Raises:
            OSError: the disk does not take it; the file is as it was.
        """
        rows = [(key, json.dumps(record)) for key, record in records.items() if record is not None]
        gone = [(key,) for key, record in records.items() if record is None]
        try:
            connection = self._open()
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                if whole:
                    for statement in (*TABLES, "DELETE FROM endpoints"):
                        connection.execute(statement)
                connection.execute(NOTE, (port, saved_at))
                connection.executemany(KEEP, rows)
                connection.executemany("DELETE FROM endpoints WHERE id = ?", gone)
        except sqlite3.Error as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """Let go of the file. What lies beside it goes into it, if the disk takes that."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def put_aside(self) -> Path:
        """Rename a file that cannot be read. Returns: its new path."""
        self.close()
        aside = self.path.with_name(f"{self.path.stem}.unreadable{self.path.suffix}")
        for end in ("", *BESIDE):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{self.path}{end}", f"{aside}{end}")
        return aside

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None:
            return self._connection
        _make_private(self.path)
        # Its owner may be made in one thread and served in another.
        connection = sqlite3.connect(
            self.path, timeout=LOCKED_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for statement in SETTINGS:
                connection.execute(statement)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection, self._file = connection, _identity(self.path)
        return connection

    def _begins_like_one(self) -> bool:
        """Whether there is anything to read. SQLite would take a very short file for an empty one,
        and mend what lies beside one that is not its own. Raises: ValueError for such a file."""
        with self.path.open("rb") as file:
            first = file.read(len(FIRST_BYTES))
        if first not in (b"", FIRST_BYTES):
            raise ValueError("it is no file of SQLite")
        return bool(first)

    def _refused(self, error: sqlite3.Error) -> OSError:
        return OSError(errno.EIO, str(error), str(self.path))


def _make_private(path: Path) -> None:
    """Make the file, if it is missing, for its owner only. SQLite gives those beside it the mode
    of this one."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file it is, whatever its name; ``None`` where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
