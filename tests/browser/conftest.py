"""One browser and one JupyterLab for all tests that look at pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from local_endpoints import stop_running
from tests.browser.chromium import chromium, require_browser
from tests.browser.lab import Lab, jupyter_lab


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser without a window."""
    require_browser()
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
