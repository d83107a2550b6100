"""The service as a process of its own: how it starts, is found and is kept private."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import stat
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from filelock import FileLock

from local_endpoints import peer
from local_endpoints.__main__ import main
from local_endpoints.access import ACCOUNTS_FILE, Accounts
from local_endpoints.access.token import Grant
from local_endpoints.client import ensure_running, stop_running
from local_endpoints.state_dir import make_state_dir
from tests.fakes import spec_body
from tests.patience import WAIT_SECONDS, eventually
from tests.processes import (
    FIRST_LINE,
    Process,
    Start,
    found,
    posix_only,
    wait_for_state,
    wait_until_gone,
)


def test_the_first_line_tells_an_address_that_answers_at_once(start: Start) -> None:
    url = start().url()
    assert url.startswith("http://127.0.0.1:")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{url}/v2/provider", timeout=20) as answer:
        assert answer.status == 200


@posix_only
def test_what_it_writes_is_private(start: Start, state_dir: Path) -> None:
    process = start()
    url = process.url()
    description = json.loads((state_dir / "service.json").read_text())
    assert description == {"url": url, "pid": process.pid, "token": found(state_dir).token}
    assert stat.S_IMODE(state_dir.stat().st_mode) == 0o700
    for path in state_dir.iterdir():
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


@pytest.mark.skipif(sys.platform != "linux", reason="the whole of 127.0.0.0/8 is ours on Linux")
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "0.0.0.0"])
def test_a_shared_one_listens_where_it_is_told(start: Start, state_dir: Path, host: str) -> None:
    process = start("--shared", "--host", host, "--url", "https://class.example.org/endpoints")
    url = process.url()
    assert found(state_dir).url == url, "the operator's commands come by the loopback address"
    assert found(state_dir).status()["url"] == "https://class.example.org/endpoints"
    place = ("127.0.0.1" if host == "0.0.0.0" else host, int(url.rpartition(":")[2]))
    with socket.create_connection(place, timeout=WAIT_SECONDS) as one:
        one.sendall(b"GET /endpoints/v2/provider HTTP/1.1\r\nHost: class.example.org\r\n\r\n")
        assert one.recv(12) == b"HTTP/1.1 200"
    assert process.line().startswith("Shared, for clients at https://class.example.org/endpoints.")


def test_the_token_is_never_printed(start: Start, state_dir: Path) -> None:
    process = start()
    process.url()
    token = found(state_dir).token
    stop_running(state_dir)
    _, output, errors = process.result()
    assert token not in output + errors


def test_a_second_service_for_the_same_folder_names_the_first(
    start: Start, state_dir: Path
) -> None:
    first = start()
    url = first.url()
    second = start()
    code, output, errors = second.result()
    assert (code, errors) == (0, "")
    assert output.splitlines()[0] == FIRST_LINE + url
    assert str(first.pid) in output
    assert found(state_dir).pid == first.pid


def test_started_at_the_same_moment_there_is_one(start: Start, state_dir: Path) -> None:
    processes = [start() for _ in range(4)]
    assert len({process.url() for process in processes}) == 1
    winner = found(state_dir).pid
    for process in processes:
        if process.pid != winner:
            assert process.result()[0] == 0
    assert psutil.pid_exists(winner)


def test_two_folders_are_two_services(start: Start, tmp_path: Path) -> None:
    urls = {start(state_dir=tmp_path / name).url() for name in ("one", "two")}
    assert len(urls) == 2


def test_a_taken_port_is_a_clear_error(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output, errors = start("--port", str(port)).result()
    assert (code, output) == (1, "")
    assert f"port {port}" in errors
    assert "--port 0" in errors
    assert len(errors.splitlines()) == 1


def test_services_of_two_folders_cannot_share_a_port(start: Start, tmp_path: Path) -> None:
    port = start(state_dir=tmp_path / "one").url().rpartition(":")[2]
    code, _, errors = start("--port", port, state_dir=tmp_path / "two").result()
    assert code == 1
    assert f"port {port}" in errors


def test_a_port_may_be_chosen(start: Start) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert start("--port", str(port)).url() == f"http://127.0.0.1:{port}"


def test_the_state_folder_cannot_be_a_file(start: Start, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    code, output, errors = start().result()
    assert (code, output) == (1, "")
    assert "--state-dir" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("end", [stop_running, None], ids=["stop", "kill"])
def test_the_services_token_is_new_after_every_start_and_those_made_by_hand_hold(
    start: Start, state_dir: Path, end: Callable[[Path], object] | None
) -> None:
    first = start()
    url = first.url()
    old = found(state_dir)
    made = Accounts(state_dir / ACCOUNTS_FILE).add({"anna": Grant("laptop")})["anna"]
    if end is None:
        first.kill()
    else:
        end(state_dir)
    assert start().url() == url
    assert found(state_dir).token != old.token
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def who(token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(f"{url}/api/whoami-v2", headers=headers)
        with opener.open(request, timeout=20) as answer:
            return json.load(answer)

    with pytest.raises(urllib.error.HTTPError, match="401"):
        who(old.token)
    assert who(made)["name"] == "anna"


@pytest.mark.parametrize("port", [70000, -1])
def test_an_impossible_port_in_the_state_file(start: Start, state_dir: Path, port: int) -> None:
    start().url()
    info = found(state_dir)
    info.call("POST", "/v2/endpoint/local-user", spec_body())
    stop_running(state_dir)
    with closing(sqlite3.connect(state_dir / "state.sqlite3")) as state, state:
        state.execute("UPDATE service SET port = ?", (port,))
    again = start()
    again.url()
    assert [each["name"] for each in found(state_dir).status()["endpoints"]] == ["an-endpoint"]


@posix_only
def test_a_busy_service_is_not_taken_for_none(
    start: Start, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "ANSWER_SECONDS", 0.2)
    process = start()
    process.url()
    process.popen.send_signal(signal.SIGSTOP)
    assert main(["status", "--state-dir", str(state_dir)]) == 3
    process.popen.send_signal(signal.SIGCONT)
    assert eventually(lambda: main(["status", "--state-dir", str(state_dir)]) == 0)


def test_one_that_starts_while_another_ends_takes_over(start: Start, state_dir: Path) -> None:
    make_state_dir(state_dir)
    with socket.create_server(("127.0.0.1", 0)) as ending:
        url = f"http://127.0.0.1:{ending.getsockname()[1]}"
        description = json.dumps({"url": url, "pid": os.getpid(), "token": "local_secret"})
        (state_dir / "service.json").write_text(description)
        with FileLock(state_dir / "service.lock"):
            process = start()
            ending.settimeout(WAIT_SECONDS)
            ending.accept()[0].close()  # it looks whether the other one still answers
    assert process.url() != url
    assert found(state_dir).pid == process.pid


TOKEN = "hf_" + "x" * 34


@pytest.mark.parametrize("by", ["hand", "client"])
def test_no_real_token_is_handed_on(
    start: Start, state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    (tmp_path / "token").write_text(TOKEN)
    for name, value in {
        "HF_TOKEN": TOKEN,
        "HUGGING_FACE_HUB_TOKEN": "any other form",
        "MY_HEADER": f"Authorization: Bearer {TOKEN}",
        "HF_TOKEN_PATH": str(tmp_path / "token"),
        "HF_HOME": str(tmp_path),
        "JUPYTERHUB_API_TOKEN": "of a service, or of a user's server",
        "OTHER": "kept",
    }.items():
        monkeypatch.setenv(name, value)
    if by == "hand":
        start().url()
    else:
        ensure_running(state_dir, owner=os.getpid())
    info = found(state_dir)
    info.call("POST", "/v2/endpoint/local-user", spec_body(scaling={"minReplica": 1}))
    wait_for_state(info, "running")
    service = psutil.Process(info.pid)
    handed_on = service.children() if by == "hand" else [service, *service.children()]
    assert handed_on
    for process in handed_on:
        environment = process.environ()
        assert environment["OTHER"] == "kept"
        assert environment["HF_HOME"] == str(state_dir / "hf-home")
        for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "MY_HEADER", "HF_TOKEN_PATH"):
            assert name not in environment
        assert "JUPYTERHUB_API_TOKEN" not in environment
        assert TOKEN not in " ".join(environment.values())


@pytest.mark.parametrize("name", ["state.json", "state.sqlite3"])
def test_an_unreadable_state_file_is_kept_aside(start: Start, state_dir: Path, name: str) -> None:
    make_state_dir(state_dir)
    (state_dir / name).write_text("{half")
    process = start()
    process.url()
    aside = name.replace(".", ".unreadable.")
    assert (state_dir / aside).read_text() == "{half"
    assert found(state_dir).status()["endpoints"] == []
    stop_running(state_dir)
    assert aside in process.result()[2]


def test_a_killed_container_is_replaced(start: Start, state_dir: Path) -> None:
    first = start("--minute", "60")
    first.url()
    info = found(state_dir)
    info.call("POST", "/v2/endpoint/local-user", spec_body())
    wait_for_state(info, "running")
    (container,) = psutil.Process(first.pid).children()
    container.kill()
    wait_until_gone(container)
    path = "/v2/endpoint/local-user/an-endpoint/replica"

    def replaced() -> bool:
        live = [item for item in info.call("GET", path)["items"] if item["status"]["live"]]
        return bool(live) and psutil.Process(first.pid).children() != [container]

    assert eventually(replaced)


def test_ensure_running_in_several_processes_at_once(state_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from local_endpoints import ensure_running; "
        "info = ensure_running(Path(sys.argv[1])); print(info.url, info.pid)"
    )
    processes = [Process("-c", program, str(state_dir)) for _ in range(3)]
    results = [process.result() for process in processes]
    assert {code for code, _, _ in results} == {0}, results
    assert len({output for _, output, _ in results}) == 1
