"""Bytes that no well-behaved client sends, from raw sockets. Whoever sends them gets a refusal
or is cut off in time, and all others are served meanwhile."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.patience import eventually
from tests.reliability.flatness import Levels
from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.stand import DEADLINE, Stand, standing

SECONDS = 40.0
"""After which the slowest is refused or cut off: the door's longest time is twenty."""
DRIP_SECONDS = 0.5


def raw_sockets(folder: Path, sizes: Sizes, report: Report) -> None:
    """Each case against the service and against an endpoint."""
    with standing(folder, report, descriptors=sizes.descriptors) as stand:
        url = stand.add("tgi-text")
        generate = url.removeprefix(stand.info.url) + "/generate"
        levels = Levels(stand)
        for path in ("/v2/provider", generate):
            for name, data in _cases(path, stand).items():
                _try(f"{name} on {path}", data, stand, report)
        # What the first ones leave behind is no leak.
        levels.measure()
        if sizes.is_patient:
            slow = _slow(generate, stand)
            with ThreadPoolExecutor(len(slow)) as threads:
                list(threads.map(lambda case: _try_slowly(*case, stand, report), slow))
        _hundreds_that_say_nothing(stand, report)
        report.expect(eventually(levels.is_quiet), "silent clients that have gone leave something")
        levels.measure()
        levels.expect_flat()
        report.expect(len(stand.family()) == 2, "a replica was lost")


def _cases(path: str, stand: Stand) -> Mapping[str, bytes]:
    host = stand.info.url.removeprefix("http://")
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {stand.info.token}\r\n"
    start = (head + "Content-Type: application/json\r\n").encode()
    body = b'{"inputs":"a","parameters":{"max_new_tokens":2}}'
    length = b"Content-Length: %d\r\n" % len(body)
    chunked = b"Transfer-Encoding: chunked\r\n"
    get = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n".encode()
    return {
        "nothing": b"",
        "an empty line": b"\r\n\r\n",
        "zeros": bytes(1000),
        "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "HTTP/0.9": f"GET {path}\r\n\r\n".encode(),
        "HTTP/1.0 without a host": f"GET {path} HTTP/1.0\r\n\r\n".encode(),
        "another host": f"GET {path} HTTP/1.1\r\nHost: example.com\r\n\r\n".encode(),
        "two hosts": get + b"Host: example.com\r\n\r\n",
        "an empty host": f"GET {path} HTTP/1.1\r\nHost:\r\n\r\n".encode(),
        "a whole address": get.replace(path.encode(), b"http://example.com" + path.encode())
        + b"\r\n",
        "a way up": f"GET /../..{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        "a percent too many": f"GET {path}%zz%00%ff HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        "bytes above 127 in the path": get.replace(b" HTTP", b"\xff\xfe HTTP") + b"\r\n",
        "a bare line feed": get.replace(b"\r\n", b"\n") + b"\n",
        "a folded header": get + b"X: a\r\n b\r\n\r\n",
        "a header without a name": get + b": a\r\n\r\n",
        "a zero in a header": get + b"X: a\0b\r\n\r\n",
        "many headers": get + b"".join(b"X-%d: a\r\n" % n for n in range(3000)) + b"\r\n",
        "a long head": get + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
        "a long path": f"GET {path}/{'a' * 100_000} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        "an upgrade": get + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "two lengths": start + length + b"Content-Length: 3\r\n\r\n" + body,
        "length and chunks": start + length + chunked + b"\r\n" + body,
        "chunks twice": start + chunked + chunked + b"\r\n0\r\n\r\n",
        "an unknown coding": start + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "a negative length": start + b"Content-Length: -1\r\n\r\n",
        "a length that is none": start + b"Content-Length: 1e3\r\n\r\n",
        "a huge length": start + b"Content-Length: 99999999999999999999\r\n\r\n",
        "a chunk that lies": start + chunked + b"\r\nzz\r\n{}\r\n0\r\n\r\n",
        "a huge chunk": start + chunked + b"\r\nffffffffffffffff\r\n{}",
        "a long extension": start + chunked + b"\r\n2;" + b"a" * 200_000 + b"\r\n{}\r\n0\r\n\r\n",
        "a trailer": start + chunked + b"\r\n2\r\n{}\r\n0\r\nHost: example.com\r\n\r\n",
        "a hundred in a row": (get + b"\r\n") * 100,
        "an expectation": start + length + b"Expect: 200-maybe\r\n\r\n" + body,
        "half a body": start + b"Content-Length: 1000\r\n\r\n" + body,
        "a body of nothing": start + b"Content-Length: 2\r\n\r\n\xff\xfe",
    }


def _slow(path: str, stand: Stand) -> list[tuple[str, bytes, bytes]]:
    """What is sent at once, and what drips afterwards."""
    cases = _cases(path, stand)
    half = cases["half a body"]
    head = half[: half.index(b"\r\n\r\n")]
    return [
        ("silence", b"", b""),
        ("half a line, then silence", b"GET / HT", b""),
        ("half a body, then silence", half, b""),
        ("half a chunk, then silence", cases["a huge chunk"], b""),
        ("a dripping head", head + b"\r\nX: ", b"a"),
        ("dripping empty lines", b"", b"\r\n"),
        ("a dripping body", half, b" "),
        ("a head of 200 MB", head + b"\r\nX: " + bytes(200_000_000), b""),
    ]


def _try(name: str, data: bytes, stand: Stand, report: Report) -> None:
    """Send it, say that this was all, and wait for the end."""
    with report.timed("longest case, s"), _connected(stand, DEADLINE / 2) as client:
        try:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            report.counts["refused before all was sent"] += 1
        _judge(name, client, report)
    with report.timed("longest for somebody else meanwhile, s"):
        other = stand.ask("GET", f"{stand.info.url}/v2/provider")
        report.expect(other is not None and other.ok, f"after {name} nobody else is served")


def _try_slowly(name: str, data: bytes, drop: bytes, stand: Stand, report: Report) -> None:
    """Send it, let the rest drip, and never say that this was all."""
    begun = time.monotonic()
    with report.timed("longest slow case, s"), _connected(stand, SECONDS) as client:
        with contextlib.suppress(OSError):
            client.sendall(data)
            while drop and time.monotonic() - begun < SECONDS and not _is_answered(client):
                client.sendall(drop)
        _judge(name, client, report)


def _is_answered(client: socket.socket) -> bool:
    readable, _, _ = select.select([client], [], [], DRIP_SECONDS)
    return bool(readable)


def _connected(stand: Stand, timeout: float) -> socket.socket:
    address = ("127.0.0.1", int(stand.info.url.rpartition(":")[2]))
    return socket.create_connection(address, timeout)


def _judge(name: str, client: socket.socket, report: Report) -> None:
    """Read until the end, which must come, and nobody may say that the service is at fault."""
    report.counts["cases"] += 1
    answer = b""
    try:
        while piece := client.recv(65536):
            answer += piece
    except TimeoutError:
        report.fault(f"{name}: neither answered nor cut off")
    except OSError:
        report.counts["cut off"] += 1
    faults = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 5")]
    report.expect(not faults, f"{name}: {faults}")


def _hundreds_that_say_nothing(stand: Stand, report: Report) -> None:
    """More of them than there are places: whoever has something to say is let in all the same, as
    soon as they have been silent for a moment."""

    def is_served() -> bool:
        answer = stand.ask("GET", f"{stand.info.url}/v2/provider")
        return answer is not None and answer.ok

    silent = [_connected(stand, DEADLINE) for _ in range(300)]
    try:
        with report.timed("longest until served beside 300 silent ones, s"):
            report.expect(eventually(is_served), "300 silent clients make it deaf")
    finally:
        for client in silent:
            client.close()
