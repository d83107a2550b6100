"""The rules that every committed notebook keeps, checked without running it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.notebooks import NOTEBOOKS, code_cells, read, tags, text_output

ROOT = Path(__file__).parents[1]
PARAMETERS = [
    *("BACKEND", "NAMESPACE", "MODEL_ID", "ENDPOINT_NAME", "VENDOR", "REGION", "ACCELERATOR"),
    *("INSTANCE_TYPE", "INSTANCE_SIZE", "PROMPT", "SEED", "MAX_SPEND_USD"),
]
OWN_PARAMETERS = {
    "01_llm_gemma": ["ENGINE"],
    "03_vision_idefics2": ["PICTURE"],
    "04_the_real_service": ["USD_PER_MILLION_TOKENS", "TOKENS_PER_SECOND", "HOURS_A_DAY"],
}
"""What a notebook has besides."""
MAX_LINES = 20
MAX_WIDTH = 100
MAX_NOTEBOOK_BYTES = 2_000_000

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_one_title_then_objectives_that_key_points_answer(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert len(re.findall(r"^# ", text, re.M)) == 1
    assert read(path).cells[0].source.startswith("# ")

    def items(heading: str) -> int:
        section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
        return len(re.findall(r"^\d+\. ", section, re.M))

    assert items("What you will do") == items("Key points") > 0


def test_parameters_are_commented_literals(path: Path) -> None:
    (cell,) = [cell for cell in read(path).cells if "parameters" in tags(cell)]
    assignments = [node for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)]
    names = [node.targets[0].id for node in assignments if isinstance(node.targets[0], ast.Name)]
    assert names == PARAMETERS + OWN_PARAMETERS.get(path.stem, [])
    for node in assignments:
        ast.literal_eval(node.value)
    assert all("  # " in line for line in cell.source.splitlines())
    assert not any("token" in name.lower() for name in names)


def test_committed_outputs_come_from_one_clean_run(path: Path) -> None:
    cells = code_cells(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [out for cell in cells for out in cell.outputs if out.output_type == "error"]
    assert "widgets" not in read(path).metadata
    # Without its kernel a widget is an error message; what stands beside it is shown instead.
    shown = [kind for cell in cells for out in cell.outputs for kind in out.get("data", {})]
    assert not [kind for kind in shown if "widget" in kind]
    assert not [cell for cell in cells if "execution" in cell.metadata]
    assert path.stat().st_size < MAX_NOTEBOOK_BYTES


def test_cells_are_short(path: Path) -> None:
    for cell in code_cells(read(path)):
        assert len(cell.source.splitlines()) <= MAX_LINES, cell.source


def test_lines_fit_the_page(path: Path) -> None:
    for cell in code_cells(read(path)):
        for line in cell.source.splitlines():
            # A parameter is one literal on one line, however long the prompt is.
            assert len(line) <= MAX_WIDTH or line.startswith("PROMPT = "), line


def test_nothing_private_is_in_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for what, pattern in {
        "a token": r"hf_[A-Za-z0-9]{20,}|local_[A-Za-z0-9_-]{20,}",
        "a home or temporary folder": r"/(?:home|Users|root|tmp|work)/",
        "an endpoint's address": r"127\.0\.0\.1:\d",
    }.items():
        found = re.search(pattern, text)
        assert not found, f"{path.name} holds {what}: {found and found[0][:12]}"


def test_pictures_exist_and_are_described(path: Path) -> None:
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            for description, target in re.findall(r"!\[(.*?)\]\((.*?)\)", cell.source):
                assert len(description) > 20
                assert (path.parent / target).is_file(), target


def test_it_ends_with_the_proof_that_nothing_bills(path: Path) -> None:
    *_, cleanup, last = code_cells(read(path))
    assert "still_billing(" in cleanup.source and ".pause()" in cleanup.source
    assert text_output(cleanup).rstrip().endswith("still billing: []")
    assert "record" in tags(last)


def test_solutions_are_folded(path: Path) -> None:
    solutions = [cell for cell in code_cells(read(path)) if "solution" in tags(cell)]
    assert solutions
    for cell in solutions:
        assert cell.metadata.jupyter.source_hidden and cell.outputs


def test_readme_lists_it(path: Path) -> None:
    assert f"notebooks/{path.name}" in (ROOT / "README.md").read_text(encoding="utf-8")
