"""Somebody else on the computer, who listens on a port that a service has left."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Manners = Callable[[socket.socket, bytes], bytes]
"""What an impostor says to a request, given the connection and the request; nothing to hang up."""


class Impostor:
    """A server that writes down what it is told.

    Args:
        manners: how it answers.
    """

    def __init__(self, manners: Manners) -> None:
        self.heard = b""
        self.connections = 0
        self._manners = manners
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while request := connection.recv(65536):
                self.heard += request
                answer = self._manners(connection, request)
                if not answer:
                    return
                connection.sendall(answer)


@contextmanager
def impostor(manners: Manners) -> Iterator[Impostor]:
    """An impostor, until the end of the block."""
    somebody = Impostor(manners)
    try:
        yield somebody
    finally:
        somebody.close()


def http_answer(body: str, *headers: str, status: str = "200 OK") -> bytes:
    """An answer of HTTP 1.1."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


def friendly(connection: socket.socket, request: bytes) -> bytes:
    """Says yes to everything, as a service would that everybody may use."""
    return http_answer('{"minute": 1, "name": "local-user", "endpoints": [], "proof": ""}')


def sly(connection: socket.socket, request: bytes) -> bytes:
    """Repeats what it was asked."""
    return http_answer(request.partition(b"nonce=")[2].partition(b" ")[0].decode())


def hang_up(connection: socket.socket, request: bytes) -> bytes:
    """Says nothing."""
    return b""


def drip(connection: socket.socket, request: bytes) -> bytes:
    """Begins an answer and never ends it, a byte at a time, each of them in time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        connection.sendall(b"x")
        threading.Event().wait(0.02)


def flood(connection: socket.socket, request: bytes) -> bytes:
    """An answer without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def relay(port: int) -> Manners:
    """Lets a service at another port answer, which takes it for one of its own clients."""

    def manners(connection: socket.socket, request: bytes) -> bytes:
        here = str(connection.getsockname()[1]).encode()
        with socket.create_connection(("127.0.0.1", port)) as service:
            service.sendall(request.replace(here, str(port).encode()))
            return service.recv(65536)

    return manners
