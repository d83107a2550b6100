"""What a connection may send, how slowly, and what it hears when it may not."""

from __future__ import annotations

import re
import socket
from dataclasses import replace

import psutil
import pytest

from local_endpoints.door.limits import Limits
from tests.local_endpoints.door.conftest import (
    LARGE,
    QUICK,
    Serve,
    read_all,
    read_until,
    refusal,
    request,
)
from tests.patience import WAIT_SECONDS, eventually

MIB = 2**20


@pytest.mark.parametrize(
    "lines",
    [[f"X-Long: {'x' * 100_000}"], [f"X-{n}: {n:020}" for n in range(5000)]],
    ids=["one", "many"],
)
@pytest.mark.parametrize("end", [True, False], ids=["whole", "open"])
def test_a_long_head_is_431(serve: Serve, lines: list[str], end: bool) -> None:
    sent = request("/size", *lines)
    served = serve(Limits())
    status, text = refusal(served.exchange(sent if end else sent[:-2]))
    assert status == 431
    assert text == "Request Header Fields Too Large: a head has at most 65536 bytes"
    assert not served.app.requests


def test_a_long_target_is_431(serve: Serve) -> None:
    assert refusal(serve(Limits()).exchange(request("/" + "x" * 100_000)))[0] == 431


def test_a_head_below_the_limit_is_read(serve: Serve) -> None:
    lines = (f"X-Long: {'x' * 60_000}", "Content-Length: 2", "Connection: close")
    answer = serve(Limits()).exchange(request("/size", *lines) + b"ab")
    assert answer.endswith(b"\r\n\r\n2")


def test_an_endless_head_takes_no_memory_and_its_sender_reads_why(serve: Serve) -> None:
    served = serve(Limits())
    before = psutil.Process().memory_info().rss
    with served.connect(request("/size")[:-2] + b"X-Long: ") as connection:
        with pytest.raises(ConnectionError):
            while True:
                connection.sendall(b"x" * 65_536)
        assert psutil.Process().memory_info().rss < before + 20 * MIB
    with served.connect(request("/size")[:-2] + b"X-Long: " + b"x" * (2 * MIB)) as connection:
        assert refusal(read_all(connection))[0] == 431


def test_endless_trailers_are_431(serve: Serve) -> None:
    served = serve(Limits())
    body = b"2\r\nab\r\n0\r\nX-Long: " + b"x" * MIB
    sent = request("/size", "Transfer-Encoding: chunked") + body
    assert refusal(served.exchange(sent))[0] == 431
    assert served.app.disconnected.wait(WAIT_SECONDS)


def test_trailers_are_no_headers(serve: Serve) -> None:
    served = serve(Limits())
    body = b"2\r\nab\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    sent = request("/size", "Transfer-Encoding: chunked", "Connection: close") + body
    assert served.exchange(sent).endswith(b"2")
    (scope,) = served.app.requests
    assert b"authorization" not in dict(scope["headers"])


@pytest.mark.parametrize("sent", [b"P", b"POST /size HTTP/1.1\r\n", request("/size")[:-2]])
def test_a_head_that_does_not_come_is_408(serve: Serve, sent: bytes) -> None:
    status, text = refusal(serve(QUICK).exchange(sent))
    assert (status, text) == (408, "Request Timeout: no complete header within 0.2 s")


@pytest.mark.parametrize("piece", [b"x", b"\r\n"], ids=["header", "empty lines"])
def test_dripping_does_not_prolong_the_time_of_a_head(serve: Serve, piece: bytes) -> None:
    served = serve(QUICK)
    begin = request("/size")[:-2] + b"X-Slow: " if piece == b"x" else b""
    with served.connect(begin) as connection:
        connection.settimeout(0.01)
        for _ in range(6000):
            try:
                connection.sendall(piece)
                if not connection.recv(1) or piece == b"x":
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    raise AssertionError("it was never closed")


def test_a_connection_that_says_nothing_is_closed_without_a_word(serve: Serve) -> None:
    assert serve(QUICK).exchange(b"") == b""


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("Content-Length: 10", b""),
        ("Content-Length: 10", b"half"),
        ("Transfer-Encoding: chunked", b""),
        ("Transfer-Encoding: chunked", b"4\r\nhalf\r\n"),
        ("Transfer-Encoding: chunked", b"4;" + b"x" * 100),
    ],
)
def test_a_body_that_stops_is_408(serve: Serve, header: str, sent: bytes) -> None:
    served = serve(QUICK)
    status, text = refusal(served.exchange(request("/size", header) + sent))
    assert status == 408
    assert text.startswith("Request Timeout: ")
    assert text.endswith(" bytes of the body within 0.2 s")
    assert served.app.disconnected.wait(WAIT_SECONDS)


@pytest.mark.parametrize("piece", [b"1\r\nx\r\n", b"100;ext=1\r\n" + b"x" * 256 + b"\r\n"])
def test_a_body_that_drips_is_408(serve: Serve, piece: bytes) -> None:
    served = serve(QUICK)
    with served.connect(request("/size", "Transfer-Encoding: chunked")) as connection:
        connection.settimeout(0.02)
        for _ in range(3000):
            try:
                connection.sendall(piece)
                assert refusal(connection.recv(65536))[0] == 408
                return
            except TimeoutError:
                continue
    raise AssertionError("it was never refused")


def test_a_body_goes_on_for_as_long_as_enough_of_it_comes(serve: Serve) -> None:
    served = serve(replace(QUICK, body_bytes=10))
    lines = ("Transfer-Encoding: chunked", "Connection: close")
    with served.connect(request("/size", *lines)) as connection:
        connection.settimeout(0.05)
        for _ in range(20):
            connection.sendall(b"a\r\n0123456789\r\n")
            with pytest.raises(TimeoutError):
                connection.recv(1)
        connection.settimeout(WAIT_SECONDS)
        connection.sendall(b"0\r\n\r\n")
        assert read_all(connection).endswith(b"200")


@pytest.mark.parametrize(
    ("lines", "body"),
    [((), b"x" * 200_000), (("Expect: 100-continue",), b"ab")],
    ids=["more than is kept", "waits to be asked"],
)
def test_nobody_is_late_whom_the_server_lets_wait(
    serve: Serve, lines: tuple[str, ...], body: bytes
) -> None:
    served = serve(QUICK)
    length = f"Content-Length: {len(body)}"
    with served.connect(request("/late", length, *lines)) as connection:
        if not lines:
            connection.sendall(body)
        connection.settimeout(0.6)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(WAIT_SECONDS)
        served.app.go_on()
        if lines:
            assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
            connection.sendall(body)
        assert read_until(connection, str(len(body)).encode())


def test_the_rest_of_an_answered_request_has_its_time(serve: Serve) -> None:
    served = serve(QUICK)
    with served.connect(request("/unread", "Transfer-Encoding: chunked")) as connection:
        assert read_until(connection, b"unread")
        with pytest.raises(ConnectionError):
            while True:
                connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def test_after_the_rest_of_an_answered_request_comes_the_next(serve: Serve) -> None:
    served = serve(Limits())
    with served.connect(request("/unread", "Content-Length: 4") + b"ha") as connection:
        assert read_until(connection, b"unread")
        connection.sendall(b"lf" + request("/size", "Content-Length: 1") + b"x")
        assert read_until(connection, b"\r\n\r\n1")


def test_a_body_that_was_never_asked_for_is_not_waited_for(serve: Serve) -> None:
    served = serve(Limits())
    lines = ("Content-Length: 400", "Expect: 100-continue")
    with served.connect(request("/unread", *lines)) as connection:
        assert read_until(connection, b"unread").startswith(b"HTTP/1.1 200 ")
        connection.sendall(request("/size"))
        assert read_all(connection) == b""
    assert len(served.app.requests) == 1


def test_a_client_that_does_not_read_is_cut_off(serve: Serve) -> None:
    served = serve(QUICK)
    with served.connect(request("/large"), receive_buffer=4096) as connection:
        assert served.app.done.wait(WAIT_SECONDS)
        assert len(read_all(connection)) < LARGE


def test_a_client_that_reads_slowly_gets_all(serve: Serve) -> None:
    served = serve(replace(QUICK, stall_seconds=0.5))
    sent = request("/large", "Connection: close")
    with served.connect(sent, receive_buffer=4096) as connection:
        head = read_until(connection, b"\r\n\r\n")
        size = len(head.partition(b"\r\n\r\n")[2])
        for part in range(1, 9):
            assert not served.app.disconnected.wait(0.1)
            while size < part * LARGE // 8:
                size += len(connection.recv(65_536))
    assert size == LARGE


def test_a_client_that_has_said_all_is_answered(serve: Serve) -> None:
    served = serve(Limits())
    with served.connect(request("/wait")) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert served.app.entered.wait(WAIT_SECONDS)
        assert not served.app.disconnected.wait(0.3)
        served.app.go_on()
        answer = read_all(connection)
    final = re.sub(rb"^(HTTP/1\.1 100 Continue\r\n\r\n)+", b"", answer)
    assert final.startswith(b"HTTP/1.1 200 OK\r\n")
    assert final.endswith(b"waited")


@pytest.mark.parametrize("path", ["/wait", "/begin"])
@pytest.mark.parametrize("half_first", [False, True])
def test_a_client_that_has_gone_is_noticed(serve: Serve, path: str, half_first: bool) -> None:
    served = serve(Limits())
    connection = served.connect(request(path))
    assert served.app.entered.wait(WAIT_SECONDS)
    if path == "/begin":
        read_until(connection, b"begun")
    if half_first:
        connection.shutdown(socket.SHUT_WR)
    connection.close()
    assert served.app.disconnected.wait(WAIT_SECONDS)


@pytest.mark.parametrize(
    "sent",
    [b"POST /size HT", request("/size")[:-2], request("/size", "Content-Length: 4") + b"ha"],
)
def test_half_a_request_with_nothing_to_follow_is_400(serve: Serve, sent: bytes) -> None:
    with serve(Limits()).connect(sent) as connection:
        connection.shutdown(socket.SHUT_WR)
        status, text = refusal(read_all(connection))
    assert status == 400
    assert text == "Bad Request: the connection was closed in the middle of the request"


def test_garbage_after_a_request_does_not_take_its_answer(serve: Serve) -> None:
    served = serve(Limits())
    with served.connect(request("/wait") + b"\x16\x03\x01 garbage\r\n\r\n") as connection:
        assert served.app.entered.wait(WAIT_SECONDS)
        served.app.go_on()
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"waited")


def test_requests_behind_each_other_are_answered_in_order(serve: Serve) -> None:
    bodies = [b"x" * n for n in range(1, 10)]
    sent = b"".join(request("/size", f"Content-Length: {len(body)}") + body for body in bodies)
    with serve(Limits()).connect(sent) as connection:
        answer = read_until(connection, b"\r\n\r\n9")
    assert re.findall(rb"\r\n\r\n(\d)", answer) == [b"%d" % n for n in range(1, 10)]


def test_only_some_requests_wait_behind_another(serve: Serve) -> None:
    served = serve(replace(QUICK, pipelined=3))
    with served.connect(request("/wait") * 100) as connection:
        assert served.app.entered.wait(WAIT_SECONDS)
        served.app.go_on()
        answer = read_all(connection)
    assert answer.count(b"HTTP/1.1 200 ") == answer.count(b"waited") == 4
    assert answer.count(b"connection: close") == 1


def test_leaving_is_told_to_all_that_wait_behind_each_other(serve: Serve) -> None:
    served = serve(Limits())
    connection = served.connect(request("/wait") * 3)
    assert served.app.entered.wait(WAIT_SECONDS)
    connection.close()
    assert served.app.disconnected.wait(WAIT_SECONDS)
    assert eventually(lambda: len(served.app.requests) == 1)


@pytest.mark.parametrize("sent", [b"no HTTP\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000])
def test_whoever_was_refused_and_stays_is_cut_off(serve: Serve, sent: bytes) -> None:
    served = serve(QUICK)
    with served.connect(sent) as connection:
        assert refusal(read_all(connection))[0] in (400, 431)

        def is_cut_off() -> bool:
            try:
                connection.sendall(b"still there")
            except ConnectionError:
                return True
            return False

        assert eventually(is_cut_off)
