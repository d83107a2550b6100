"""A sample of every trial."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.reliability.report import Report
from tests.reliability.sizes import SHORT

pytest.importorskip("schemathesis", reason="schemathesis needs Python 3.11")
from tests.reliability.trials import TRIALS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="limits of another process, and signals, as Linux has them"
)


LONG_ONLY = {"kill_replicas", "full_disk", "load", "soak"}
"""Their samples are `test_service`, `test_service_disk` and `test_life`, and the other crowd."""


@pytest.mark.parametrize("name", [name for name in TRIALS if name not in LONG_ONLY])
def test_nothing_is_lost_nothing_hangs_nobody_is_left(name: str, tmp_path: Path) -> None:
    report = Report(name)
    TRIALS[name](tmp_path / "state", SHORT, report)
    assert not report.faults, "\n".join(report.faults)
