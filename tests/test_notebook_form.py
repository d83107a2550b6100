"""The rules that every committed notebook keeps, checked without running it."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from teaching.minutes import minutes_of
from tests.notebooks import FOLDED, NOTEBOOKS, code_cells, read, tags, text_output

README = Path(__file__).parents[1] / "README.md"
PARAMETERS = [
    *("BACKEND", "NAMESPACE", "MODEL_ID", "ENDPOINT_NAME", "VENDOR", "REGION", "ACCELERATOR"),
    *("INSTANCE_TYPE", "INSTANCE_SIZE", "PROMPT", "SEED", "MAX_SPEND_USD"),
]
OWN_PARAMETERS = {
    "01_llm_gemma": ["ENGINE"],
    "03_vision_idefics2": ["PICTURE"],
    "04_the_real_service": ["PROVIDER_USD", "REPLICA_SPEED", "HOURS_A_DAY"],
}
"""What a notebook has besides."""
MAX_LINES = 20
MAX_WIDTH = 100
MAX_NOTEBOOK_BYTES = 2_000_000
MIN_DRAWINGS = 3
MIN_DESCRIPTION = 40
"""Characters: a name is no description."""

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


def test_prices_are_no_formulas(path: Path) -> None:
    """Between two dollar signs of one text JupyterLab and GitHub set what is there as a formula."""
    texts: list[str] = []
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            texts += re.split(r"\n\s*\n", re.sub(r"(`+).*?\1", "", cell.source, flags=re.DOTALL))
        for output in cell.get("outputs", ()):
            texts += re.split(r"<[^>]*>", output.get("data", {}).get("text/html", ""))
    assert not [text for text in texts if text.count("$") > 1]


def test_pictures_exist_and_are_described(path: Path) -> None:
    for description, target in _pictures(path):
        assert len(description) >= MIN_DESCRIPTION
        assert (path.parent / target).is_file(), target


def test_it_shows_what_it_says(path: Path) -> None:
    plots = [
        line.removeprefix("plot: ")
        for cell in code_cells(read(path))
        for line in text_output(cell).splitlines()
        if line.startswith("plot: ")
    ]
    assert all(len(about) >= MIN_DESCRIPTION for about in plots)
    drawings = [target for _, target in _pictures(path) if target.endswith(".svg")]
    assert len(drawings) + len(plots) >= MIN_DRAWINGS


def _pictures(path: Path) -> list[tuple[str, str]]:
    """Description and target of each picture in the text."""
    texts = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    return re.findall(r"!\[(.*?)\]\((.*?)\)", "\n".join(texts))


def test_headings_go_down_one_step_at_a_time(path: Path) -> None:
    texts = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    levels = [len(each) for each in re.findall(r"^(#+) ", "\n".join(texts), re.M)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_minutes_add_up_and_are_near_the_estimate(path: Path) -> None:
    told = minutes_of(read(path))
    for part in told.parts:
        if not part.is_exercise:
            assert abs(part.minutes - part.estimate) <= max(2, part.estimate / 3), part
    (row,) = re.findall(rf"^\| \[.*notebooks/{path.name}\).*$", README.read_text("utf-8"), re.M)
    assert row.endswith(f"| {told.reading} + {told.exercising} |")


def test_it_ends_with_the_proof_that_nothing_bills(path: Path) -> None:
    *_, cleanup, last = code_cells(read(path))
    assert "still_billing(" in cleanup.source and ".pause()" in cleanup.source
    assert text_output(cleanup).rstrip().endswith("still billing: []")
    assert "record" in tags(last)


def test_solutions_and_the_record_are_folded(path: Path) -> None:
    cells = read(path).cells
    last = cells[-1]
    assert last.source.startswith("## Next"), "the last cell becomes the active one, unfolded"
    under: str | None = None
    for cell in cells:
        if heading := re.match(r"#+ .*", cell.source) if cell.cell_type == "markdown" else None:
            under = heading[0] if cell.metadata.get(FOLDED) else None
        elif cell.cell_type == "markdown":
            # JupyterLab reads a cell's first heading: one inside would be folded, too.
            assert not under or not re.search(r"^#+ ", cell.source, re.M), cell.source
        elif "record" in tags(cell):
            assert under == "## For the tests"
        else:
            assert (under == "#### Solution") == bool(tags(cell) & {"solution", "check"}), cell.id
            assert "solution" not in tags(cell) or cell.outputs


def test_readme_lists_it(path: Path) -> None:
    assert f"notebooks/{path.name}" in README.read_text(encoding="utf-8")
