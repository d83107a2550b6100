"""What is folded in the notebooks stays folded in JupyterLab when all cells are run."""

from __future__ import annotations

from nbformat.v4 import new_code_cell, new_markdown_cell
from selenium import webdriver

from tests.browser.lab import Lab, OpenNotebook
from tests.notebooks import FOLDED
from tests.patience import eventually


def test_a_folded_heading_survives_run_all(browser: webdriver.Chrome, lab: Lab) -> None:
    notebook = OpenNotebook(
        browser,
        lab,
        "folding",
        new_markdown_cell("# A lesson\n\n### Exercise 1"),
        new_markdown_cell("#### Solution", metadata={FOLDED: True}),
        new_code_cell("answer = 6 * 7; print('answer', answer)"),
        new_markdown_cell("### Exercise 2"),
        new_code_cell("print('it was run:', answer + 1)"),
        new_markdown_cell("## For the tests", metadata={FOLDED: True}),
        new_code_cell("print('record', answer)"),
        # The last cell is the active one afterwards, and JupyterLab unfolds what that is in.
        new_markdown_cell("## Next"),
    )
    notebook.run_all()
    notebook.wait_for("it was run: 43")
    assert eventually(lambda: "Next" in notebook.shown())
    shown = notebook.shown()
    assert "Solution" in shown and "For the tests" in shown
    assert "6 * 7" not in shown and "answer 42" not in shown and "record" not in shown
