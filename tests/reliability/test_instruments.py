"""The trials' own instruments: what is wrong is noticed, and what is right is not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.reliability.flatness import GROWTH_DESCRIPTORS, GROWTH_MB, MB, Levels
from tests.reliability.report import MOST_FAULTS, Report
from tests.reliability.stand import Bill, Stand


@pytest.mark.parametrize(
    ("minutes", "lost", "is_right"),
    [(10, 0, True), (11, 0, True), (9, 0, True), (8, 0, False), (8, 1, True), (12, 1, False)],
)
def test_a_bill_is_right_to_a_minute(
    tmp_path: Path, minutes: int, lost: int, is_right: bool
) -> None:
    report = Report("bills")
    earlier, later = Bill(1.0, 0.5, 100.0, 100.0), Bill(1.0 + minutes * 0.5, 0.5, 200.0, 200.0)
    stand = Stand(tmp_path / "state", report, minute=2.0)
    stand.expect_bill(earlier, later, until=(120.0, 120.0), lost=lost)
    assert (not report.faults) == is_right


class Growing:
    """A process that has more at every look."""

    pid = 7

    def __init__(self, *, megabytes: float = 0.0, descriptors: int = 0) -> None:
        self._by = megabytes, descriptors
        self._looks = 0

    def children(self) -> list[Any]:
        return []

    def memory_info(self) -> Any:
        self._looks += 1
        return SimpleNamespace(rss=(100 + self._looks * self._by[0]) * MB)

    def num_fds(self) -> int:
        return 20 + self._looks * self._by[1]


@pytest.mark.parametrize(
    ("process", "faults"),
    [
        (Growing(), 0),
        (Growing(megabytes=GROWTH_MB / 10), 0),
        (Growing(megabytes=GROWTH_MB / 5), 1),
        (Growing(descriptors=GROWTH_DESCRIPTORS), 1),
    ],
)
def test_growth_is_noticed(process: Growing, faults: int) -> None:
    report = Report("levels")
    levels = Levels(SimpleNamespace(process=process, report=report))
    for _ in range(10):
        levels.measure()
    levels.expect_flat()
    assert len(report.faults) == faults


def test_a_report_keeps_the_longest_and_does_not_drown(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("a trial", live=True)
    report.longest("time, s", 2.0)
    report.longest("time, s", 1.0)
    for number in range(MOST_FAULTS + 10):
        report.expect(False, f"fault {number}")
    assert len(report.faults) == MOST_FAULTS
    rows = [" ".join(line.split()) for line in report.lines()]
    assert rows == [f"a trial faults {MOST_FAULTS + 10}", "a trial time, s 2"]
    assert capsys.readouterr().out.count("FAULT") == MOST_FAULTS
