"""What an endpoint costs: intervals of time, replicas and price.

The real service bills per minute, at the hourly price times the replicas, while an endpoint is
initializing and running, and only if the deployment becomes ready; paused and scaled to zero are
free (service documentation, 2026). How it rounds is not documented: here every started minute
counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from local_endpoints.clock import Clock


@dataclass
class BilledInterval:
    """A stretch of time with one price.

    Attributes:
        start, end: seconds since the epoch; ``end`` is ``None`` while it lasts.
        price_per_hour: USD per hour and replica.
        confirmed: whether a replica became ready; until then nothing is owed.
    """

    start: float
    replicas: int
    price_per_hour: float
    end: float | None = None
    confirmed: bool = False

    def minutes(self, clock: Clock) -> int:
        """Started local minutes so far."""
        end = clock.now() if self.end is None else self.end
        return math.ceil(round((end - self.start) / clock.minute, 6))

    def cost(self, clock: Clock) -> float:
        """USD owed so far; 0 until confirmed."""
        if not self.confirmed:
            return 0.0
        return self.minutes(clock) * self.replicas * self.price_per_hour / 60


@dataclass
class Meter:
    """The bill of one endpoint.

    Attributes:
        settled: USD of all intervals that are over.
        current: the interval that is running, if any.
    """

    settled: float = 0.0
    current: BilledInterval | None = None

    def start(self, *, replicas: int, price_per_hour: float, clock: Clock) -> None:
        """Begin an interval, ending the one that runs, if any."""
        self.stop(clock)
        self.current = BilledInterval(clock.now(), replicas, price_per_hour)

    def confirm(self) -> None:
        """The deployment became ready: the interval is owed from its start."""
        if self.current is not None:
            self.current.confirmed = True

    def stop(self, clock: Clock) -> None:
        """End the interval that runs. One that never became ready costs nothing."""
        if self.current is None:
            return
        self.current.end = clock.now()
        self.settled += self.current.cost(clock)
        self.current = None

    def total(self, clock: Clock) -> float:
        """USD owed up to now."""
        return self.settled + (self.current.cost(clock) if self.current else 0.0)

    def price_now(self) -> float:
        """USD per hour that runs at this moment: replicas times price; 0 when nothing bills."""
        return self.current.replicas * self.current.price_per_hour if self.current else 0.0

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Meter:
        """The meter that ``dataclasses.asdict`` turned into JSON."""
        current = data["current"]
        return cls(
            settled=data["settled"],
            current=BilledInterval(**current) if current is not None else None,
        )
