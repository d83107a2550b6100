"""A learner's copies of the lessons: made once, brought up to date, and never overwritten."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.copies import MINE, STUDENT, copy_lessons

LESSON = Path("01_first.ipynb")
SOLUTIONS = Path("solutions", "01_first.ipynb")


def write(path: Path, *sources: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [new_code_cell(source) for source in sources]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The student edition of one lesson, copied."""
    write(tmp_path / STUDENT / LESSON, "old = 1")
    write(tmp_path / STUDENT / SOLUTIONS, "solved = 1")
    assert len(copy_lessons(tmp_path).made) == 2
    return tmp_path


def test_copies_stand_as_deep_as_their_originals(clone: Path) -> None:
    """So links to pictures, to the solutions and to the executed edition hold."""
    assert len(MINE.parts) == len(STUDENT.parts) and MINE.parent == STUDENT.parent
    assert sources(clone / MINE / LESSON) == ["old = 1"]
    assert sources(clone / MINE / SOLUTIONS) == ["solved = 1"]


def test_nothing_is_done_twice(clone: Path) -> None:
    again = copy_lessons(clone)
    assert (again.made, again.kept) == ([], [])


def test_a_copy_that_was_only_run_gets_the_new_edition(clone: Path) -> None:
    copy = clone / MINE / LESSON
    notebook = nbformat.read(copy, as_version=4)
    notebook.cells[0].outputs = [new_output("stream", text="1\n")]
    notebook.metadata["language_info"] = {"name": "python", "version": "3.99"}
    nbformat.write(notebook, copy)
    write(clone / STUDENT / LESSON, "new = 1")
    assert copy_lessons(clone).made == [copy]
    assert sources(copy) == ["new = 1"]
    assert copy_lessons(clone).made == []


def test_work_is_left_alone_and_named(clone: Path) -> None:
    copy = clone / MINE / LESSON
    notebook = nbformat.read(copy, as_version=4)
    notebook.cells[0].source = "mine = 1"
    nbformat.write(notebook, copy)
    assert copy_lessons(clone).kept == [], "nothing new to be had"
    write(clone / STUDENT / LESSON, "new = 1")
    copied = copy_lessons(clone)
    assert (copied.made, copied.kept) == ([], [copy])
    assert sources(copy) == ["mine = 1"]
    copy.rename(copy.with_name("01_by_me.ipynb"))
    assert copy_lessons(clone).made == [copy]


@pytest.mark.parametrize("text", ["", "no notebook", "[]", '{"cells": 1}'])
def test_what_is_no_notebook_is_left_alone(clone: Path, text: str) -> None:
    copy = clone / MINE / LESSON
    copy.write_text(text, encoding="utf-8")
    assert copy_lessons(clone).kept == [copy]
    assert copy.read_text(encoding="utf-8") == text
