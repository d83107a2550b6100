"""Find, start and stop the service of a state directory, from another process.

Only the standard library and ``platformdirs`` are imported here: notebooks import this module.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

STATE_DIR_VARIABLE = "LOCAL_ENDPOINTS_STATE_DIR"
SERVICE_FILE = "service.json"
SERVICE_LOG = "service.log"
MAX_LOG_BYTES = 1_000_000
START_SECONDS = 30.0
STOP_SECONDS = 20.0
ANSWER_SECONDS = 5.0
POLL_SECONDS = 0.05


class ServiceError(RuntimeError):
    """The local service could not be started, reached or stopped. The message says what to do."""


@dataclass(frozen=True)
class ServiceInfo:
    """A running service.

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

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a request to a route of the service and return its JSON answer.

        Raises:
            ServiceError: the service does not answer, or refuses.
        """
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        # A proxy that is configured for the outside world must not see loopback traffic.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=ANSWER_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ServiceError(f"{method} {path}: {error.read().decode()}") from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            message = f"the local service at {self.url} does not answer: {error}"
            raise ServiceError(message) from None

    def status(self) -> dict[str, Any]:
        """What runs and what it costs; see ``GET /_local/status``."""
        status: dict[str, Any] = self.call("GET", "/_local/status")
        return status


def default_state_dir() -> Path:
    """``$LOCAL_ENDPOINTS_STATE_DIR``, or a folder for this user's program state."""
    chosen = os.environ.get(STATE_DIR_VARIABLE)
    return Path(chosen) if chosen else user_state_path("local-endpoints", appauthor=False)


def make_state_dir(state_dir: Path) -> None:
    """Make the folder, for its owner only, if it is missing.

    Raises:
        ServiceError: it cannot be made.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise unusable(state_dir, error) from None


def unusable(state_dir: Path, error: OSError) -> ServiceError:
    """What to say when the folder, or a file in it, cannot be written."""
    return ServiceError(
        f"{state_dir} cannot be used as state directory ({error.strerror}). Make it writable, with "
        f"some free space, or choose another folder with --state-dir or {STATE_DIR_VARIABLE}"
    )


def find_running(state_dir: Path | None = None) -> ServiceInfo | None:
    """The service of the state directory, if one answers."""
    state_dir = (state_dir or default_state_dir()).absolute()
    try:
        data = json.loads((state_dir / SERVICE_FILE).read_text(encoding="utf-8"))
        info = ServiceInfo(data["url"], data["pid"], data["token"], state_dir)
        info.status()
    except (OSError, ValueError, KeyError, TypeError, ServiceError):
        return None
    return info


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
        ServiceError: it did not come up; the message has the end of its log.
    """
    state_dir = (state_dir or default_state_dir()).absolute()
    info = find_running(state_dir)
    if info is None:
        info = _start(state_dir, owner=owner, minute=minute)
    if owner is not None:
        info.call("POST", "/_local/owners", {"pid": owner})
    return info


def stop_running(state_dir: Path | None = None) -> bool:
    """Stop the service of the state directory and return when its process is gone.

    Returns:
        Whether there was one.

    Raises:
        ServiceError: it is still there after 20 seconds.
    """
    info = find_running(state_dir)
    if info is None:
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


def _start(state_dir: Path, *, owner: int | None, minute: float | None) -> ServiceInfo:
    make_state_dir(state_dir)
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
    try:
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
                **_detached(),
            )
    except OSError as error:
        raise unusable(state_dir, error) from None
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
