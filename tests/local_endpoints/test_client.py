from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from local_endpoints import client, peer
from local_endpoints.client import (
    ServiceInfo,
    ensure_running,
    find_running,
    is_held,
    stop_running,
)
from local_endpoints.errors import ServiceError
from local_endpoints.owners import LINGER_MINUTES
from local_endpoints.proof import digest_of, proof_by
from local_endpoints.state_dir import STATE_DIR_VARIABLE, default_state_dir
from tests.fakes import Service
from tests.impostor import (
    Manners,
    drip,
    flood,
    friendly,
    hang_up,
    http_answer,
    impostor,
    relay,
    sly,
)
from tests.processes import children

LOOPBACK = ("127.0.0.1", 0)


@pytest.fixture
def announced(service: Service) -> Service:
    """The service in this process, found by its state directory."""
    announce(service.folder, url=service.url, pid=os.getpid(), token=service.token)
    return service


def announce(folder: Path, **description: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "service.json").write_text(json.dumps(description))


@pytest.fixture
def stranger() -> Iterator[int]:
    """A port where somebody answers who does not speak HTTP."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"220 ready\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def replace_service(state_dir: Path, program: str) -> None:
    """Another program for ``python -m local_endpoints``, which starts in its state directory."""
    package = state_dir / "local_endpoints"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(program)


def test_a_running_service_is_found(announced: Service) -> None:
    info = find_running(announced.folder)
    assert info == ServiceInfo(announced.url, os.getpid(), announced.token, announced.folder)
    assert ensure_running(announced.folder) == info


def test_the_folder_comes_from_the_environment(
    announced: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(announced.folder))
    assert default_state_dir() == announced.folder
    info = find_running()
    assert info is not None
    assert info.url == announced.url
    monkeypatch.delenv(STATE_DIR_VARIABLE)
    assert default_state_dir().name == "local-endpoints"


def test_a_configured_proxy_does_not_matter(
    announced: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert find_running(announced.folder) is not None


def test_the_token_is_not_in_the_representation(announced: Service) -> None:
    assert announced.token not in repr(find_running(announced.folder))


def test_an_owner_is_announced(announced: Service) -> None:
    ensure_running(announced.folder, owner=os.getpid())
    assert not announced.owners.gone_for_good()
    announced.clock.advance(minutes=LINGER_MINUTES)
    assert not announced.owners.gone_for_good()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"url": 1, "pid": 1, "token": "x"}',
        '{"url": "no url", "pid": 1, "token": "x"}',
        '{"url": "http://127.0.0.1:9", "pid": 1, "token": "x"}',
        '{"url": "http://127.0.0.1:9", "pid": 1, "token": null}',
        '{"url": "http://127.0.0.1:0", "pid": 1, "token": "x"}',
        '{"url": "http://127.0.0.1:70000", "pid": 1, "token": "x"}',
        '{"url": "http://127.0.0.1:-1", "pid": 1, "token": "x"}',
        '{"url": "http://127.0.0.1:9", "pid": "1", "token": "x"}',
    ],
)
def test_a_stale_or_broken_description_is_no_service(tmp_path: Path, content: str) -> None:
    (tmp_path / "service.json").write_text(content)
    assert find_running(tmp_path) is None
    assert stop_running(tmp_path) is False


def test_somebody_else_on_the_port_is_no_service(tmp_path: Path, stranger: int) -> None:
    announce(tmp_path, url=f"http://127.0.0.1:{stranger}", pid=1, token="x")
    assert find_running(tmp_path) is None


def test_a_service_with_another_token_is_not_ours(announced: Service) -> None:
    announce(announced.folder, url=announced.url, pid=1, token="local_other")
    assert find_running(announced.folder) is None


@pytest.mark.parametrize("manners", [friendly, sly, hang_up, drip, flood])
def test_nobody_else_gets_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manners: Manners
) -> None:
    monkeypatch.setattr(peer.Peer, "patience", 0.3)
    with impostor(manners) as somebody:
        announce(tmp_path, url=somebody.url, pid=1, token="local_secret")
        assert find_running(tmp_path) is None
        assert stop_running(tmp_path) is False
        info = ServiceInfo(somebody.url, 1, "local_secret", tmp_path)
        with pytest.raises(ServiceError, match="does not answer"):
            info.status()
        assert somebody.connections == 3
        assert b"local_secret" not in somebody.heard
        assert b"Bearer" not in somebody.heard


def test_a_service_elsewhere_does_not_answer_for_an_impostor(service: Service) -> None:
    """Its address is part of what it says."""
    with impostor(relay(service.server.port)) as somebody:
        announce(service.folder, url=somebody.url, pid=1, token=service.token)
        assert find_running(service.folder) is None
        assert b"nonce" in somebody.heard
        assert service.token.encode() not in somebody.heard


def test_what_was_proved_on_one_connection_holds_for_no_other(service: Service) -> None:
    """The service may end, and its port be taken, between the proof and the request."""

    def end_after_the_proof(connection: socket.socket, request: bytes) -> bytes:
        nonce = request.partition(b"nonce=")[2].partition(b" ")[0].decode()
        proof = proof_by(digest_of(service.token), url=somebody.url, nonce=nonce)
        return http_answer(proof, "Connection: close")

    with impostor(end_after_the_proof) as somebody:
        info = ServiceInfo(somebody.url, 1, service.token, service.folder)
        info.prove()
        with pytest.raises(ServiceError, match="does not answer"):
            info.status()
        assert service.token.encode() not in somebody.heard


@pytest.mark.parametrize(
    "url", ["http://example.com:80", "http://127.0.0.1", "https://127.0.0.1:1"]
)
def test_a_service_is_at_a_port_of_this_computer(tmp_path: Path, url: str) -> None:
    announce(tmp_path, url=url, pid=1, token="local_secret")
    assert find_running(tmp_path) is None


def test_one_of_many_starts_the_service(
    announced: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others wait for it, and do not burden the computer with starts of their own."""
    (announced.folder / "service.json").rename(announced.folder / "kept.json")
    program = "import os; os.rename('kept.json', 'service.json')"
    replace_service(announced.folder, program)
    starts: list[object] = []
    popen = subprocess.Popen

    def count(*arguments: Any, **options: Any) -> Any:
        starts.append(arguments)
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", count)
    with ThreadPoolExecutor(30) as pool:
        found = list(pool.map(lambda _: ensure_running(announced.folder), range(30)))
    assert {info.url for info in found} == {announced.url}
    assert len(starts) == 1


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a service that is there and does not answer."""
    monkeypatch.setattr(peer.Peer, "patience", 0.1)
    monkeypatch.setattr(client, "START_SECONDS", 0.3)
    with FileLock(tmp_path / "service.lock", mode=0o600), socket.create_server(LOOPBACK) as mute:
        port = mute.getsockname()[1]
        announce(tmp_path, url=f"http://127.0.0.1:{port}", pid=4711, token="local_secret")
        yield tmp_path


def test_busy_is_not_the_same_as_gone(busy: Path) -> None:
    assert find_running(busy) is None
    assert is_held(busy)
    said = "process 4711.*does not answer: it is busy"
    with pytest.raises(ServiceError, match=said):
        stop_running(busy)
    with pytest.raises(ServiceError, match=said):
        ensure_running(busy)


def test_nobody_holds_an_abandoned_folder(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with FileLock(tmp_path / "service.lock"):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)
    assert not is_held(tmp_path / "missing")


def test_nothing_there(tmp_path: Path) -> None:
    assert find_running(tmp_path / "missing") is None
    assert stop_running(tmp_path / "missing") is False
    assert not (tmp_path / "missing").exists()


def test_refusals_are_passed_on(announced: Service) -> None:
    info = find_running(announced.folder)
    assert info is not None
    with pytest.raises(ServiceError, match="pid must be a process id"):
        info.call("POST", "/_local/owners", {"pid": "x"})
    with pytest.raises(ServiceError, match="missing not found"):
        info.call("GET", "/v2/endpoint/local-user/missing")


def test_a_service_that_does_not_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    replace_service(tmp_path, "raise SystemExit('no more ports')")
    with pytest.raises(ServiceError, match="no more ports"):
        ensure_running(tmp_path)


def test_a_service_that_hangs_at_the_start_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_service(tmp_path, "import threading; threading.Event().wait()")
    monkeypatch.setattr(client, "START_SECONDS", 0.2)
    with pytest.raises(ServiceError, match="did not start"):
        ensure_running(tmp_path)


def test_whoever_comes_second_leaves_no_process_in_waiting(
    announced: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It would become the service when the first one stops, without anybody knowing.
    replace_service(announced.folder, "import threading; threading.Event().wait()")
    find, found_at_first = client.find_running, iter([None])
    monkeypatch.setattr(client, "find_running", lambda folder: next(found_at_first, find(folder)))
    info = ensure_running(announced.folder)
    assert info.url == announced.url
    assert children(str(announced.folder)) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServiceError, match=STATE_DIR_VARIABLE):
        ensure_running(tmp_path / "file")


def test_stop_waits_for_the_end_of_the_process(service: Service) -> None:
    ended = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    announce(service.folder, url=service.url, pid=ended.pid, token=service.token)
    answers: list[bool] = []
    stopping = threading.Thread(target=lambda: answers.append(stop_running(service.folder)))
    stopping.start()
    assert service.stopped.wait(20)
    assert stopping.is_alive()
    ended.communicate()
    stopping.join(20)
    assert answers == [True]


def test_a_service_that_does_not_stop(announced: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "STOP_SECONDS", 0.1)
    with pytest.raises(ServiceError, match="did not stop"):
        stop_running(announced.folder)
