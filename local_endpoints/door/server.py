"""uvicorn's server with a door of our own: it accepts as many connections as it has room for.

uvicorn lets asyncio accept. Out of descriptors, that tries as often as the backlog is long, writes
a line for each time, and begins again after a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from typing import Any, cast

import uvicorn
from uvicorn.config import LifespanType

from local_endpoints.door.connection import Connection
from local_endpoints.door.limits import Limits, raise_descriptors
from local_endpoints.door.quiet import AtMost
from local_endpoints.errors import ApiError

logger = logging.getLogger(__name__)
for name in (__name__, "uvicorn.error", "asyncio"):
    # What they say, clients can make them say as often as they like.
    logging.getLogger(name).addFilter(AtMost())

GRACE_SECONDS = 1
"""How long open answers may go on when a server ends. Then those that have not begun become 503,
and those that have are cut off."""
KERNEL_QUEUE = 1024
"""Connections that the system keeps until they are accepted."""
AT_ONCE = 64
"""Connections that are opened together where all of them have room. Opening takes some turns of the
event loop, and a turn is long while the loop writes hundreds of answers: one after the other, a
class that comes at the same time would wait for half a minute."""
PAUSE_SECONDS = 0.1
"""Until the next try, when none can be accepted."""
LEAVING_SECONDS = 0.02
"""Between two looks whether one that was refused has gone."""
ROOM_FOR_OTHERS = 32
"""Idle connections that are closed then: replicas and logs need descriptors, too."""


KEEP_ALIVE_SECONDS = 60
"""How long a connection may wait for its next request, as an AWS load balancer lets it. uvicorn's
five are about as long as a learner takes from one cell to the next, and a request that comes in the
moment of closing fails at the client. When room is short, the longest idle one goes earlier."""


class DoorServer(uvicorn.Server):
    """Serves one application on sockets that are bound already.

    Args:
        app: an ASGI application.
        limits: what every client is granted.
        lifespan: ``on`` for an application that wants to be started and stopped.
    """

    def __init__(
        self,
        app: Any,
        *,
        limits: Limits | None = None,
        lifespan: LifespanType = "off",
    ) -> None:
        config = uvicorn.Config(
            app,
            interface="asgi3",
            ws="none",
            lifespan=lifespan,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            # Whoever connects can say whom they come from; nobody here asks.
            proxy_headers=False,
            # Tasks that go on without their client are ended a second later.
            timeout_graceful_shutdown=GRACE_SECONDS + 1,
        )
        super().__init__(config)
        self._limits = limits or Limits()
        self._accepting: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application and accept connections."""
        self._capacity = self._limits.within(raise_descriptors())
        await super().startup(sockets=[])
        for listener in sockets or []:
            listener.setblocking(False)
            listener.listen(KERNEL_QUEUE)
            self._accepting.append(asyncio.create_task(self._accept(listener)))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more, let answers end, stop the application."""
        for task in self._accepting:
            task.cancel()
        await asyncio.gather(*self._accepting, return_exceptions=True)
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._give_up)
        await super().shutdown(sockets)

    def _give_up(self) -> None:
        for connection in self._connections():
            connection.give_up(ApiError(503))

    def _connections(self) -> list[Connection]:
        return cast(list[Connection], list(self.server_state.connections))

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._let_refused_go()
            try:
                accepted, _ = await loop.sock_accept(listener)
            except OSError as error:
                logger.warning("no connection can be accepted: %s", error.strerror)
                self._cut_longest_idle(self._connections(), most=ROOM_FOR_OTHERS)
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                room = self._capacity - len(self._connections()) - 1
                others = _arrived(listener, most=min(room, AT_ONCE))
                await asyncio.gather(*map(self._admit, [accepted, *others]))

    async def _let_refused_go(self) -> None:
        """Wait while there is no place even for one that is refused: whoever has just been would
        not hear it if it were cut off. Others wait with the system meanwhile."""
        most = self._capacity + self._limits.overflow
        while len(present := self._connections()) >= most:
            if self._cut_longest_idle([one for one in present if one.is_leaving]):
                return
            await asyncio.sleep(LEAVING_SECONDS)

    async def _admit(self, accepted: socket.socket) -> None:
        present = self._connections()
        staying = [connection for connection in present if not connection.is_leaving]
        is_full = len(staying) >= self._capacity and not self._cut_longest_idle(staying)
        connection = Connection(
            limits=self._limits, config=self.config, server_state=self.server_state
        )
        await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, accepted)
        if is_full:
            logger.warning("all %d connections are busy: a further one is refused", self._capacity)
            text = f"all {self._capacity} connections of this server are busy, try again later"
            connection.refuse(ApiError(503, text))

    def _cut_longest_idle(self, connections: list[Connection], most: int = 1) -> bool:
        """Make room for others. Returns: whether there was any to be made."""
        latest = asyncio.get_running_loop().time() - self._limits.idle_seconds
        idle = [
            connection
            for connection in connections
            if (connection.is_leaving or connection.is_idle) and connection.idle_since <= latest
        ]
        idle.sort(key=lambda connection: connection.idle_since)
        for connection in idle[:most]:
            connection.transport.abort()
        return bool(idle)


def _arrived(listener: socket.socket, *, most: int) -> list[socket.socket]:
    """Further connections that are there already."""
    found: list[socket.socket] = []
    # BlockingIOError: there are no more. Any other: the next one who is waited for will say it.
    with contextlib.suppress(OSError):
        while len(found) < most:
            accepted, _ = listener.accept()
            accepted.setblocking(False)
            found.append(accepted)
    return found
