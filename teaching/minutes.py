"""The minutes that the notebooks state, and an estimate to hold against them.

    python -m teaching.minutes            # the table of the timetable
    python -m teaching.minutes --parts    # each part with its estimate

A notebook's first cell states the total: ``**Time:** 60 minutes, and 30 for the exercises``. The
line under each heading of a section, and of an exercise, states its own minutes and the shortest
path that it is on: ``*6 min · two-hour path*``, ``*8 min · half-day path*``, ``*4 min · at home*``.
A section with exercises adds them up: ``*1 min, exercises 30 min · two-hour path*``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
TWO_HOURS, HALF_DAY, AT_HOME = PATHS = ("two-hour path", "half-day path", "at home")
UNTIMED = ("For the tests", "Next")
"""Sections without a line: nobody works on them."""

WORDS_PER_MINUTE = 200
"""Of prose with terms that are new."""
SECONDS_PER_LINE = 3
"""To read a line of code."""
SECONDS_PER_CELL = 10
"""To run a cell and look at what it shows."""
SECONDS_PER_DRAWING = 20
SECONDS_PER_GUESS = 60
"""To make up one's mind at a "Predict, then run"."""

HEADING = re.compile(r"^(?=##? |### Exercise )", re.MULTILINE)
MARK = re.compile(
    rf"\A#+ (?P<title>.+)\n\n\*(?P<minutes>\d+) min(?:, exercises (?P<exercises>\d+) min)?"
    rf" · (?P<path>{'|'.join(PATHS)})\*(?:\n|\Z)"
)
TOTAL = re.compile(r"\*\*Time:\*\* (\d+) minutes, and (\d+) for the exercises")
NOT_READ = {"solution", "check", "record"}


@dataclass
class Part:
    """A section, or an exercise in it.

    Attributes:
        title: its heading.
        is_exercise: whether it is one.
        minutes: as stated; without the section's exercises.
        exercises: minutes of its exercises, as stated under a section's heading.
        path: the shortest one that it is on, of ``PATHS``.
        estimate: minutes to read and run it; nobody can estimate an exercise so.
    """

    title: str
    is_exercise: bool
    minutes: int
    exercises: int
    path: str
    estimate: float = 0.0


@dataclass(frozen=True)
class Minutes:
    """What a notebook states.

    Attributes:
        title: of the notebook.
        reading: minutes to read and run it, as its first cell says.
        exercising: minutes for all its exercises, as its first cell says.
        parts: sections and exercises in their order.
    """

    title: str
    reading: int
    exercising: int
    parts: Sequence[Part]

    def on(self, path: str) -> int:
        """Minutes of that path: whatever is on a shorter one is on a longer one as well."""
        paths = PATHS[: PATHS.index(path) + 1]
        return sum(part.minutes for part in self.parts if part.path in paths)


def minutes_of(notebook: NotebookNode) -> Minutes:
    """Read what a notebook states, and estimate its sections.

    Raises:
        ValueError: a heading has no such line, or the sums disagree.
    """
    first = str(notebook.cells[0].source)
    total = TOTAL.search(first)
    if not total:
        raise ValueError("the first cell lacks: **Time:** N minutes, and N for the exercises")
    title = first.splitlines()[0].removeprefix("# ")
    parts = list(_parts(notebook))
    told = Minutes(title, int(total[1]), int(total[2]), parts)
    sums = {
        "sections": (told.reading, sum(part.minutes for part in parts if not part.is_exercise)),
        "exercises": (told.exercising, sum(part.minutes for part in parts if part.is_exercise)),
        "exercises in sections": (told.exercising, sum(part.exercises for part in parts)),
    }
    for what, (stated, added) in sums.items():
        if stated != added:
            raise ValueError(f"the first cell says {stated} minutes, its {what} {added}")
    return told


def _parts(notebook: NotebookNode) -> Iterable[Part]:
    section: Part | None = None
    ahead = 0.0  # of the first section: the title and what stands below it
    for cell in notebook.cells:
        if cell.cell_type == "code":
            if section and not NOT_READ & set(cell.metadata.get("tags", ())):
                section.estimate += _seconds_of_code(cell.source) / 60
            continue
        for text in HEADING.split(cell.source):
            if text.startswith(("## ", "### Exercise ")):
                part = _part(text)
                if part:
                    yield part
                section = None if part and part.is_exercise else part
            if section:
                section.estimate += _seconds_of_text(text) / 60 + ahead
                ahead = 0.0
            elif text.startswith("# "):
                ahead = _seconds_of_text(text) / 60


def _part(text: str) -> Part | None:
    heading = text.splitlines()[0]
    if heading.removeprefix("## ") in UNTIMED:
        return None
    mark = MARK.match(text)
    if not mark:
        raise ValueError(f"{heading!r} has no line like *6 min · {TWO_HOURS}* below it")
    return Part(
        title=mark["title"],
        is_exercise=heading.startswith("### "),
        minutes=int(mark["minutes"]),
        exercises=int(mark["exercises"] or 0),
        path=mark["path"],
    )


def _seconds_of_text(text: str) -> float:
    guesses = text.count("> **Predict, then run.**") * SECONDS_PER_GUESS
    drawings = len(re.findall(r"!\[", text)) * SECONDS_PER_DRAWING
    return len(text.split()) * 60 / WORDS_PER_MINUTE + guesses + drawings


def _seconds_of_code(source: str) -> float:
    lines = [line for line in source.splitlines() if line.strip()]
    return SECONDS_PER_CELL + SECONDS_PER_LINE * len(lines)


def table(notebooks: Iterable[Minutes]) -> str:
    """The timetable's table of all notebooks."""
    rows = [
        "| notebook | read and run | exercises | of it two-hour path | of it half-day path |",
        "|---|---|---|---|---|",
    ]
    for number, each in enumerate(notebooks, start=1):
        columns = (each.reading, each.exercising, each.on(TWO_HOURS), each.on(HALF_DAY))
        rows.append(f"| {number} | " + " | ".join(map(str, columns)) + " |")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module's first lines."""
    parser = argparse.ArgumentParser(
        prog="python -m teaching.minutes", description="The minutes that the notebooks state."
    )
    parser.add_argument("--parts", action="store_true", help="each part with its estimate")
    options = parser.parse_args(arguments)
    told = [minutes_of(nbformat.read(path, 4)) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    if not options.parts:
        print(table(told))
        return 0
    for each in told:
        print(f"{each.title}: {each.reading} + {each.exercising}")
        for part in each.parts:
            estimate = "" if part.is_exercise else f"(estimate {part.estimate:.1f})"
            print(f"  {part.minutes:3} min  {part.path:13}  {part.title} {estimate}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
