"""What an endpoint costs: intervals of time, replicas and price.

Every replica has its own minutes, from its start to its end: one that autoscaling adds does not
begin a new minute of the others.

The real service bills per minute, at the hourly price times the replicas, while an endpoint is
initializing and running, and only if the deployment becomes ready; paused and scaled to zero are
free (service documentation, 2026). How it rounds is not documented: here every started minute
counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

from local_endpoints.clock import Clock


@dataclass
class BilledInterval:
    """A stretch of time of replicas that were started together.

    Attributes:
        start, end: seconds since the epoch; ``end`` is ``None`` while it lasts.
        price_per_hour: USD per hour and replica.
        confirmed: whether a replica became ready; until then nothing is owed.
        minute: seconds of a billed minute when it began, which another start of the service may
            change; ``None`` for the clock's own.
    """

    start: float
    replicas: int
    price_per_hour: float
    end: float | None = None
    confirmed: bool = False
    minute: float | None = None

    def minutes(self, clock: Clock) -> int:
        """Started local minutes so far."""
        end = clock.now() if self.end is None else self.end
        return math.ceil(round((end - self.start) / (self.minute or clock.minute), 6))

    def owed_minutes(self, clock: Clock) -> int:
        """Started minutes of all its replicas together; 0 until confirmed."""
        return self.minutes(clock) * self.replicas if self.confirmed else 0

    def cost(self, clock: Clock) -> float:
        """USD owed so far; 0 until confirmed."""
        return self.owed_minutes(clock) * self.price_per_hour / 60


@dataclass
class Meter:
    """The bill of one endpoint.

    Attributes:
        settled, settled_minutes: USD and started minutes of all intervals that are over.
        current: those that run, oldest first.
    """

    settled: float = 0.0
    settled_minutes: int = 0
    current: list[BilledInterval] = field(default_factory=list)

    def start(
        self, *, replicas: int, price_per_hour: float, clock: Clock, confirmed: bool = False
    ) -> None:
        """Begin an interval, besides those that run.

        Args:
            confirmed: whether it is owed at once, for replicas of a deployment that is ready.
        """
        self.current.append(
            BilledInterval(
                clock.now(), replicas, price_per_hour, confirmed=confirmed, minute=clock.minute
            )
        )

    def confirm(self) -> None:
        """The deployment became ready: all that runs is owed from its start."""
        for interval in self.current:
            interval.confirmed = True

    def end_one(self, clock: Clock, *, newest: bool) -> None:
        """One replica, of the newest or of the oldest, is no longer there."""
        interval = self.current[-1 if newest else 0]
        self._settle(replace(interval, replicas=1), clock)
        interval.replicas -= 1
        self.current = [interval for interval in self.current if interval.replicas]

    def stop(self, clock: Clock) -> None:
        """End all intervals. Those that never became ready cost nothing."""
        for interval in self.current:
            self._settle(interval, clock)
        self.current = []

    def total(self, clock: Clock) -> float:
        """USD owed up to now."""
        return self.settled + sum(interval.cost(clock) for interval in self.current)

    def total_minutes(self, clock: Clock) -> int:
        """Started minutes owed up to now, of all replicas together."""
        running = sum(interval.owed_minutes(clock) for interval in self.current)
        return self.settled_minutes + running

    def price_now(self) -> float:
        """USD per hour that runs at this moment: replicas times price; 0 when nothing bills."""
        return sum(interval.replicas * interval.price_per_hour for interval in self.current)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Meter:
        """The meter that ``dataclasses.asdict`` turned into JSON."""
        current = data["current"] or []
        # Until November 2026 there was one interval, or none.
        intervals = [current] if isinstance(current, dict) else current
        return cls(
            settled=data["settled"],
            settled_minutes=data.get("settled_minutes", 0),
            current=[BilledInterval(**item) for item in intervals],
        )

    def _settle(self, interval: BilledInterval, clock: Clock) -> None:
        interval.end = clock.now()
        self.settled_minutes += interval.owed_minutes(clock)
        self.settled += interval.cost(clock)
