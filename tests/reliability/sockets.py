"""Bytes that no well-behaved client sends, from raw sockets. Whoever sends them gets a refusal
or is cut off in time, and all others are served meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from pathlib import Path

from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.stand import DEADLINE, Stand, standing

SECONDS = 30.0
"""After which the slowest is refused or cut off: the door's longest time is twenty."""


def raw_sockets(folder: Path, sizes: Sizes, report: Report) -> None:
    """Each case against the service, the Hub's side and an endpoint."""
    with standing(folder, report, descriptors=sizes.descriptors) as stand:
        url = stand.add("tgi-text")
        paths = ["/v2/provider", url.removeprefix(stand.info.url) + "/generate"]
        for path in paths:
            for name, data in _cases(path, stand).items():
                _try(f"{name} on {path}", data, stand, report)
        slow = {name: data for name, data in _slow(paths[1], stand).items() if sizes.kills > 1}
        for name, data in slow.items():
            _try(name, data, stand, report)
        _hundreds_that_say_nothing(stand, report)
        report.expect(len(stand.family()) == 2, "a replica was lost")


def _cases(path: str, stand: Stand) -> Mapping[str, bytes]:
    host = stand.info.url.removeprefix("http://")
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {stand.info.token}\r\n"
    start = (head + "Content-Type: application/json\r\n").encode()
    body = b'{"inputs":"a"}'
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


def _slow(path: str, stand: Stand) -> Mapping[str, bytes]:
    """Those that are waited for: sockets stay open for writing."""
    cases = _cases(path, stand)
    names = ("nothing", "half a body", "a huge chunk", "a length that is none")
    return {f"{name}, held open": cases[name] for name in names}


def _try(name: str, data: bytes, stand: Stand, report: Report) -> None:
    """Send it, say that this was all (unless it is held open), and wait for the end."""
    address = ("127.0.0.1", int(stand.info.url.rpartition(":")[2]))
    begun = time.monotonic()
    held = name.endswith("held open")
    answer = b""
    with socket.create_connection(address, SECONDS if held else DEADLINE / 2) as client:
        try:
            client.sendall(data)
            if not held:
                client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65536):
                answer += piece
        except TimeoutError:
            report.fault(f"{name}: neither answered nor cut off")
        except OSError:
            report.counts["reset"] += 1
    report.counts["cases"] += 1
    report.longest("longest case, s", time.monotonic() - begun)
    statuses = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 5")]
    report.expect(not statuses, f"{name}: {statuses}")
    with report.timed("longest for somebody else meanwhile, s"):
        other = stand.ask("GET", f"{stand.info.url}/v2/provider")
        report.expect(other is not None and other.ok, f"after {name} nobody else is served")


def _hundreds_that_say_nothing(stand: Stand, report: Report) -> None:
    """More of them than there are places: whoever has something to say is let in."""
    address = ("127.0.0.1", int(stand.info.url.rpartition(":")[2]))
    silent = [socket.create_connection(address, DEADLINE) for _ in range(300)]
    try:
        time.sleep(1.0)
        for _ in range(3):
            with report.timed("longest beside 300 silent ones, s"):
                answer = stand.ask("GET", f"{stand.info.url}/v2/provider")
            report.expect(answer is not None and answer.ok, "300 silent clients make it deaf")
    finally:
        for client in silent:
            client.close()
