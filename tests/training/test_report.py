from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.report import report


def test_what_is_written_is_what_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "measures.json"
    report({"scenes": 3, "shares": {"animal": 0.5}}, out)
    assert out.read_bytes().decode() == capsys.readouterr().out
    assert json.loads(out.read_text(encoding="utf-8")) == {"scenes": 3, "shares": {"animal": 0.5}}


def test_nothing_is_written_where_nobody_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    report({"scenes": 3}, None)
    assert json.loads(capsys.readouterr().out) == {"scenes": 3}
