"""A Chromium without a window, driven by its own driver."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from selenium import webdriver

from tests.patience import WAIT_SECONDS

DRIVER = "chromedriver"
REQUIRED = "COURSE_NEEDS_A_BROWSER"
"""Set where a missing browser is a failure, as in .ci/run."""
WIDE, NARROW = 1280, 700
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def require_browser() -> None:
    """Skip the test where there is none; let it fail where one must be."""
    if shutil.which(DRIVER) is None:
        reason = f"there is no {DRIVER} in PATH (Debian: apt-get install chromium chromium-driver)"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)


@contextmanager
def chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """A browser that reaches nothing but this computer.

    Args:
        profile: an empty folder for all that it writes.
    """
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new",
        f"--user-data-dir={profile}",
        "--no-first-run",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--disable-dev-shm-usage",  # containers have 64 MB there
    ):
        options.add_argument(argument)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # root has no other way
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which(DRIVER)))
    driver.set_script_timeout(WAIT_SECONDS)
    try:
        yield driver
    finally:
        driver.quit()


def prefer(driver: webdriver.Chrome, scheme: Scheme) -> None:
    """Let pages know that the person likes them light or dark."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def resize(driver: webdriver.Chrome, width: int, height: int = 900) -> None:
    """Make the page, not the window around it, that large."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
