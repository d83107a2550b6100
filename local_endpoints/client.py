"""Find, start and stop the service of a state directory, from another process.

Only the standard library, ``platformdirs`` and, to start a service, ``filelock`` and ``psutil``
are imported here: notebooks import this module.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_endpoints.environment import without_tokens
from local_endpoints.errors import ServiceError
from local_endpoints.peer import Peer
from local_endpoints.state_dir import (
    SERVICE_FILE,
    SERVICE_LOCK,
    SERVICE_LOG,
    check_state_dir,
    default_state_dir,
    make_state_dir,
    unusable,
)

START_LOCK = "start.lock"
MAX_LOG_BYTES = 1_000_000
START_SECONDS = 30.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.05
ADDRESS = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}")


@dataclass(frozen=True)
class ServiceInfo(Peer):
    """A running service of a state directory.

    Attributes:
        url: its address, ``http://127.0.0.1:PORT``.
        pid: its process id.
        token: the local user's access token; never print it.
        state_dir: folder of its files.
    """

    url: str
    pid: int
    token: str = field(repr=False)
    state_dir: Path


def find_running(state_dir: Path | None = None) -> ServiceInfo | None:
    """The service of the state directory, if one answers.

    Raises:
        ServiceError: the folder is open to others; see ``check_state_dir``.
    """
    state_dir = (state_dir or default_state_dir()).absolute()
    check_state_dir(state_dir)
    info = _announced(state_dir)
    if info is None:
        return None
    try:
        info.prove()
    except ServiceError:
        return None
    return info


def is_held(state_dir: Path) -> bool:
    """Whether some process is the service of the state directory, though it may be too busy to
    answer, or still starting, or about to end."""
    from filelock import FileLock, Timeout  # not needed where a service answers

    path = state_dir / SERVICE_LOCK
    if not path.exists():
        return False
    try:
        with FileLock(path, mode=0o600, blocking=False):
            return False
    except Timeout:
        return True
    except OSError as error:
        raise unusable(state_dir, error) from None


def ensure_running(
    state_dir: Path | None = None, *, owner: int | None = None, minute: float | None = None
) -> ServiceInfo:
    """The service of the state directory, started if none answers.

    Args:
        state_dir: default ``default_state_dir()``.
        owner: a process that uses the service, usually ``os.getpid()``. A service started here
            ends itself some time after the last such process is gone.
        minute: seconds of a local minute, for a service that has to be started.

    Raises:
        ServiceError: the folder cannot be used, or the service did not come up; the message has
            the end of its log.
    """
    state_dir = (state_dir or default_state_dir()).absolute()
    info = find_running(state_dir)
    if info is None:
        make_state_dir(state_dir)
        try:
            info = _find_or_start(state_dir, owner=owner, minute=minute)
        except OSError as error:
            raise unusable(state_dir, error) from None
    if owner is not None:
        info.call("POST", "/_local/owners", {"pid": owner})
    return info


def stop_running(state_dir: Path | None = None) -> bool:
    """Stop the service of the state directory and return when its process is gone.

    Returns:
        Whether there was one.

    Raises:
        ServiceError: it does not answer, or is still there after 20 seconds.
    """
    state_dir = (state_dir or default_state_dir()).absolute()
    info = find_running(state_dir)
    if info is None:
        if is_held(state_dir):
            raise mute(state_dir)
        return False
    with contextlib.suppress(ServiceError):
        info.call("POST", "/_local/stop")
    deadline = time.monotonic() + STOP_SECONDS
    while _process_runs(info.pid):
        if time.monotonic() > deadline:
            raise ServiceError(
                f"the local service (process {info.pid}) did not stop within {STOP_SECONDS:.0f} s; "
                f"see {info.state_dir / SERVICE_LOG}"
            )
        time.sleep(POLL_SECONDS)
    return True


def mute(state_dir: Path) -> ServiceError:
    """What to say, and to do, about a service that is there and does not answer."""
    info = _announced(state_dir)
    process = f"process {info.pid}" if info else "a process that starts or ends"
    return ServiceError(
        f"the service of {state_dir} runs ({process}), but does not answer: it is busy, or of "
        "another version. Wait and try again, or end the process"
    )


def _announced(state_dir: Path) -> ServiceInfo | None:
    """What the service wrote about itself, or one that could not take it back."""
    try:
        data = json.loads((state_dir / SERVICE_FILE).read_text(encoding="utf-8"))
        url, pid, token = data["url"], data["pid"], data["token"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not (isinstance(url, str) and isinstance(pid, int) and isinstance(token, str)):
        return None
    return ServiceInfo(url, pid, token, state_dir) if ADDRESS.fullmatch(url) else None


def _find_or_start(state_dir: Path, *, owner: int | None, minute: float | None) -> ServiceInfo:
    """One process at a time starts a service: where thirty need one, it is started once."""
    from filelock import FileLock, Timeout

    lock = FileLock(state_dir / START_LOCK, mode=0o600, blocking=False)
    deadline = time.monotonic() + 2 * START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(Timeout), lock:
            return find_running(state_dir) or _start(state_dir, owner=owner, minute=minute)
        info = find_running(state_dir)
        if info is not None:
            return info
        time.sleep(POLL_SECONDS)
    raise ServiceError(
        f"others have been trying to start the local service for {2 * START_SECONDS:.0f} s; "
        f"see {state_dir / SERVICE_LOG}"
    )


def _start(state_dir: Path, *, owner: int | None, minute: float | None) -> ServiceInfo:
    command = [sys.executable, "-m", "local_endpoints", "serve", "--state-dir", str(state_dir)]
    if owner is not None:
        command += ["--owner", str(owner)]
    if minute is not None:
        command += ["--minute", str(minute)]
    log_path = state_dir / SERVICE_LOG
    # Not there, or in use by a service that is about to end.
    with contextlib.suppress(OSError):
        if log_path.stat().st_size > MAX_LOG_BYTES:
            os.replace(log_path, log_path.with_suffix(".1.log"))
    descriptor = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as log:
        # A full disk is noticed here: the service could not write down why it ended.
        log.write(f"{shlex.join(command)}\n".encode())
        log.flush()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # The state directory outlives the caller's folder, which a test may remove.
            cwd=state_dir,
            env=without_tokens(state_dir),
            **_detached(),
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        info = find_running(state_dir)
        if info is not None:
            if not _is_started_by(info.pid, process):
                # Another process was faster. Ours must not take its place when that one stops.
                process.kill()
                process.wait()
            return info
        if process.poll() not in (None, 0):
            break
        time.sleep(POLL_SECONDS)
    process.kill()
    process.wait()
    if is_held(state_dir):
        raise mute(state_dir)
    tail = "\n".join(log_path.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
    raise ServiceError(f"the local service did not start. The end of {log_path}:\n{tail}")


def _is_started_by(pid: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether the process is ours, or its child: on Windows the interpreter of a virtual
    environment starts another one."""
    import psutil  # not needed by the many who only look for a service

    try:
        return process.pid in (pid, psutil.Process(pid).ppid())
    except psutil.Error:
        return False


def _process_runs(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _detached() -> dict[str, Any]:
    """A kernel's interrupt must not reach the service, nor its end take the service along."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
        return {"creationflags": flags}
    return {"start_new_session": True}
