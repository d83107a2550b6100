"""One client's connection: uvicorn's, with the limits that it lacks."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Literal

import uvicorn
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from local_endpoints.door.limits import Limits
from local_endpoints.errors import ApiError, bad_request

PROBE_SECONDS = 0.05
MAX_PROBE_SECONDS = 5.0
ABORT = "local.abort"
"""The extension of a request's scope that resets its connection: for those that shall fail on
demand, and for a container that ends in the middle of an answer while others go on."""

Part = Literal["head", "body", "rest"]
"""What is being waited for: a request's head, its body, or what remains of a body when the request
was answered without it."""


class Connection(HttpToolsProtocol):
    """Reads requests within limits. What breaks them is answered here, in the service's form.

    Nothing behind it could do so: an application does not see a request before its head is
    complete, nor how slowly it comes (uvicorn#157).

    A client that has said all (that has closed its side for writing) is answered nevertheless. It
    looks just like one that has gone, so that it gets ``100 Continue`` from time to time until its
    answer begins: the one that has gone answers with a reset. Where that cannot be sent, in the
    middle of an answer and in HTTP/1.0, it counts as gone.

    Args:
        limits: what is granted.
        config: uvicorn's settings.
        server_state: what the server's connections share.

    Attributes:
        idle_since: when it was made or its last answer ended, by the loop's clock.
        is_leaving: whether it has got its last answer and only lingers.
    """

    def __init__(
        self, *, limits: Limits, config: uvicorn.Config, server_state: ServerState
    ) -> None:
        super().__init__(config, server_state, app_state={})
        self._limits = limits
        self._part: Part | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._deaf = False
        self._too_long = False
        # Bytes since the last piece of a body, and those that count for its progress.
        self._framing = 0
        self._received = 0
        self._excused = False
        self._asked: list[RequestResponseCycle] = []
        self.is_leaving = False
        self.idle_since = self.loop.time()

    @property
    def is_idle(self) -> bool:
        """Whether nobody works on an answer for it, and it has taken the last one."""
        return not self._is_asked and not self.flow.write_paused

    @property
    def _is_asked(self) -> bool:
        """Whether a request, perhaps without its body yet, is to be answered."""
        return not (self.cycle is None or self.cycle.response_complete or self.cycle.disconnected)

    def refuse(self, error: ApiError) -> None:
        """Answer in place of the application, and close. Requests that were complete before are
        answered first."""
        if self._deaf:
            return
        if not self._is_asked or self._part == "body":
            self.give_up(error)
        else:
            self._deaf = True
            self.cycle.keep_alive = False

    def give_up(self, error: ApiError) -> None:
        """Answer the request that has no answer yet, and close. An answer that has begun is cut
        off."""
        unanswered = [cycle for cycle in self._asked if not cycle.response_complete]
        begun = any(cycle.response_started for cycle in unanswered)
        for cycle in unanswered:
            cycle.disconnected = True
            cycle.message_event.set()
        if begun or len(unanswered) > 1 or self.transport.is_closing() or self.is_leaving:
            self.transport.abort()
        else:
            self.transport.write(self._worded(error))
            self._linger()

    def _linger(self) -> None:
        """Say no more, and be gone in a moment."""
        self._expect(None)
        self.is_leaving = self._deaf = True
        self.idle_since = self.loop.time()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._deadline = self.loop.call_later(self._limits.linger_seconds, self.transport.abort)

    def _worded(self, error: ApiError) -> bytes:
        body = json.dumps(error.body()).encode()
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            (b"x-request-id", secrets.token_hex(3).encode()),
        ]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        return STATUS_LINE[error.status] + lines + b"\r\n" + body

    # What the transport tells.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # An answer's bytes wait in the system's buffer or with whoever writes it, so that a writer
        # is paused whenever its client does not read.
        transport.set_write_buffer_limits(0)
        self._expect("head")

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._received += len(data)
        self._framing += len(data)
        super().data_received(data)
        if self.is_leaving:
            return
        if self._framing > self._limits.head_bytes:
            self.refuse(_too_long(self._limits))
        elif self._part is None and not self._is_asked:
            # Even if it was an empty line only: uvicorn's keep-alive clock has just stopped.
            self._expect("head")

    def eof_received(self) -> bool:  # type: ignore[override]
        if self._deaf or self._part == "rest":
            return False
        if self._part == "body" or (self._framing and not self._is_asked):
            self.refuse(bad_request("the connection was closed in the middle of the request"))
        if self._deaf or not self._is_asked or not self._can_be_probed():
            return False
        self._deaf = True
        self.cycle.keep_alive = False
        self._probe(PROBE_SECONDS)
        return True

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(0)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        # uvicorn only tells the newest.
        for cycle in self._asked:
            cycle.disconnected = cycle.disconnected or not cycle.response_complete
            cycle.message_event.set()
        self.resume_writing()
        self._deaf = True
        self._expect(None)

    # What the parser tells.

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self._limits.pipelined:
            self._deaf = True
            self.cycle.keep_alive = False
            raise ValueError("more requests than are answered on one connection")
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # A trailer is no header (RFC 9110, section 6.5.1), and whoever checks those has done so.
        if self._part not in ("body", "rest"):
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        # Whatever comes in one piece is not counted before it is complete.
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self._limits.head_bytes:
            self._too_long = True
            raise ValueError("head too long")
        super().on_headers_complete()
        cycle = self.cycle
        self.scope["extensions"] = {
            ABORT: {"abort": self.transport.abort, "is_gone": lambda: cycle.disconnected}
        }
        self._asked = [cycle for cycle in self._asked if not cycle.response_complete]
        self._asked.append(self.cycle)
        self._expect("body")

    def on_body(self, body: bytes) -> None:
        self._framing = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._framing = 0
        self._expect(None if self._is_asked else "head")

    def on_response_complete(self) -> None:
        self.idle_since = self.loop.time()
        super().on_response_complete()
        if self._part != "body" or self._is_asked or self.transport.is_closing():
            return
        if self.expect_100_continue:
            # Nobody can tell whether the body comes next, or another request in its place.
            self._linger()
        else:
            self._expect("rest")

    def send_400_response(self, msg: str) -> None:
        """uvicorn's refusal of what its parser cannot read."""
        text = "this is no HTTP/1.1 request"
        self.refuse(_too_long(self._limits) if self._too_long else bad_request(text))

    # Deadlines.

    def _expect(self, part: Part | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._part = part
        if part is None:
            return
        self._received = 0
        self._excused = part == "body" and self._waits_for_us()
        seconds = {
            "head": self._limits.head_seconds,
            "body": self._limits.body_seconds,
            "rest": self._limits.rest_seconds,
        }[part]
        self._deadline = self.loop.call_later(seconds, self._is_late)

    def _waits_for_us(self) -> bool:
        return self.flow.read_paused or self.cycle.waiting_for_100_continue

    def _is_late(self) -> None:
        if self._part == "head" and self._framing:
            text = f"no complete header within {self._limits.head_seconds:g} s"
            self.refuse(ApiError(408, text))
        elif self._part != "body":
            self.transport.abort()
        elif self._excused or self._waits_for_us() or self._received >= self._limits.body_bytes:
            self._expect("body")
        else:
            text = f"{self._received} bytes of the body within {self._limits.body_seconds:g} s"
            self.refuse(ApiError(408, text))

    def _watch_reader(self, before: int) -> None:
        """Cut a client off that takes nothing of its answer."""
        waiting = self.transport.get_write_buffer_size()
        if waiting == before:
            self.transport.abort()
        else:
            self._stall = self.loop.call_later(
                self._limits.stall_seconds, self._watch_reader, waiting
            )

    def _can_be_probed(self) -> bool:
        """Whether something may be sent before the next answer."""
        waiting = next((cycle for cycle in self._asked if not cycle.response_complete), None)
        return (
            waiting is not None
            and not waiting.response_started
            and not waiting.disconnected
            and waiting.scope["http_version"] == "1.1"
        )

    def _probe(self, seconds: float) -> None:
        """Ask a client that sends no more whether it is still there."""
        if self._can_be_probed():
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.loop.call_later(seconds, self._probe, min(2 * seconds, MAX_PROBE_SECONDS))


def _too_long(limits: Limits) -> ApiError:
    return ApiError(431, f"a head has at most {limits.head_bytes} bytes")
