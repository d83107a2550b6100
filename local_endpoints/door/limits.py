"""How much a client may ask of a server before and while it says what it wants."""

from __future__ import annotations

import sys
from dataclasses import dataclass

ENOUGH_DESCRIPTORS = 8192
RESERVED_DESCRIPTORS = 64
"""For what is no client: logs, locks, the event loop, five pipes and files of every replica."""
DESCRIPTORS_PER_CONNECTION = 2
"""The client's, and the container's or the file that answers it."""


@dataclass(frozen=True)
class Limits:
    """What one server grants. The times and the rate are those of Apache's ``mod_reqtimeout``, the
    size of a head is that of Amazon's load balancer; what stands in front of real endpoints was
    not observed.

    Attributes:
        connections: at once, all clients together. There is no count per client: all of them come
            from the loopback address, so that the one who takes too many looks like everybody. In
            its place a newcomer takes the place of the longest idle.
        idle_seconds: for which a connection keeps its place though nobody works for it: its client
            is about to ask, and would take the loss for a crash. More than half of
            ``connections`` are not accepted in that time.
        overflow: further ones that are told so with 503. Each of them has ``idle_seconds`` to hear
            it; as long as all places are taken, nobody is accepted.
        head_bytes: of request line and headers, of trailers, and of what stands between two pieces
            of a body.
        head_seconds: until a head is complete, from the connection or from its first byte.
        body_seconds: how often a body's progress is looked at.
        body_bytes: that must have come in that time, unless the server itself did not read.
        rest_seconds: for the rest of a body that was answered already.
        stall_seconds: that an answer may wait for a client that does not read.
        linger_seconds: until a refused client is cut off. It may still be sending, and would not
            see its refusal if the connection were reset at once.
        pipelined: requests that may wait behind the one that is being answered.
    """

    connections: int = 2048
    idle_seconds: float = 0.5
    overflow: int = 16
    head_bytes: int = 65_536
    head_seconds: float = 20.0
    body_seconds: float = 20.0
    body_bytes: int = 10_000
    rest_seconds: float = 10.0
    stall_seconds: float = 60.0
    linger_seconds: float = 1.0
    pipelined: int = 16

    def within(self, descriptors: int) -> int:
        """How many connections a process with so many descriptors can serve; at least one."""
        room = (descriptors - RESERVED_DESCRIPTORS - self.overflow) // DESCRIPTORS_PER_CONNECTION
        return max(1, min(self.connections, room))


def raise_descriptors() -> int:
    """Allow this process the descriptors that it may ask for.

    Returns:
        How many it may have open; ``ENOUGH_DESCRIPTORS`` where the system does not count them.
    """
    if sys.platform == "win32":
        return ENOUGH_DESCRIPTORS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = ENOUGH_DESCRIPTORS if hard == unlimited else min(hard, ENOUGH_DESCRIPTORS)
    if soft == unlimited or soft >= wanted:
        return ENOUGH_DESCRIPTORS if soft == unlimited else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
