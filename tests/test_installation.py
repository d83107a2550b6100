"""What somebody installs: enough for the lessons, and enough to test them without the tools."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.notebooks import NOTEBOOKS, code_cells, read
from tests.patience import WAIT_SECONDS

ROOT = Path(__file__).parents[1]
OWN = {"helpers", "local_endpoints"}

WHERE = """
import os

def test_where() -> None:
    assert ("PYTEST_XDIST_WORKER" in os.environ) is {parallel}
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the course with one short notebook in it."""
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    cell = nbformat.v4.new_code_cell("import helpers")
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "short.ipynb"
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])), encoding="utf-8")
    return tmp_path


def run_pytest(clone: Path, *arguments: str) -> str:
    """What pytest prints, in the folder and without anything of the run around it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=clone,
        env=env | {"PYTEST_XDIST_AUTO_NUM_WORKERS": "1"},
        capture_output=True,
        text=True,
        timeout=3 * WAIT_SECONDS,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_notebooks_are_tested_without_xdist(clone: Path) -> None:
    assert "1 passed" in run_pytest(clone, "-p", "no:xdist", "--nbmake", "notebooks")


@pytest.mark.parametrize(
    ("arguments", "parallel"),
    [
        ((), True),
        (("-n", "1"), True),
        (("-n0",), False),
        (("--pdb",), False),
        (("-p", "no:xdist"), False),
    ],
)
def test_tests_run_in_parallel_unless_told_otherwise(
    clone: Path, arguments: tuple[str, ...], parallel: bool
) -> None:
    pytest.importorskip("xdist")
    (clone / "test_where.py").write_text(WHERE.format(parallel=parallel))
    assert "1 passed" in run_pytest(clone, "test_where.py", *arguments)


def imports(source: str) -> set[str]:
    """Top-level names of the modules that the program imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_the_extra_has_everything_that_the_lessons_import() -> None:
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    course = [*project["dependencies"], *project["optional-dependencies"]["course"]]
    declared = {canonical(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in course}
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "helpers").rglob("*.py")]
    for path in NOTEBOOKS:
        cells = [cell.source for cell in code_cells(read(path))]
        sources += [re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE) for source in cells]
    needed = set().union(*map(imports, sources)) - OWN - set(sys.stdlib_module_names)
    assert {"requests", "transformers"} <= needed
    distributions = packages_distributions()
    for module in sorted(needed):
        assert declared & set(map(canonical, distributions[module])), module


def canonical(name: str) -> str:
    """A distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_requirements_are_the_extra() -> None:
    """pip reads "." relative to where it is started; everything else has to work anywhere."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-e .[course]"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert '[course]"' in readme, "README says how to install from another folder"


@pytest.mark.parametrize("python", ["3.10.4", "3.11.9", "3.12.8", "3.13.1", "3.14.0"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_fixed_versions_satisfy_the_requirements(python: str, system: str) -> None:
    """constraints.txt is written after a green run; requirements may have moved on since."""
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    here = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    here |= {"sys_platform": system, "extra": ""}
    fixed: dict[str, Version] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        pin = Requirement(line)
        (specifier,) = pin.specifier
        assert specifier.operator == "==" and not pin.url, line
        if pin.marker is None or pin.marker.evaluate(here):
            assert canonical(pin.name) not in fixed, line
            fixed[canonical(pin.name)] = Version(specifier.version)
    for line in [*project["dependencies"], *extras["course"], *extras["dev"]]:
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate(here):
            assert fixed[canonical(wanted.name)] in wanted.specifier, line


def test_the_workflow_tests_what_readme_promises() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text())
    job = workflow["jobs"]["tests"]
    pythons = job["strategy"]["matrix"]["python"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (first, last) = re.findall(r"You need Python (\S+) to (\d\.\d+)", readme)[0]
    assert [pythons[0], pythons[-1]] == [first, last]
    # The launcher `py` may take another Python than the one that was set up.
    assert not [step for step in job["steps"] if re.search(r"\bpy -", step.get("run", ""))]


def test_binder_installs_the_course_with_the_fixed_versions() -> None:
    """pip reads `-c` from the file's own folder, and `.` from where it is started: the clone."""
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    constraint, course = [line for line in lines if not line.startswith("#")]
    assert course in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert (ROOT / "binder" / constraint.removeprefix("-c ")).samefile(ROOT / "constraints.txt")
    if os.name == "posix":
        assert os.access(ROOT / "binder" / "postBuild", os.X_OK)
