"""A service as another process reaches it: by its address, with a token that goes to nobody else.

Only the standard library is imported here: notebooks import this module.
"""

from __future__ import annotations

import contextlib
import hmac
import http.client
import json
import secrets
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from local_endpoints.errors import ServiceError
from local_endpoints.proof import PROOF_PATH, digest_of, key_of, proof_by

ANSWER_SECONDS = 5.0
MOST_PROOF_BYTES = 1000


class Peer:
    """What all services have in common for those who reach them.

    Attributes:
        url: its address, without a slash at the end.
        token: an access token of it; never print it.
        state_dir: folder for what this computer keeps of it.
        status_route: where it tells what the token's user may know of endpoints and bills.
        is_shared: whether others use it, too.
        patience: seconds that an answer may take once a connection is there.
        remedy: what to do about one of another version.
    """

    url: str
    token: str
    state_dir: Path
    status_route: ClassVar[str] = "/_local/status"
    is_shared: ClassVar[bool] = False
    patience: ClassVar[float] = ANSWER_SECONDS
    remedy: ClassVar[str] = "Stop it and connect again: python -m local_endpoints stop"

    @property
    def must_prove(self) -> bool:
        """Whether it has to show that it knows the token before the token is sent."""
        return True

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a request to a route of the service and return its JSON answer. The token goes
        only to a service that has proved, on the same connection, that it knows it, or that a
        certificate says to be the one.

        Raises:
            ServiceError: the service does not answer, or refuses, or somebody else answers.
        """
        with self._connection() as connection:
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            }
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, f"{urlsplit(self.url).path}{path}", content, headers)
            response = connection.getresponse()
            text = response.read().decode()
            if response.status == 401:
                raise self._unknown_token()
            if response.status >= 400:
                raise ServiceError(f"{method} {path}: {text}")
            return json.loads(text)

    def status(self) -> dict[str, Any]:
        """What runs and what it costs, as far as the token may know; see ``GET /_local/status``."""
        status: dict[str, Any] = self.call("GET", self.status_route)
        return status

    def prove(self) -> None:
        """Make sure that it is the service who answers at its address; the token is not sent.

        Raises:
            ServiceError: nobody answers in time, or somebody else.
        """
        if self.must_prove:
            with self._connection():
                pass

    @contextlib.contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        """A connection to the service, which has proved that it is one. No proxy that is
        configured for the outside world sees what passes."""
        try:
            connection = self._opened()
            # What has been proved holds for this connection. Another would not be made silently.
            connection.auto_open = 0
            try:
                if self.must_prove:
                    self._require_proof(connection)
                yield connection
            finally:
                connection.close()
        except (OSError, ValueError, OverflowError, http.client.HTTPException) as error:
            # OverflowError: no port has such a number.
            raise ServiceError(f"the service at {self.url} does not answer: {error}") from None

    def _opened(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        host, port = str(parts.hostname), parts.port
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, port, timeout=ANSWER_SECONDS, context=ssl.create_default_context()
            )
        connection.connect()
        connection.sock.settimeout(self.patience)
        return connection

    def _require_proof(self, connection: http.client.HTTPConnection) -> None:
        nonce, digest = secrets.token_urlsafe(24), digest_of(self.token)
        expected = proof_by(digest, url=self.url, nonce=nonce).encode()
        route = f"{urlsplit(self.url).path}{PROOF_PATH}"
        with _within(self.patience, connection.sock):
            connection.request("GET", f"{route}?key={key_of(digest)}&nonce={nonce}")
            response = connection.getresponse()
            answer = response.read(MOST_PROOF_BYTES)
        if response.status == 404:
            raise self._unknown_token()
        # A service that has several addresses proves each.
        if not any(hmac.compare_digest(line, expected) for line in answer.splitlines()):
            raise ServiceError(f"the service at {self.url} does not answer, or somebody else does")

    def _unknown_token(self) -> ServiceError:
        return ServiceError(
            f"the service at {self.url} does not answer to this token, which it does not know: it "
            "was revoked or belongs to another service, or this is no such service. Ask whoever "
            "runs it"
        )


@contextlib.contextmanager
def _within(seconds: float, connection: socket.socket) -> Iterator[None]:
    """End the connection when the time is over: a time-out of the socket begins anew with every
    byte."""

    def end() -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    alarm = threading.Timer(seconds, end)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
