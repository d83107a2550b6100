"""Every test process gets a local service of its own, and leaves none behind; several of them run
side by side.

This file stands above ``notebooks/`` because nbmake's notebooks know no fixtures: what reaches
their kernels is the environment set here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from local_endpoints import stop_running
from local_endpoints.state_dir import STATE_DIR_VARIABLE

STATE_DIR = pytest.StashKey[Path]()

# Solutions continue the kernel of their notebook and are not to be run by themselves; a learner's
# copies are unfinished.
collect_ignore_glob = ["notebooks/student/solutions/*", "notebooks/mine/*"]


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run in parallel unless told otherwise. A learner's installation has no pytest-xdist, and
    ``pytest --nbmake notebooks`` works there all the same: one after the other."""
    is_worker = hasattr(config, "workerinput")
    if not config.pluginmanager.has_plugin("xdist") or is_worker:
        return
    option = config.option
    if option.numprocesses is None and option.dist == "no" and not option.tx:
        option.numprocesses, option.dist = "auto", "worksteal"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """A worker waits for other processes half of the time, so two cores have enough for four."""
    if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS"):
        return None
    cores = os.cpu_count() or 1
    return max(cores, min(2 * cores, 4))


def pytest_configure(config: pytest.Config) -> None:
    state_dir = Path(tempfile.mkdtemp(prefix="local-endpoints-tests-"))
    config.stash[STATE_DIR] = state_dir
    os.environ[STATE_DIR_VARIABLE] = str(state_dir)


def pytest_unconfigure(config: pytest.Config) -> None:
    state_dir = config.stash[STATE_DIR]
    stop_running(state_dir)
    shutil.rmtree(state_dir, ignore_errors=True)
