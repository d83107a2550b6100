"""Start the service as a process, and leave none behind."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from local_endpoints.client import ServiceInfo, find_running
from tests.patience import WAIT_SECONDS

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and modes of POSIX")

FIRST_LINE = "Local Inference Endpoints at "


class Process:
    """``python -m local_endpoints …``, or any other program of a test.

    Args:
        arguments: what follows ``python``.
    """

    def __init__(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        self.pid = self.popen.pid

    def line(self) -> str:
        """The next line on standard output; empty when the process ended instead."""
        assert self.popen.stdout is not None
        alarm = threading.Timer(WAIT_SECONDS, self.popen.kill)
        alarm.start()
        try:
            return self.popen.stdout.readline().rstrip("\n")
        finally:
            alarm.cancel()

    def url(self) -> str:
        """The address in the first line."""
        line = self.line()
        assert line.startswith(FIRST_LINE), (line, self.result())
        return line.removeprefix(FIRST_LINE)

    def result(self) -> tuple[int, str, str]:
        """Exit code, standard output and standard error at the end of the process."""
        try:
            output, errors = self.popen.communicate(timeout=WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return self.popen.returncode, output, errors

    def kill(self) -> None:
        """Kill it with everything it has started."""
        family: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error):
            family = psutil.Process(self.pid).children(recursive=True)
        self.popen.kill()
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.popen.communicate()


Start = Callable[..., Process]
"""Starts a service; see the fixture."""


def service(state_dir: Path, *arguments: str) -> Process:
    """``python -m local_endpoints serve`` for the folder."""
    return Process("-m", "local_endpoints", "serve", "--state-dir", str(state_dir), *arguments)


def children(argument: str) -> list[psutil.Process]:
    """The running children of this process that were started with the argument."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if argument in child.cmdline():
                found.append(child)
    return found


def wait_until_gone(*processes: psutil.Process) -> None:
    """Wait, within limits, for the end of processes that are not this one's children."""
    _, alive = psutil.wait_procs(processes, timeout=WAIT_SECONDS)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def found(state_dir: Path) -> ServiceInfo:
    info = find_running(state_dir)
    assert info is not None
    return info


def wait_for_state(info: ServiceInfo, state: str) -> dict[str, Any]:
    """Look at the one endpoint until it is in that state; every look waits for an answer."""
    for _ in range(30_000):
        (endpoint,) = info.status()["endpoints"]
        if endpoint["state"] == state:
            return dict(endpoint)
    raise AssertionError(f"never {state}: {endpoint}")
