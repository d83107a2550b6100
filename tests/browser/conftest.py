"""One browser and one JupyterLab for the tests of a module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from local_endpoints import stop_running
from tests.browser.chromium import chromium, why_not
from tests.browser.lab import Lab, jupyter_lab

REQUIRED = "COURSE_NEEDS_A_BROWSER"
"""Set where a missing browser is a failure, as in .ci/run."""


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser without a window."""
    if missing := why_not():
        if os.environ.get(REQUIRED):
            pytest.fail(missing)
        pytest.skip(missing)
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab, and in the end no service of its kernels."""
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab
        # Before the kernels go: it would begin to end with them.
        stop_running(lab.state_dir)


@pytest.fixture(scope="session")
def screenshots(pytestconfig: pytest.Config) -> Path | None:
    """Where pictures of the pages go, if anybody wants some."""
    folder: str | None = pytestconfig.getoption("--screenshots")
    return Path(folder) if folder else None
