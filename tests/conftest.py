"""Fixtures that all tests share, and a wall: no test may reach out of this computer."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.repositories import REPOSITORIES, Repository
from tests.dealing import dealt
from tests.fakes import ServerThread, Service, make_repositories

LONG = {"test_notebooks.py", "test_notebook_trials.py", "test_reliability.py", "test_sdxl.py"}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}
_reached_out: list[str] = []


def _is_local(host: object) -> bool:
    name = host.decode("latin-1") if isinstance(host, bytes) else str(host or "")
    if name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _watch_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in LOOKUPS:
        host: object = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_local(host):
        _reached_out.append(f"{event} {host!r}")
        raise OSError(f"a test tried to reach {host!r}")


sys.addaudithook(_watch_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots",
        metavar="FOLDER",
        help="where tests/browser puts pictures of the pages that it sees; none by default",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    together = [item for item in items if item.path.parent.name == "browser"]
    long = [item for item in items if item.path.name in LONG]
    short = [item for item in items if item not in {*together, *long}]
    workers: int = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    items[:] = dealt(short, long, together, workers=workers)


@pytest.fixture(autouse=True)
def _stay_on_this_computer() -> Iterator[None]:
    _reached_out.clear()
    yield
    assert not _reached_out


@pytest.fixture
def clock() -> ManualClock:
    """A clock whose minutes have sixty seconds."""
    return ManualClock()


@pytest.fixture(scope="session")
def _repositories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Repository]:
    return make_repositories(tmp_path_factory.mktemp("repositories"))


@pytest.fixture
def repositories(
    _repositories: dict[str, Repository], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Repository]:
    """Two small repositories in place of the installed ones."""
    for name in list(REPOSITORIES):
        monkeypatch.delitem(REPOSITORIES, name)
    for name, repository in _repositories.items():
        monkeypatch.setitem(REPOSITORIES, name, repository)
    return _repositories


@pytest.fixture(scope="session")
def _service_server() -> Iterator[ServerThread]:
    server = ServerThread().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def container_server() -> Iterator[ServerThread]:
    """Where a test puts the application that plays the container."""
    server = ServerThread().start()
    yield server
    server.stop()


@pytest.fixture
def service(
    _service_server: ServerThread, repositories: dict[str, Repository], tmp_path: Path
) -> Iterator[Service]:
    """The whole service in this process, over HTTP, with fake replicas."""
    service = Service(_service_server, tmp_path).start()
    yield service
    service.stop()
