"""What an endpoint costs if nobody looks after it."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.panel.words import price, usd

NIGHT_HOURS = 14
"""From 18:00 until 8:00."""
WEEKEND_HOURS = 63
"""From Friday 18:00 until Monday 9:00."""
MONTH_HOURS = 730


@dataclass(frozen=True)
class Costs:
    """The price of some replicas.

    Attributes:
        usd_per_hour: of one replica; NaN if it is not in the price list.
        replicas: how many may run at most.
    """

    usd_per_hour: float
    replicas: int = 1

    @property
    def hourly(self) -> float:
        """USD per hour, all replicas together."""
        return self.usd_per_hour * max(1, self.replicas)

    def rows(self) -> list[tuple[str, str]]:
        """What to know before renting, as lines of a table."""
        at_most = f", {self.replicas} replicas at most" if self.replicas > 1 else ""
        return [
            ("per hour", f"{price(self.hourly)}{at_most}"),
            (f"forgotten over night ({NIGHT_HOURS} h)", usd(self.hourly * NIGHT_HOURS)),
            (f"forgotten over a weekend ({WEEKEND_HOURS} h)", usd(self.hourly * WEEKEND_HOURS)),
            ("a whole month", usd(self.hourly * MONTH_HOURS)),
        ]
