"""Read and run the course's notebooks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill

FOLDED = "jp-MarkdownHeadingCollapsed"
"""JupyterLab's mark on a heading whose cells are folded away, also after *Run All*. (The marks on a
code cell do not last: it shows its output whenever it is run.)"""
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
assert NOTEBOOKS, "the tests of notebooks would test none"


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook in format 4."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells that have code in them."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def tags(cell: nbformat.NotebookNode) -> set[str]:
    """The cell's tags."""
    return set(cell.metadata.get("tags", ()))


def text_output(cell: nbformat.NotebookNode) -> str:
    """Everything that the cell printed or showed, as plain text."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif "data" in output:
            parts.append(output.data.get("text/plain", "") + "\n")
    return "".join(parts)


def run(path: Path, output: Path, **parameters: Any) -> nbformat.NotebookNode:
    """Run a notebook with papermill.

    Raises:
        PapermillExecutionError: a cell failed.
    """
    papermill.execute_notebook(
        path, output, parameters=parameters, progress_bar=False, log_output=False
    )
    return read(output)


def run_by_nbmake(path: Path, output: Path) -> nbformat.NotebookNode:
    """Run a notebook as ``pytest --nbmake`` does, in a process of its own."""
    shutil.copy(path, output)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "--nbmake", "--overwrite", output.name],
        cwd=output.parent,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return read(output)


def record(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """The values that the notebook's last code cell recorded."""
    last = code_cells(notebook)[-1]
    assert "record" in tags(last)
    values: dict[str, Any] = json.loads(text_output(last))
    return values


def require_other_hardware(done: nbformat.NotebookNode, hardware: str, price: float) -> None:
    """It took that hardware in place of what is not offered, and said its price when it ran."""
    said = "\n".join(text_output(cell) for cell in code_cells(done))
    assert "this combination is not offered: taking" in said
    assert f"hardware: {hardware}, ${price:.2f} per hour" in said
    assert said.count(f"costs ${price:.2f} per hour") == 1
