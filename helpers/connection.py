"""What is true while this process is connected to a backend."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.errors import ConnectError, ParameterError
from local_endpoints import ServiceError
from local_endpoints.peer import Peer

REAL_MINUTE = 60.0
LEAST_IDLE_MINUTES, MOST_IDLE_MINUTES = 15, 2880


@dataclass(frozen=True)
class Connection:
    """Where this process is connected to.

    Attributes:
        backend: ``"local"`` or ``"hf"``.
        url: address of the management API.
        namespace: user or organization that owns what is created.
        minute: seconds of one billed minute: 60, or less on the local service.
        max_spend_usd: what one hour may cost on the real service; ``None``: nothing.
    """

    backend: str
    url: str
    namespace: str
    minute: float
    max_spend_usd: float | None = field(default=None, repr=False)
    _service: Peer | None = field(default=None, repr=False, compare=False)

    @property
    def is_local(self) -> bool:
        """Whether nothing here costs money."""
        return self.backend == "local"

    @property
    def state_dir(self) -> Path | None:
        """Folder of the local service; ``None`` where there is none."""
        return self._service.state_dir if self._service else None

    def idle_timeout(self, *, minutes: float) -> int:
        """``scale_to_zero_timeout`` for that many minutes on *your* clock, in billed minutes.

        Where a billed minute lasts a second, an hour of idling would be over while you read a
        page. The result stays between 15 and 2880, which is what the service accepts.

        Raises:
            ParameterError: that is no number of minutes.
        """
        if not isinstance(minutes, int | float) or not 0 < minutes < math.inf:
            raise ParameterError(f"minutes={minutes!r}: give a number of minutes, for example 30")
        billed = minutes * REAL_MINUTE / self.minute
        return max(LEAST_IDLE_MINUTES, round(min(billed, MOST_IDLE_MINUTES)))

    def accounts(self) -> list[dict[str, Any]]:
        """The local service's ledger: all endpoints that are yours to see, then those that were
        deleted. Minutes and USD are those since each was created. Empty on the real service.

        Raises:
            ConnectError: the local service does not answer.
        """
        if self._service is None:
            return []
        try:
            status = self._service.status()
        except ServiceError as error:
            raise ConnectError(f"the ledger cannot be read: {error}") from None
        return [*status["endpoints"], *status["deleted"]]


@dataclass
class Present:
    """The connection of this process, if there is one.

    Attributes:
        openings: the ledger, by the endpoints' ids, when this process first connected to the
            local service of an address.
    """

    connection: Connection | None = None
    openings: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether nothing costs money; not so without a connection."""
        return self.connection is not None and self.connection.is_local

    @property
    def minute(self) -> float:
        """Seconds of a billed minute; without a connection those of the real service."""
        return self.connection.minute if self.connection else REAL_MINUTE

    @property
    def remedy(self) -> str:
        """What to do when there is no answer."""
        if self.is_local:
            return 'The local service has ended: connect("local") again, or run the setup cells'
        return "Check the network and run the cell again"


PRESENT = Present()
