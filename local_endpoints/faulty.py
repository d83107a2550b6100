"""What faults do: to a request, as ASGI sees it, and to a replica that starts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from local_endpoints.door.connection import ABORT
from local_endpoints.errors import ApiError
from local_endpoints.faults import Fault, Faults, Rule
from local_endpoints.replicas.replica import Launcher, Replica, ReplicaOrder

STRUCK = "local.fault"
"""Where a scope says which fault has struck it."""
EVENT_END = b"\n\n"


class CutError(Exception):
    """An answer shall end here, and not as if it were complete."""


async def strike(fault: Fault, scope: Scope, receive: Receive, send: Send) -> bool:
    """Do to a request what happens before anybody has looked at it.

    Returns:
        Whether it is answered, or will never be.
    """
    rule = fault.rule
    scope[STRUCK] = fault.id
    await asyncio.sleep(rule.delay)
    if rule.kind == "reset":
        scope["extensions"][ABORT]["abort"]()
        while (await receive())["type"] != "http.disconnect":
            pass
    elif rule.kind == "empty":
        await Response()(scope, receive, send)
    elif rule.kind == "status":
        await _refusal(rule)(scope, receive, send)
    else:
        return False
    return True


def _refusal(rule: Rule) -> Response:
    error = ApiError(rule.status, rule.detail)
    after = rule.retry_after
    headers = None if after is None else {"Retry-After": str(after)}
    return JSONResponse(error.body(), error.status, headers=headers)


def cut() -> None:
    """Raises: CutError."""
    raise CutError


class AfterEvents:
    """Passes an answer on and does something after some events of its stream. With none, or where
    there is no stream, that is behind the head.

    Args:
        send: where the answer goes.
        events: how many are let through.
        action: what is done then, once.
    """

    def __init__(self, send: Send, events: int, action: Callable[[], None]) -> None:
        self._send = send
        self._left = events
        self._action: Callable[[], None] | None = action
        self._tail = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
            if not _is_stream(message["headers"]):
                self._left = 0
            return
        body = message.get("body", b"")
        end = self._end(body)
        if end is None or self._action is None:
            await self._send(message)
            return
        if end:
            await self._send({**message, "body": body[:end], "more_body": True})
        action, self._action = self._action, None
        action()
        await self._send({**message, "body": body[end:]})

    def _end(self, body: bytes) -> int | None:
        """Where in this piece the last event ends that is let through; ``None``: not here."""
        # An event may end with one piece's last byte and the next one's first.
        known = len(self._tail)
        text, position = self._tail + body, 0
        while self._left:
            position = text.find(EVENT_END, position) + len(EVENT_END)
            if position < len(EVENT_END):
                self._tail = b"" if text.endswith(EVENT_END) else text[-1:]
                return None
            self._left -= 1
        return max(position - known, 0)


class FaultyLauncher:
    """Another launcher, some of whose replicas die as soon as they are started."""

    def __init__(self, launcher: Launcher, faults: Faults) -> None:
        self._launcher = launcher
        self._faults = faults

    def launch(self, order: ReplicaOrder, on_change: Callable[[], None]) -> Replica:
        """Start a replica."""
        replica = self._launcher.launch(order, on_change)
        name, _, _ = order.log_name.rpartition("-")
        fault = self._faults.meet(("deployment",), endpoint=name)
        if fault is not None and fault.rule.delay:
            asyncio.get_running_loop().call_later(fault.rule.delay, replica.crash)
        elif fault is not None:
            replica.crash()
        return replica

    def forget(self, endpoint_id: str) -> None:
        """The endpoint was deleted."""
        self._launcher.forget(endpoint_id)

    async def stop_all(self) -> None:
        """Stop every replica."""
        await self._launcher.stop_all()


def _is_stream(headers: Any) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in headers
    )
