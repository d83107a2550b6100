from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from local_endpoints.control_plane.heartbeat import Heartbeat

SAVED = 1_700_000_000.123456
LATER = SAVED + 1000


@pytest.fixture
def heartbeat(tmp_path: Path) -> Heartbeat:
    return Heartbeat(tmp_path / "heartbeat.json")


def test_a_saved_state_held_until_the_last_beat(heartbeat: Heartbeat) -> None:
    for moment in (SAVED, SAVED + 30, SAVED + 60.5):
        heartbeat.beat(saved_at=SAVED, now=moment)
        assert heartbeat.last(saved_at=SAVED, now=LATER) == moment


def test_a_beat_says_nothing_about_another_state(heartbeat: Heartbeat) -> None:
    heartbeat.beat(saved_at=SAVED, now=LATER)
    assert heartbeat.last(saved_at=SAVED + 1, now=LATER) == SAVED + 1


def test_nothing_is_owed_for_the_future_nor_given_back(heartbeat: Heartbeat) -> None:
    heartbeat.beat(saved_at=SAVED, now=LATER)
    assert heartbeat.last(saved_at=SAVED, now=SAVED + 5) == SAVED + 5
    heartbeat.beat(saved_at=SAVED, now=SAVED - 50)
    assert heartbeat.last(saved_at=SAVED, now=LATER) == SAVED


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"{", b"[1]", b"[1, 2, 3]", b"5", b'["x", 1]', b"[NaN, NaN]", b"[[], 1]"],
)
def test_without_a_readable_one_the_state_held_when_it_was_saved(
    heartbeat: Heartbeat, content: bytes
) -> None:
    assert heartbeat.last(saved_at=SAVED, now=LATER) == SAVED
    heartbeat.path.write_bytes(content)
    assert heartbeat.last(saved_at=SAVED, now=LATER) == SAVED


def test_it_is_written_over_in_place(heartbeat: Heartbeat) -> None:
    heartbeat.beat(saved_at=SAVED, now=SAVED + 0.123)
    first = heartbeat.path.stat()
    heartbeat.beat(saved_at=1.0, now=2.0)
    second = heartbeat.path.stat()
    assert (first.st_ino, first.st_size) == (second.st_ino, second.st_size)
    assert heartbeat.last(saved_at=1.0, now=3.0) == 2.0


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_it_is_private(heartbeat: Heartbeat) -> None:
    heartbeat.beat(saved_at=SAVED, now=SAVED)
    assert stat.S_IMODE(heartbeat.path.stat().st_mode) == 0o600
