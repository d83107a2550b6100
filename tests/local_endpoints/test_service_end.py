"""The service as a process of its own: how it ends, and what is back when it starts again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from local_endpoints.client import ensure_running, find_running, stop_running
from tests.fakes import spec_body
from tests.patience import WAIT_SECONDS, eventually
from tests.processes import (
    Process,
    Start,
    found,
    posix_only,
    wait_for_state,
    wait_until_gone,
)


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_cleanly(start: Start, state_dir: Path, number: signal.Signals) -> None:
    process = start()
    process.url()
    info = found(state_dir)
    info.call("POST", "/v2/endpoint/local-user", spec_body(scaling={"minReplica": 1}))
    wait_for_state(info, "running")
    (container,) = psutil.Process(process.pid).children()
    process.popen.send_signal(number)
    code, _, errors = process.result()
    assert code == (0 if number == signal.SIGINT else -number)
    assert "Traceback" not in errors
    assert not (state_dir / "service.json").exists()
    wait_until_gone(container)
    with closing(sqlite3.connect(state_dir / "state.sqlite3")) as state:
        kept = state.execute("SELECT json_extract(record, '$.state') FROM endpoints").fetchall()
    assert kept == [("paused",)]
    assert not (state_dir / "state.sqlite3-wal").exists(), "it is whole in one file"


@posix_only
def test_a_closed_terminal_ends_it_cleanly(state_dir: Path) -> None:
    program, terminal = in_a_terminal("-m", "local_endpoints", "serve", "--state-dir", state_dir)
    assert eventually(lambda: find_running(state_dir) is not None)
    os.close(terminal)
    assert program.wait(WAIT_SECONDS) == -signal.SIGHUP
    assert not (state_dir / "service.json").exists()
    assert not (state_dir / "state.sqlite3-wal").exists()


@posix_only
def test_a_closed_terminal_leaves_a_notebooks_service_alone(state_dir: Path) -> None:
    """It has its own way of noticing that nobody uses it any more."""
    program, terminal = in_a_terminal(
        "-c",
        "import os, sys; from pathlib import Path; from local_endpoints import ensure_running; "
        "ensure_running(Path(sys.argv[1]), owner=os.getpid(), minute=3600); input()",
        state_dir,
    )
    assert eventually(lambda: find_running(state_dir) is not None)
    os.close(terminal)
    assert program.wait(WAIT_SECONDS) != 0
    assert found(state_dir).status()["endpoints"] == []


@posix_only
def test_nohup_is_heeded(start: Start, state_dir: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = start()
    finally:
        signal.signal(signal.SIGHUP, before)
    process.url()
    process.popen.send_signal(signal.SIGHUP)
    assert found(state_dir).status()["endpoints"] == []


def in_a_terminal(*arguments: str | Path) -> tuple[subprocess.Popen[bytes], int]:
    """A program of Python in a terminal of its own, and that terminal, to be closed."""
    import fcntl
    import termios

    terminal, side = os.openpty()
    program = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        stdin=side, stdout=side, stderr=side, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(side)
    return program, terminal


def test_after_stop_everything_is_back_but_paused(start: Start, state_dir: Path) -> None:
    first = start("--minute", "0.01")
    url = first.url()
    info = found(state_dir)
    info.call("POST", "/v2/endpoint/local-user", spec_body(scaling={"minReplica": 1}))
    wait_for_state(info, "running")
    (container,) = psutil.Process(first.pid).children()
    endpoint_url = info.call("GET", "/v2/endpoint/local-user/an-endpoint")["status"]["url"]
    assert stop_running(state_dir)
    assert first.result()[0] == 0
    wait_until_gone(container)
    assert not (state_dir / "service.json").exists()

    second = start()
    assert second.url() == url
    again = found(state_dir)
    (endpoint,) = again.status()["endpoints"]
    assert endpoint["state"] == "paused"
    assert endpoint["cost"] > 0
    again.call("POST", "/v2/endpoint/local-user/an-endpoint/resume")
    wait_for_state(again, "running")
    status = again.call("GET", "/v2/endpoint/local-user/an-endpoint")["status"]
    assert status["url"] == endpoint_url


def test_after_a_kill_no_container_is_left_and_the_endpoints_are_back(
    start: Start, state_dir: Path
) -> None:
    first = start()
    first.url()
    info = found(state_dir)
    body = spec_body(scaling={"minReplica": 2, "maxReplica": 2})
    info.call("POST", "/v2/endpoint/local-user", body)
    wait_for_state(info, "running")
    containers = psutil.Process(first.pid).children(recursive=True)
    assert len(containers) == 2
    first.popen.kill()
    first.popen.wait()
    wait_until_gone(*containers)
    assert (state_dir / "service.json").exists(), "nobody could remove it"
    assert find_running(state_dir) is None

    again = ensure_running(state_dir)
    assert again.pid != info.pid
    (endpoint,) = again.status()["endpoints"]
    assert (endpoint["name"], endpoint["state"]) == ("an-endpoint", "paused")


def test_it_ends_some_time_after_its_last_owner(start: Start, state_dir: Path) -> None:
    owner = Process("-c", "input()")
    service = start("--minute", "0.01", "--owner", str(owner.pid))
    service.url()
    owner.kill()
    assert service.result()[0] == 0
    assert find_running(state_dir) is None


def test_a_service_outlives_the_process_that_started_it(state_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from local_endpoints import ensure_running; "
        "ensure_running(Path(sys.argv[1]))"
    )
    assert Process("-c", program, str(state_dir)).result()[0] == 0
    assert found(state_dir).status()["endpoints"] == []
