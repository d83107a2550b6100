"""The student edition of the notebooks: the same lessons, with nothing given away.

    python -m teaching.student_edition            # write notebooks/student/ anew
    python -m teaching.student_edition --check    # status 1 if it is not up to date

``notebooks/`` is the source, and the edition that teachers show. In the student edition there are
no outputs; under each "Predict, then run" is a cell for the guess, and what the run shows is folded
away until then; under each exercise is a cell for the own code, and one that looks at it
(`helpers.check`). The solutions are in notebooks of their own.

What the source has for it: under each ``### Exercise`` a folded heading with the tag ``solution``,
then code cells with that tag, each followed by one with the tag ``check``; in a solution's metadata
``answers``, the names that the check looks at; and the paragraph ``TO_TEACHERS`` above the first
exercise.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SOURCE = Path(__file__).parents[1] / "notebooks"
EDITION = "student"
SOLUTIONS = "solutions"

PREDICT = "> **Predict, then run.**"
GUESS = "> **My guess:** *double-click here, and write it down before you run the next cell.*"
FOLDED = "<details>\n<summary>After running it: what happened</summary>\n\n{}\n\n</details>"
TO_TEACHERS = (
    "Try each exercise before you look at its solution (click on *cells hidden* below the word). "
    "*Run All* runs the solutions, too, and leaves them folded."
)
TO_STUDENTS = (
    "Under each exercise is a cell for your code, and one that looks at what you made and says "
    "whether it is right. Try before you open [the solutions]({})."
)
OUR_RUN = {"In the run shown here": "In our run", "in the run shown here": "in our run"}
END_OF_PART = re.compile(r"^(?:#{2,3} |> \*\*Predict)", re.MULTILINE)
EXERCISE = re.compile(r"^### (Exercise .*)", re.MULTILINE | re.DOTALL)
WAY_UP = re.compile(r"(\]\(|src=\")\.\./")


@dataclass(frozen=True)
class Edition:
    """What one notebook becomes.

    Attributes:
        lesson: for the student.
        solutions: of its exercises.
    """

    lesson: NotebookNode
    solutions: NotebookNode


def edition_of(source: NotebookNode, *, name: str) -> Edition:
    """Make the student edition of a notebook.

    Args:
        source: the executed notebook; it is left as it is.
        name: of its file.

    Raises:
        ValueError: the source lacks what the module's first lines ask for.
    """
    return _Maker(source, name=name).edition()


class _Maker:
    def __init__(self, source: NotebookNode, *, name: str) -> None:
        self._cells = copy.deepcopy(source.cells)
        self._metadata = copy.deepcopy(source.metadata)
        self._name = name
        self._lesson: list[NotebookNode] = []
        self._solutions: list[NotebookNode] = []
        # What the next text is about: a predicted run, or an exercise.
        self._predicted = self._solved = False

    def edition(self) -> Edition:
        """Both notebooks."""
        title = str(self._cells[0].source).splitlines()[0].removeprefix("# ")
        self._solutions = [new_markdown_cell(self._preface(title), id="preface")]
        for cell in self._cells:
            if cell.cell_type == "markdown" and _tags(cell) & {"solution", "record"}:
                continue
            (self._text if cell.cell_type == "markdown" else self._code)(cell)
        code = [cell for cell in self._cells if cell.cell_type == "code"]
        exercises = [cell for cell in code if "solution" in _tags(cell)]
        checks = [cell for cell in code if "check" in _tags(cell)]
        if not any(TO_TEACHERS in cell.source for cell in self._cells):
            raise ValueError(f"{self._name}: it lacks the paragraph {TO_TEACHERS!r}")
        if not exercises or len(exercises) != len(checks):
            raise ValueError(f"{self._name}: {len(exercises)} solutions, {len(checks)} checks")
        first = self._lesson[0]
        first.source += (
            f"\n\n*This is the student edition: nothing has been run yet, and the exercises are "
            f"yours. [The same notebook as it ran for us](../{self._name}).*"
        )
        return Edition(self._notebook(self._lesson), self._notebook(self._solutions))

    def _notebook(self, cells: list[NotebookNode]) -> NotebookNode:
        return new_notebook(cells=cells, metadata=self._metadata)

    def _preface(self, title: str) -> str:
        return (
            f"# Solutions: {title}\n\nThey continue [the notebook](../{self._name}): paste one "
            "into its cell there, run it, and let the check below it have a look. There are other "
            "right answers."
        )

    def _text(self, cell: NotebookNode) -> None:
        source = WAY_UP.sub(r"\1../../", cell.source)
        if TO_TEACHERS in source:
            place = f"{SOLUTIONS}/{self._name}"
            source = source.replace(TO_TEACHERS, TO_STUDENTS.format(place))
        for ours, theirs in OUR_RUN.items():
            source = source.replace(ours, theirs)
        if self._solved or self._predicted:
            part, source = _split(source)
            if part and self._solved:
                self._solutions.append(new_markdown_cell(part, id=cell.id))
            elif part:
                source = f"{FOLDED.format(part)}\n\n{source}".rstrip()
        if exercise := EXERCISE.search(source):
            text = f"## {exercise[1]}"  # below the title, where the lesson has a section between
            self._solutions.append(new_markdown_cell(text, id=f"{cell.id}-exercise"))
        self._solved = False
        self._predicted = PREDICT in source
        if not source:
            return
        self._lesson.append(new_markdown_cell(source, id=cell.id, metadata=cell.metadata))
        if self._predicted:
            self._lesson.append(new_markdown_cell(GUESS, id=f"{cell.id}-guess"))

    def _code(self, cell: NotebookNode) -> None:
        tags = _tags(cell)
        if "record" in tags:
            return
        if "solution" in tags:
            self._solutions.append(_blank(cell))
            names = cell.metadata.get("answers")
            if not names:
                raise ValueError(f"{self._name}: solution {cell.id} does not name its answers")
            lines = ["# Your code here", *(f"{name} = None" for name in names)]
            self._lesson.append(new_code_cell("\n".join(lines), id=cell.id))
            self._solved = True
            return
        self._lesson.append(_blank(cell))


def _blank(cell: NotebookNode) -> NotebookNode:
    """The code, not run. Only what papermill needs of the tags is kept."""
    kept = {"tags": ["parameters"]} if "parameters" in _tags(cell) else {}
    return new_code_cell(cell.source, id=cell.id, metadata=kept)


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", ()))


def _split(text: str) -> tuple[str, str]:
    """What is said about the cell above, and the rest."""
    end = END_OF_PART.search(text)
    place = end.start() if end else len(text)
    return text[:place].strip(), text[place:]


def editions() -> dict[Path, str]:
    """The contents of all generated files."""
    files: dict[Path, str] = {}
    for path in sorted(SOURCE.glob("*.ipynb")):
        edition = edition_of(nbformat.read(path, as_version=4), name=path.name)
        folder = SOURCE / EDITION
        files[folder / path.name] = nbformat.writes(edition.lesson) + "\n"
        files[folder / SOLUTIONS / path.name] = nbformat.writes(edition.solutions) + "\n"
    return files


def stale() -> list[Path]:
    """Generated files that are not what the source asks for, and those that nothing asks for."""
    wanted = editions()
    present = set((SOURCE / EDITION).glob("**/*.ipynb"))
    checkpoints = {path for path in present if ".ipynb_checkpoints" in path.parts}
    changed = [
        path
        for path, text in wanted.items()
        if path not in present or path.read_text(encoding="utf-8") != text
    ]
    return changed + sorted(present - checkpoints - set(wanted))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m teaching.student_edition", description="Write the student edition."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    options = parser.parse_args(arguments)
    if options.check:
        old = stale()
        for path in old:
            print(f"stale: {path.relative_to(SOURCE.parent)}", file=sys.stderr)
        return 1 if old else 0
    for path in stale():
        if path not in editions():
            path.unlink()
    for path, text in editions().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
