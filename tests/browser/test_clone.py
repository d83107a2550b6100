"""A clone in which a learner has worked: git has nothing to say, and neither has the terminal."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from selenium import webdriver

from helpers.lab import command
from tests.browser.lab import RUN_ALL, Lab, jupyter_lab
from tests.helpers.test_copies import write
from tests.patience import eventually

ROOT = Path(__file__).parents[2]
LESSON = "notebooks/01_first.ipynb"
STUDENT = "notebooks/student/01_first.ipynb"
MINE = "notebooks/mine/01_first.ipynb"
OPENED = """
for (const panel of window.jupyterapp?.shell.widgets("main") ?? []) {
    if (panel.context?.path !== arguments[0]) continue;
    jupyterapp.shell.activateById(panel.id);
    return panel.sessionContext.session?.kernel?.status === "idle"
        && Boolean(panel.model.getMetadata("language_info")?.version);
}
"""
SAVE_ALL = """
const done = arguments[arguments.length - 1];
jupyterapp.commands.execute("docmanager:save-all").then(() => done(null), e => done(String(e)));
"""


def git(clone: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *arguments]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A small repository with a lesson in its two editions and this one's .gitignore."""
    clone = tmp_path / "clone"
    write(clone / LESSON, "1 + 1")
    write(clone / STUDENT, "1 + 1")
    shutil.copy(ROOT / ".gitignore", clone)
    git(clone, "init", "-q")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "A lesson")
    return clone


def work_on(browser: webdriver.Chrome, lab: Lab, path: str) -> None:
    """Open a notebook, run it, and press save."""
    browser.get(f"{lab.url}lab/tree/{path}?reset&token={lab.token}")
    assert eventually(lambda: browser.execute_script(OPENED, path) is True)
    assert browser.execute_async_script(SAVE_ALL) is None
    assert browser.execute_async_script(RUN_ALL) is None
    assert browser.execute_async_script(SAVE_ALL) is None


def test_opening_running_and_saving_changes_no_file_of_the_repository(
    browser: webdriver.Chrome, clone: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    options = [each for each in command([], root=clone) or () if "root" not in each]
    with jupyter_lab(home, folder=clone, options=options) as lab:
        work_on(browser, lab, MINE)
        assert '"text/plain"' in (clone / MINE).read_text(encoding="utf-8"), "work is saved"
        work_on(browser, lab, LESSON)
        assert "notebook is read-only" in browser.page_source
        assert git(clone, "status", "--porcelain") == ""
        said = lab.log.read_text(encoding="utf-8")
    assert re.search(r"http://127\.0\.0\.1:\d+/lab/tree/notebooks/mine/01_first", said)
    assert not re.search(r"^\[[IWE] |WARNING|Error", said, re.MULTILINE), said
