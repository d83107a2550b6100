"""The service as a process, on a disk that takes nothing: while it starts, runs and ends."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from local_endpoints.client import ServiceInfo, ensure_running, find_running
from local_endpoints.errors import ServiceError
from tests.fakes import spec_body
from tests.patience import eventually
from tests.processes import Process, service, wait_until_gone

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the limit of another process is a Linux matter"
)

# No file may have a byte: like a full disk, but for one process and its children.
LIMIT = """
import resource, runpy, sys
from pathlib import Path
from local_endpoints import ensure_running

_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
"""
UNDER_A_LIMIT = (
    LIMIT
    + """
sys.argv = ["local_endpoints", *sys.argv[1:]]
runpy.run_module("local_endpoints", run_name="__main__", alter_sys=True)
"""
)
PATH = "/v2/endpoint/local-user"

Start = Callable[[], Process]


class Disk:
    """What a running service may write."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        _, self._most = self._process.rlimit(psutil.RLIMIT_FSIZE)

    def fill(self) -> None:
        self._process.rlimit(psutil.RLIMIT_FSIZE, (0, self._most))

    def free(self) -> None:
        self._process.rlimit(psutil.RLIMIT_FSIZE, (self._most, self._most))


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def start(state_dir: Path) -> Iterator[Start]:
    processes: list[Process] = []

    def start() -> Process:
        process = service(state_dir)
        processes.append(process)
        process.url()
        return process

    yield start
    for process in processes:
        process.kill()


def found(state_dir: Path) -> ServiceInfo:
    info = find_running(state_dir)
    assert info is not None
    return info


def the_endpoint(info: ServiceInfo) -> dict[str, Any]:
    (endpoint,) = info.status()["endpoints"]
    return dict(endpoint)


def running(info: ServiceInfo) -> None:
    assert eventually(lambda: the_endpoint(info)["state"] == "running")


def test_starting_says_it_in_one_sentence(state_dir: Path) -> None:
    process = Process("-c", UNDER_A_LIMIT, "serve", "--state-dir", str(state_dir))
    code, output, errors = process.result()
    assert (code, output) == (1, "")
    assert len(errors.splitlines()) == 1
    assert f"{state_dir} cannot be used as state directory" in errors
    assert "free space" in errors and "--state-dir" in errors
    assert find_running(state_dir) is None


def test_starting_from_a_program_says_it_too(state_dir: Path) -> None:
    process = Process("-c", f"{LIMIT}ensure_running(Path(sys.argv[1]))", str(state_dir))
    code, _, errors = process.result()
    assert code == 1
    said = errors.splitlines()[-1]
    assert f"ServiceError: {state_dir} cannot be used as state directory (File too large)" in said
    assert "free space" in said and "--state-dir" in said


def test_the_services_own_log_does_not_grow_for_ever(state_dir: Path) -> None:
    state_dir.mkdir(mode=0o700)
    (state_dir / "service.log").write_text("x" * 1_000_001)
    (state_dir / "logs").write_text("a file where a folder is needed")
    for _ in range(2):
        with pytest.raises(ServiceError, match=r"(?s)did not start.*File exists.*--state-dir"):
            ensure_running(state_dir)
    assert (state_dir / "service.1.log").stat().st_size == 1_000_001
    assert (state_dir / "service.log").read_text().count("File exists") == 2


def test_a_full_disk_takes_nothing_but_log_lines(start: Start, state_dir: Path) -> None:
    process = start()
    info, disk = found(state_dir), Disk(process.pid)
    info.call("POST", PATH, spec_body(scaling={"minReplica": 1}))
    running(info)
    (container,) = psutil.Process(process.pid).children()

    disk.fill()
    for method, path, body in [
        ("POST", f"{PATH}/an-endpoint/pause", None),
        ("PUT", f"{PATH}/an-endpoint", {"tags": ["new"]}),
        ("DELETE", f"{PATH}/an-endpoint", None),
        ("POST", PATH, spec_body("another-one")),
    ]:
        with pytest.raises(ServiceError, match=r"nothing was changed.*disk I/O error"):
            info.call(method, path, body)
    assert the_endpoint(info)["state"] == "running"
    assert psutil.Process(process.pid).children() == [container]
    container.kill()
    wait_until_gone(container)
    path = f"{PATH}/an-endpoint/replica"
    live = {"stage": "running", "live": True}
    assert eventually(
        lambda: (
            psutil.Process(process.pid).children() != [container]
            and [item["status"] for item in info.call("GET", path)["items"]] == [live]
        )
    )

    disk.free()
    info.call("POST", f"{PATH}/an-endpoint/pause")
    cost = the_endpoint(info)["cost"]
    process.popen.kill()
    process.popen.wait()
    start()
    again = the_endpoint(found(state_dir))
    assert (again["state"], again["cost"]) == ("paused", cost)


def test_it_ends_properly_on_a_full_disk(start: Start, state_dir: Path) -> None:
    process = start()
    info = found(state_dir)
    info.call("POST", PATH, spec_body())
    running(info)
    containers = psutil.Process(process.pid).children()
    Disk(process.pid).fill()
    process.popen.send_signal(signal.SIGTERM)
    _, _, errors = process.result()
    assert "Traceback" not in errors
    assert "cannot be written" in errors
    wait_until_gone(*containers)
    start()
    assert the_endpoint(found(state_dir))["state"] == "paused"
