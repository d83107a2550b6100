"""The requests of one endpoint that are under way, as the gateway tells of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from local_endpoints.replicas.replica import Replica


class Traffic:
    """What is asked of an endpoint at this moment.

    A request that has not come whole is none yet: a client that never ends what it says would keep
    replicas up, and have others started.
    """

    def __init__(self) -> None:
        self._held = 0
        self._working: dict[object, Replica] = {}
        self._unanswered: set[object] = set()

    @property
    def in_flight(self) -> int:
        """Requests that replicas have and whose answers have not ended."""
        return len(self._working)

    @property
    def pending(self) -> int:
        """Requests without an HTTP status, in the words of the service's guide to autoscaling
        (2026): those that are held until a replica is ready, and those that one works on."""
        return self._held + len(self._unanswered)

    @property
    def busy(self) -> int:
        """Replicas that have a request to answer."""
        return len(set(map(id, self._working.values())))

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """Around the time in which a request waits for a replica."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    def begin(self, request: object, replica: Replica) -> None:
        """The replica has the whole request."""
        self._working[request] = replica
        self._unanswered.add(request)

    def answered(self, request: object) -> None:
        """Its answer has a status now."""
        self._unanswered.discard(request)

    def end(self, request: object) -> None:
        """It is over, whether it was begun or not."""
        self._working.pop(request, None)
        self._unanswered.discard(request)
