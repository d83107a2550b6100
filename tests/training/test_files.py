"""Writing files whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from training.files import write_whole


def test_the_bytes_arrive_as_they_are_and_replace_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(b"old and longer than the new")
    write_whole(path, b"{\n}\r\n")
    assert path.read_bytes() == b"{\n}\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    path = tmp_path / "tokenizer.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
