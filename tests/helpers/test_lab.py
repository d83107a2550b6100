"""The command that opens JupyterLab: what it prepares, and what it hands on."""

from __future__ import annotations

from pathlib import Path

import pytest
from jupyter_core.application import JupyterApp
from nbconvert import HTMLExporter, SlidesExporter
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.copies import MINE, STUDENT
from helpers.lab import EXPORT, command, is_of_the_course
from tests.helpers.test_copies import write


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("01_first.ipynb", "02_second.ipynb"):
        write(tmp_path / STUDENT / name, "pass")
    return tmp_path


def test_the_first_lesson_opens(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = command([], root=clone)
    assert options and "--LabApp.default_url=/lab/tree/notebooks/mine/01_first.ipynb" in options
    assert (clone / MINE / "02_second.ipynb").exists()
    assert "notebooks/mine" in capsys.readouterr().out.replace("\\", "/")


def test_another_lesson_and_options_of_jupyterlab(clone: Path) -> None:
    options = command(["2", "--no-browser", "--port", "8899"], root=clone)
    assert options and options[-3:] == ["--no-browser", "--port", "8899"]
    assert "--LabApp.default_url=/lab/tree/notebooks/mine/02_second.ipynb" in options


def test_a_port_is_no_lesson(clone: Path) -> None:
    options = command(["--no-browser", "--port", "8899"], root=clone)
    assert options and options[-3:] == ["--no-browser", "--port", "8899"]
    assert "--LabApp.default_url=/lab/tree/notebooks/mine/01_first.ipynb" in options


def test_links_of_what_is_exported_have_their_line(clone: Path) -> None:
    options = command([], root=clone)
    assert options and set(EXPORT) <= set(options)
    jupyterlab = JupyterApp()
    jupyterlab.parse_command_line(list(EXPORT))
    lesson = new_notebook(cells=[new_markdown_cell("[A link](https://example.org)")])
    page, _ = HTMLExporter(config=jupyterlab.config).from_notebook_node(lesson)
    assert "a:is(:link, :visited) { text-decoration: underline; }" in page
    slides, _ = SlidesExporter(config=jupyterlab.config).from_notebook_node(lesson)
    assert "Reveal.initialize" in slides


def test_another_editor_gets_copies_only(clone: Path) -> None:
    assert command(["--only-copy"], root=clone) is None
    assert (clone / MINE / "01_first.ipynb").exists()


def test_a_lesson_that_there_is_not(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command(["7"], root=clone)
    assert "there is no lesson 7" in capsys.readouterr().err


def test_work_of_an_older_edition_is_named(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(["--only-copy"], root=clone)
    write(clone / MINE / "01_first.ipynb", "mine = 1")
    capsys.readouterr()
    command(["--only-copy"], root=clone)
    said = capsys.readouterr().out
    assert "01_first.ipynb" in said and "Rename it" in said and "02_second" not in said


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("notebooks/01_llm_gemma.ipynb", True),
        ("/notebooks/student/solutions/01_llm_gemma.ipynb", True),
        ("notebooks/mine/01_llm_gemma.ipynb", False),
        ("notebooks/mine/solutions/01_llm_gemma.ipynb", False),
        ("Untitled.ipynb", False),
        ("notebooks", False),
        ("notebooks/mine", False),
        ("README.md", False),
    ],
)
def test_what_is_of_the_course(path: str, expected: bool) -> None:
    assert is_of_the_course(path) is expected
