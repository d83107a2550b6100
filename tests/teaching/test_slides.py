"""Slides of a notebook: what is shown, what is only said, and what stays away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from teaching.slides import MOST_LINES, OUTPUT_ONLY, page_of, slides_of
from tests.notebooks import NOTEBOOKS, code_cells, read, tags

TEXT = """## 1. A section

*6 min · two-hour path*

First paragraph.

More to say.

![A drawing of it](../images/states.svg)

| a | b |
|---|---|
| 1 | 2 |

> **Predict, then run.** What comes?"""


def shown(*cells: NotebookNode) -> list[tuple[str, str]]:
    slides = slides_of(new_notebook(cells=list(cells)))
    return [(cell.metadata.slideshow.slide_type, cell.source) for cell in slides.cells]


def test_text_becomes_slides_and_notes() -> None:
    assert shown(new_markdown_cell(TEXT)) == [
        ("slide", "## 1. A section\n\nFirst paragraph."),
        ("subslide", "![A drawing of it](images/states.svg)"),
        ("subslide", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("notes", "More to say."),
        ("subslide", "> **Predict, then run.** What comes?"),
    ]


def test_long_code_and_its_output_are_two_slides() -> None:
    code = new_code_cell("\n".join(["pass"] * (MOST_LINES - 2)))
    code.outputs = [new_output("stream", text="1\n2\n")]
    assert [place for place, _ in shown(code)] == ["subslide"]
    code.outputs = [new_output("stream", text="1\n2\n3\n")]
    first, second = slides_of(new_notebook(cells=[code])).cells
    assert not first.outputs and second.outputs and OUTPUT_ONLY in tags(second)
    assert first.id != second.id


def test_solutions_and_the_tests_record_stay_away() -> None:
    found = shown(
        new_markdown_cell("### Exercise 1: try\n\nDo it."),
        new_markdown_cell("#### Solution"),
        new_code_cell("solved = 1"),
        new_markdown_cell("## For the tests"),
        new_code_cell("record = {}"),
        new_markdown_cell("## Next\n\nMore."),
    )
    assert found == [("subslide", "### Exercise 1: try\n\nDo it.")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_solution_is_on_a_slide_and_every_drawing_is(path: Path) -> None:
    notebook, slides = read(path), slides_of(read(path))
    hidden = {cell.source for cell in code_cells(notebook) if {"solution", "check"} & tags(cell)}
    assert hidden and not hidden & {cell.source for cell in slides.cells}
    page = page_of(path)
    drawings = {
        found
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for found in re.findall(r"!\[(.{20}).*?\]\(", cell.source)
    }
    for start in drawings:
        assert re.search(f"""alt=["']{re.escape(start)}""", page), start
    assert not re.search(r'<img[^>]*src="(?!data:)', page), "a picture is not in the page"
