"""How fast a training learns at each of its steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """Learning rate by step: linear warm-up, constant, then linear decay over the last part.

    A run that is still improving is continued from its last checkpoint before the decay with
    more steps; nothing of the constant part is lost.
    """

    steps: int
    peak: float
    final: float
    warm_up: int = 200
    decay_from: float = 0.7
    """Share of the steps after which the rate decays."""

    def rate(self, step: int) -> float:
        """The rate of a step, counted from 0."""
        if step < self.warm_up:
            return self.peak * (step + 1) / self.warm_up
        start = self.decay_from * self.steps
        if step < start:
            return self.peak
        done = min(1.0, (step - start) / max(1.0, self.steps - start))
        return self.peak + (self.final - self.peak) * done
