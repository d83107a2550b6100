"""What the student edition holds back, what it adds, and that it is up to date."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from teaching import student_edition
from teaching.student_edition import GUESS, TO_TEACHERS, Edition, edition_of, main, stale
from tests.notebooks import NOTEBOOKS, code_cells, read, tags

STUDENTS = student_edition.SOURCE / student_edition.EDITION


def code(source: str, cell_id: str, *tags: str, **metadata: Any) -> nbformat.NotebookNode:
    outputs = [new_output("stream", text="42\n")]
    metadata |= {"tags": list(tags)} if tags else {}
    return new_code_cell(source, id=cell_id, metadata=metadata, outputs=outputs, execution_count=1)


def text(source: str, cell_id: str, *tags: str) -> nbformat.NotebookNode:
    return new_markdown_cell(source, id=cell_id, metadata={"tags": list(tags)} if tags else {})


def lesson() -> nbformat.NotebookNode:
    return new_notebook(
        cells=[
            text("# A title\n\n![a cat](../images/cat.png) [next](02_next.ipynb)", "title"),
            code('SEED = 1  # of the draw', "parameters", "parameters"),
            text("> **Predict, then run.** What is 6 * 7?", "predict"),
            code("6 * 7", "product", "varies"),
            text("In the run shown here it is 42.\n\n## Your turn\n\n" + TO_TEACHERS
                 + "\n\n### Exercise 1\n\nWhat is 6 * 8?", "turn"),
            text("#### Solution", "solution-heading", "solution"),
            code("answer = 48", "solution-1", "solution", answers=["answer"]),
            code("check.number(answer)", "check-1", "check"),
            text("That is more.\n\n## Clean up", "cleanup-text"),
            code("billing = []", "cleanup"),
            text("## For the tests", "record-heading", "record"),
            code("record = {}", "record", "record"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )  # fmt: skip


@pytest.fixture
def edition() -> Edition:
    return edition_of(lesson(), name="01_lesson.ipynb")


def sources(notebook: nbformat.NotebookNode) -> dict[str, str]:
    return {cell.id: cell.source for cell in notebook.cells}


def test_nothing_has_been_run(edition: Edition) -> None:
    for cell in code_cells(edition.lesson) + code_cells(edition.solutions):
        assert cell.outputs == [] and cell.execution_count is None
    assert "42" not in nbformat.writes(edition.lesson).replace("it is 42", "")


def test_a_guess_can_be_written_and_what_happens_is_folded(edition: Edition) -> None:
    ids = [cell.id for cell in edition.lesson.cells]
    place = ids.index("predict")
    assert ids[place : place + 4] == ["predict", "predict-guess", "product", "turn"]
    assert sources(edition.lesson)["predict-guess"] == GUESS
    folded, rest = sources(edition.lesson)["turn"].split("</details>")
    assert folded.startswith("<details>\n<summary>") and "In our run it is 42." in folded
    assert rest.strip().startswith("## Your turn")


def test_an_exercise_has_a_place_for_code_and_a_check(edition: Edition) -> None:
    shown = sources(edition.lesson)
    assert shown["solution-1"] == "# Your code here\nanswer = None"
    assert shown["check-1"] == "check.number(answer)"
    assert "answer = 48" not in nbformat.writes(edition.lesson)
    assert "Try before you open [the solutions](solutions/01_lesson.ipynb)" in shown["turn"]
    assert TO_TEACHERS not in shown["turn"]


def test_solutions_have_what_was_said_about_them(edition: Edition) -> None:
    assert sources(edition.solutions) == {
        "preface": sources(edition.solutions)["preface"],
        "turn-exercise": "## Exercise 1\n\nWhat is 6 * 8?",
        "solution-1": "answer = 48",
        "cleanup-text": "That is more.",
    }
    assert "A title" in sources(edition.solutions)["preface"]
    assert sources(edition.lesson)["cleanup-text"] == "## Clean up"


def test_links_lead_from_one_folder_deeper(edition: Edition) -> None:
    title = sources(edition.lesson)["title"]
    assert "(../../images/cat.png)" in title and "(02_next.ipynb)" in title
    assert "(../01_lesson.ipynb)" in title


def test_only_papermills_tag_is_left(edition: Edition) -> None:
    marked = {cell.id: tags(cell) for cell in edition.lesson.cells if tags(cell)}
    assert marked == {"parameters": {"parameters"}}
    assert not [name for name in sources(edition.lesson) if name.startswith("record")]
    assert not [text for text in sources(edition.lesson).values() if "Solution" in text]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda cells: cells.pop(7), "1 solutions, 0 checks"),
        (lambda cells: cells[4].update(source="## Your turn"), "lacks the paragraph"),
        (lambda cells: cells[6].metadata.pop("answers"), "does not name its answers"),
    ],
)
def test_a_source_that_lacks_something(spoil: Any, words: str) -> None:
    notebook = lesson()
    spoil(notebook.cells)
    with pytest.raises(ValueError, match=words):
        edition_of(notebook, name="01_lesson.ipynb")


def test_writing_and_checking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student_edition, "SOURCE", tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()
    source = tmp_path / "notebooks" / "01_lesson.ipynb"
    nbformat.write(lesson(), source)
    assert main(["--check"]) == 1
    assert main([]) == 0 and main(["--check"]) == 0
    other = lesson()
    other.cells[0].source = "# Another title"
    nbformat.write(other, source)
    assert [path.name for path in stale()] == ["01_lesson.ipynb"] * 2
    source.rename(source.with_name("02_lesson.ipynb"))
    assert main([]) == 0 and main(["--check"]) == 0
    folder = tmp_path / "notebooks" / "student"
    assert {path.name for path in folder.glob("**/*.ipynb")} == {"02_lesson.ipynb"}


def test_the_committed_edition_is_up_to_date() -> None:
    assert stale() == [], "write it anew: python -m teaching.student_edition"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_is_given_away(path: Path) -> None:
    student = read(STUDENTS / path.name)
    whole = nbformat.writes(student)
    for cell in code_cells(read(path)):
        if "solution" in tags(cell):
            ast.parse(next(each.source for each in student.cells if each.id == cell.id))
            assert cell.source not in whole
    for before, after in zip(student.cells, student.cells[1:], strict=False):
        if "> **Predict" in before.source:
            assert after.source == GUESS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_links_lead_somewhere(path: Path) -> None:
    for name in (STUDENTS / path.name, STUDENTS / "solutions" / path.name):
        for cell in read(name).cells:
            if cell.cell_type == "markdown":
                for target in re.findall(r"\]\(([^)#\s]+)", cell.source):
                    if "://" not in target:
                        assert (name.parent / target).exists(), target
