"""What a trial found out: figures for people, faults for the exit status."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MOST_FAULTS = 40


@dataclass
class Report:
    """Figures and faults of one trial.

    Attributes:
        trial: its name.
        live: whether they are printed as they come.
        figures: by name; the longest of several times is kept by `longest`.
        faults: sentences, each with what is needed to see it again; the first ones only.
        fault_count: how many there are.
        counts: how often something was done or answered.
    """

    trial: str
    live: bool = False
    figures: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    fault_count: int = 0

    def say(self, text: str) -> None:
        """Tell whoever watches."""
        if self.live:
            print(f"{time.strftime('%H:%M:%S')} {self.trial}: {text}", flush=True)

    def fault(self, text: str) -> None:
        """Note what must not be. The same in other circumstances is counted only."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)
            self.say(f"FAULT {text}")

    def expect(self, holds: bool, text: str) -> None:
        """Note a fault unless it holds."""
        if not holds:
            self.fault(text)

    def longest(self, name: str, seconds: float) -> None:
        """Keep the longest of several times."""
        self.figures[name] = max(seconds, self.figures.get(name, 0.0))

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Keep how long it takes, if that is the longest."""
        begun = time.monotonic()
        yield
        self.longest(name, time.monotonic() - begun)

    def lines(self) -> list[str]:
        """The figures as rows of a table."""
        rows = {"faults": str(self.fault_count)}
        rows.update({name: str(count) for name, count in sorted(self.counts.items())})
        rows.update({name: f"{value:.3g}" for name, value in self.figures.items()})
        return [f"{self.trial:<24} {name:<44} {value:>10}" for name, value in rows.items()]
