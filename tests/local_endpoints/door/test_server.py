"""How many are let in, who has to make room, and what happens at the end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local_endpoints.client import find_running, stop_running
from local_endpoints.door.limits import Limits
from tests.local_endpoints.door.conftest import (
    LARGE,
    QUICK,
    Serve,
    Served,
    read_all,
    read_until,
    refusal,
    request,
)
from tests.patience import WAIT_SECONDS, eventually
from tests.processes import Process

FEW = Limits(connections=4, overflow=2, idle_seconds=0)


@contextlib.contextmanager
def many(served: Served, number: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    """Connections that stay open."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(served.connect(sent)) for _ in range(number)]


@pytest.mark.parametrize("sent", [b"", b"POST /si", request("/unread", "Content-Length: 9")])
def test_idle_connections_make_room(serve: Serve, sent: bytes) -> None:
    served = serve(FEW)
    with many(served, 50, sent):
        assert served.exchange(request("/size", "Connection: close")).endswith(b"0")


def test_the_longest_idle_makes_room(serve: Serve) -> None:
    served = serve(FEW)
    with many(served, 4) as connections:
        first, *others = connections
        for connection in (*others, first):
            connection.sendall(request("/size"))
            assert read_until(connection, b"\r\n\r\n0")
        with many(served, 3):
            for connection in others:
                assert read_all(connection) == b""
            first.sendall(request("/size"))
            assert read_until(first, b"\r\n\r\n0")


def test_who_says_nothing_more_is_let_go(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_endpoints.door.server.KEEP_ALIVE_SECONDS", 0)
    with many(serve(Limits()), 1) as (connection,):
        connection.sendall(request("/size"))
        assert read_all(connection).endswith(b"0")


def test_when_all_are_busy_a_further_one_is_503(serve: Serve) -> None:
    served = serve(FEW)
    with many(served, 4, request("/wait")) as busy:
        assert eventually(lambda: len(served.app.requests) == 4)
        for _ in range(10):
            status, text = refusal(served.exchange(request("/size")))
            assert status == 503
            assert text.startswith("Service Unavailable: all 4 connections of this server are busy")
        served.app.go_on()
        for connection in busy:
            assert read_until(connection, b"waited")
    assert served.exchange(request("/size", "Connection: close")).endswith(b"0")


def test_whoever_has_just_been_answered_keeps_its_place(serve: Serve) -> None:
    served = serve(replace(FEW, idle_seconds=60))
    with many(served, 4) as connections:
        for _ in range(3):
            for connection in connections:
                connection.sendall(request("/size"))
                assert read_until(connection, b"\r\n\r\n0")
            assert refusal(served.exchange(request("/size")))[0] == 503


def test_the_refused_do_not_keep_others_out(serve: Serve) -> None:
    served = serve(FEW)
    with many(served, 30, b"\x16\x03\x01 garbage\r\n\r\n"):
        assert served.exchange(request("/size", "Connection: close")).endswith(b"0")


def test_nobody_who_was_refused_is_cut_off_for_another_who_will_be(serve: Serve) -> None:
    served = serve(replace(FEW, idle_seconds=WAIT_SECONDS, linger_seconds=WAIT_SECONDS))
    with contextlib.ExitStack() as stack:
        stack.enter_context(many(served, 4, request("/wait")))
        assert eventually(lambda: len(served.app.requests) == 4)
        refused = stack.enter_context(many(served, 2))
        waiting = stack.enter_context(many(served, 1))
        for connection in refused:
            assert refusal(read_all(connection))[0] == 503
        with pytest.raises(TimeoutError):
            waiting[0].settimeout(0.2)
            waiting[0].recv(1)
        for connection in refused:
            connection.sendall(b"still there")
            connection.close()
        waiting[0].settimeout(WAIT_SECONDS)
        assert refusal(read_all(waiting[0]))[0] == 503


def test_a_class_that_comes_at_once_is_let_in_within_a_few_turns_of_the_loop(serve: Serve) -> None:
    """A turn is long while hundreds of answers are written: who is let in one by one waits long."""
    served = serve(Limits())

    async def turns_until_all_have_come() -> int:
        turns = 0
        while len(served.app.requests) < 100:
            await asyncio.sleep(0)
            turns += 1
        return turns

    with contextlib.ExitStack() as stack:

        def come() -> None:
            """While the loop stands still, so that all of them wait with the system."""
            stack.enter_context(many(served, 100, request("/wait")))

        served.server.call(come)
        turns = served.server.wait_for(turns_until_all_have_come())
        served.app.go_on()
    assert turns < 50


def test_whoever_did_not_read_does_not_keep_others_out(serve: Serve) -> None:
    served = serve(replace(QUICK, connections=4, idle_seconds=0))
    with many(served, 4, request("/large")):
        assert eventually(lambda: len(served.app.requests) == 4)
        assert served.app.done.wait(WAIT_SECONDS)
        sent = request("/size", "Connection: close")
        assert eventually(lambda: served.exchange(sent).endswith(b"\r\n\r\n0"))


@pytest.mark.parametrize("path", ["/wait", "/begin"])
def test_the_end_answers_what_has_not_begun(serve: Serve, path: str) -> None:
    served = serve(Limits())
    with served.connect(request(path)) as connection:
        assert served.app.entered.wait(WAIT_SECONDS)
        served.server.stop()
        answer = read_all(connection)
    if path == "/wait":
        assert refusal(answer) == (503, "503 Service Unavailable")
    else:
        assert answer.endswith(b"5\r\nbegun\r\n"), "cut off, not ended"
    assert served.app.disconnected.is_set()


def test_the_end_adds_nothing_to_an_answer(serve: Serve) -> None:
    served = serve(Limits())
    with served.connect(request("/large"), receive_buffer=4096) as connection:
        head = read_until(connection, b"\r\n\r\n")
        size = len(head.partition(b"\r\n\r\n")[2])
        while not served.app.done.is_set():
            size += len(connection.recv(65_536))
        served.server.stop()
        rest = read_all(connection)
    assert set(rest) <= {ord("x")}
    assert size + len(rest) <= LARGE


@pytest.mark.skipif(os.name != "posix", reason="only POSIX counts descriptors")
@pytest.mark.parametrize("reserved", [64, -1000], ids=["counted", "miscounted"])
def test_with_few_descriptors_it_answers_whoever_comes_and_its_log_stays_short(
    tmp_path: Path, reserved: int
) -> None:
    program = (
        "from local_endpoints.door import limits; "
        f"limits.RESERVED_DESCRIPTORS = {reserved}; "
        "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120)); "
        "from local_endpoints.__main__ import main; sys.exit(main())"
    )
    process = Process("-c", program, "serve", "--state-dir", str(tmp_path))
    try:
        port = int(process.url().rpartition(":")[2])
        with contextlib.ExitStack() as stack:
            for _ in range(256):
                connection = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
                stack.enter_context(connection)
            assert eventually(lambda: find_running(tmp_path) is not None)
            for _ in range(20):
                assert find_running(tmp_path) is not None
        assert stop_running(tmp_path)
        code, _, log = process.result()
    finally:
        process.kill()
    assert code == 0
    assert len(log) < 10_000, log[:2000]
