"""The minutes that a notebook states: read, added up, estimated, and in the timetable."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from teaching.minutes import AT_HOME, HALF_DAY, TWO_HOURS, main, minutes_of, table
from tests.notebooks import NOTEBOOKS, read

TITLE = "# A lesson\n\n**Time:** 10 minutes, and 12 for the exercises"


def lesson(*texts: str, title: str = TITLE) -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell(text) for text in (title, *texts)])


WHOLE = (
    "## Setup\n\n*4 min · two-hour path*\n\nSome words.",
    "## 1. More\n\n*3 min · half-day path*\n\n### Within\n\n## 2. Most\n\n*2 min · at home*",
    "## 3. Your turn\n\n*1 min, exercises 12 min · two-hour path*",
    "### Exercise 1: one\n\n*5 min · two-hour path*\n\nDo it.",
    "### Exercise 2: another\n\n*7 min · at home*",
    "## Next\n\nNotebook 2",
)


def test_paths_hold_what_shorter_ones_hold() -> None:
    told = minutes_of(lesson(*WHOLE))
    assert (told.title, told.reading, told.exercising) == ("A lesson", 10, 12)
    assert [told.on(path) for path in (TWO_HOURS, HALF_DAY, AT_HOME)] == [10, 13, 22]
    assert table([told]).splitlines()[-1] == "| 1 | 10 | 12 | 10 | 13 |"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("*4 min · two-hour path*", "Some text.", "'## Setup' has no line"),
        ("*3 min · half-day path*", "*3 min · long path*", "'## 1. More' has no line"),
        ("*7 min · at home*", "", "'### Exercise 2: another' has no line"),
        ("*4 min", "*5 min", "the first cell says 10 minutes, its sections 11"),
        ("*5 min", "*6 min", "the first cell says 12 minutes, its exercises 13"),
        ("exercises 12", "exercises 11", "its exercises in sections 11"),
    ],
)
def test_what_does_not_add_up(old: str, new: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        minutes_of(lesson(*(text.replace(old, new) for text in WHOLE)))


def test_without_a_total() -> None:
    with pytest.raises(ValueError, match="the first cell lacks"):
        minutes_of(lesson(*WHOLE, title="# A lesson\n\n**Time:** 10 minutes"))


def test_the_estimate_grows_with_words_code_and_guesses() -> None:
    def estimate(text: str = "", code: str = "", *tags: str) -> float:
        notebook = lesson("## Setup\n\n*10 min, exercises 0 min · at home*\n\n" + text,
                          title=TITLE.replace("12", "0"))  # fmt: skip
        if code:
            notebook.cells.append(new_code_cell(code, metadata={"tags": list(tags)}))
        return minutes_of(notebook).parts[0].estimate

    nothing = estimate()
    assert estimate("word " * 200) == pytest.approx(nothing + 1)
    assert estimate(code="print(1)\n\n" * 10) == pytest.approx(nothing + 40 / 60)
    assert estimate("> **Predict, then run.**") > nothing + 1
    for tag in ("solution", "check", "record"):
        assert estimate("", "print(1)", tag) == nothing


def test_the_timetable_has_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    timetable = Path(__file__).parents[2] / "teaching" / "timetable.md"
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert printed.strip() == table([minutes_of(read(path)) for path in NOTEBOOKS])
    assert printed.strip() in timetable.read_text(encoding="utf-8"), "python -m teaching.minutes"
    assert main(["--parts"]) == 0
    assert "estimate" in capsys.readouterr().out
