"""How many replicas an endpoint should have, between ``minReplica`` and ``maxReplica``.

Thresholds and rhythm are those of the service's guide to autoscaling (2026): a replica is added
when pending requests are more than 1.5 per replica, taken over 20 seconds, or hardware use reaches
80 percent, taken over a minute; this is looked at every minute, and every two minutes whether one
can go, which happens once in 300 seconds at most. The guide does not say when one can go: here,
when those that stay would not be over the threshold.

A replica is *in use* while it has a request to answer. A GPU's use is measured like that, too: as
the share of time in which it does anything at all.
"""

from __future__ import annotations

from collections import deque

from local_endpoints.clock import Clock
from local_endpoints.control_plane.spec import Scaling
from local_endpoints.control_plane.traffic import Traffic

THRESHOLDS = {"hardwareUsage": 80.0, "pendingRequests": 1.5}
DEFAULT_MEASURE = "hardwareUsage"
# All in local minutes.
WINDOWS = {"hardwareUsage": 1.0, "pendingRequests": 20 / 60}
UP_MINUTES = 1.0
DOWN_MINUTES = 2.0
STABILIZATION_MINUTES = 300 / 60


class Autoscaler:
    """Decides for one deployment, from the moment at which it runs.

    Args:
        clock: the one clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._means = {name: _Mean(clock, minutes) for name, minutes in WINDOWS.items()}
        self._next_up = self._next_down = 0.0
        self.begin()

    def begin(self) -> None:
        """The deployment runs: the first look is one minute away."""
        self._next_up = self._after(UP_MINUTES)
        self._next_down = self._after(DOWN_MINUTES)

    def observe(self, traffic: Traffic) -> None:
        """Take note of what is asked; call it often."""
        self._means["pendingRequests"].note(traffic.pending)
        self._means["hardwareUsage"].note(100 * traffic.busy)

    def decide(self, scaling: Scaling, replicas: int) -> int:
        """How many there should be, where ``replicas`` are wanted until now: as many, one more or
        one less."""
        now = self._clock.now()
        if now >= self._next_up:
            self._next_up = self._after(UP_MINUTES)
            if replicas < scaling.max_replica and self._is_too_much(scaling, replicas):
                return replicas + 1
        if now >= self._next_down:
            self._next_down = self._after(DOWN_MINUTES)
            fewest = max(1, scaling.min_replica)
            if replicas > fewest and not self._is_too_much(scaling, replicas - 1):
                self._next_down = self._after(STABILIZATION_MINUTES)
                return replicas - 1
        return replicas

    def _is_too_much(self, scaling: Scaling, replicas: int) -> bool:
        """Whether so many replicas would be over the threshold. Of several measures the first
        counts; clients send one."""
        measure, wish = next(iter((scaling.measure or {DEFAULT_MEASURE: None}).items()))
        threshold = THRESHOLDS[measure] if wish is None else wish
        load = self._means[measure].value() / replicas
        return load >= threshold if measure == "hardwareUsage" else load > threshold

    def _after(self, minutes: float) -> float:
        return self._clock.now() + minutes * self._clock.minute


class _Mean:
    """The mean of a number over the last ``minutes``; it was 0 before the first note."""

    def __init__(self, clock: Clock, minutes: float) -> None:
        self._clock = clock
        self._window = minutes * clock.minute
        # From which moment on it had which value; the first may lie before the window.
        self._steps: deque[tuple[float, float]] = deque()

    def note(self, value: float) -> None:
        now = self._clock.now()
        if not self._steps or self._steps[-1][1] != value:
            self._steps.append((now, value))
        while len(self._steps) > 1 and self._steps[1][0] <= now - self._window:
            self._steps.popleft()

    def value(self) -> float:
        end = self._clock.now()
        begin, total = end - self._window, 0.0
        for since, value in reversed(self._steps):
            total += value * (end - max(since, begin))
            end = max(since, begin)
        # What is left of seconds since 1970 after subtraction is exact to some microseconds.
        return round(total / self._window, 3)
