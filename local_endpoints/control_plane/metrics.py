"""What has happened at one endpoint lately, in bounded memory: the numbers behind its graphs.

Answers are counted in slots of a quarter of a local minute, at least a second; the newest 1,800
that are not empty are kept. Durations go into classes that are 4 percent wide, so that a percentile
is off by 2 percent at most. Of what is pending and of the replicas the newest 1,800 changes are
kept.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, TypeVar

from local_endpoints.clock import Clock
from local_endpoints.replicas.replica import Phase

SLOT_MINUTES = 0.25
MOST_SLOTS = 1800
MOST_POINTS = 120
CLASS_WIDTH = 1.04
SHORTEST_SECONDS = 0.0001

T = TypeVar("T")
Point = tuple[float, float]
"""When, in seconds since the epoch, and how much."""


@dataclass(frozen=True)
class Window:
    """The time that a graph shows.

    Attributes:
        begin, end: in seconds since the epoch.
        step: seconds from one point to the next.
    """

    begin: float
    end: float
    step: int

    def moments(self) -> list[float]:
        """The beginnings of its steps, whole multiples of one."""
        if self.begin > self.end:
            return []
        first, last = (math.floor(moment / self.step) for moment in (self.begin, self.end))
        return [float(number * self.step) for number in range(first, last + 1)]


@dataclass
class Answers:
    """What was answered in a time.

    Attributes:
        statuses: how many had each status.
        durations: how many took how long, by the number of their class.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    durations: Counter[int] = field(default_factory=Counter)

    def add(self, other: Answers) -> None:
        """Also those."""
        self.statuses.update(other.statuses)
        self.durations.update(other.durations)

    def percentile(self, percent: int) -> float:
        """The seconds that so many percent of them did not take longer than. Raises: IndexError
        if there are none."""
        ordered = sorted(self.durations)
        counts = list(accumulate(self.durations[each] for each in ordered))
        rank = math.ceil(counts[-1] * percent / 100)
        return float(CLASS_WIDTH ** (ordered[bisect_left(counts, rank)] + 0.5))


class Metrics:
    """Takes notes and gives series of points.

    Args:
        clock: the one clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now()
        self._slot = max(1, round(SLOT_MINUTES * clock.minute))
        self._slots: dict[int, Answers] = {}
        self._pending: _Changes[int] = _Changes()
        self._replicas: _Changes[Mapping[str, Phase]] = _Changes()

    def answered(self, status: int, seconds: float) -> None:
        """A request was answered; ``seconds`` is how long that took, to the end of the answer."""
        number = int(self._clock.now() // self._slot)
        slot = self._slots.get(number)
        if slot is None:
            slot = self._slots[number] = Answers()
            if len(self._slots) > MOST_SLOTS:
                oldest = next(iter(self._slots))
                del self._slots[oldest]
                self._began = (oldest + 1) * self._slot
        slot.statuses[status] += 1
        slot.durations[_class_of(seconds)] += 1

    def note(self, *, pending: int, replicas: Mapping[str, Phase]) -> None:
        """How many requests have no status yet, and which replicas there are; call it often."""
        if pending != self._pending.newest:
            self._pending.append(self._clock.now(), pending)
        if replicas != self._replicas.newest:
            self._replicas.append(self._clock.now(), replicas)

    def window(self, begin: float, end: float) -> Window:
        """What can be shown of a time, in steps that make some 120 points at most: neither what
        was before the notes begin nor what has yet to come."""
        begin, end = max(begin, self._began), min(end, self._clock.now())
        slots = math.ceil((end - begin) / self._slot / MOST_POINTS)
        return Window(begin, end, max(1, slots) * self._slot)

    def answers(self, window: Window) -> dict[float, Answers]:
        """For each step what was answered in it."""
        steps = {moment: Answers() for moment in window.moments()}
        for number, answers in self._slots.items():
            step = steps.get(float(number * self._slot // window.step * window.step))
            if step is not None:
                step.add(answers)
        return steps

    def pending(self, window: Window) -> list[Point]:
        """The most requests that were pending at once."""
        return [(at, max(values)) for at, values in self._pending.over(window)]

    def replicas(self, window: Window) -> list[tuple[float, list[Mapping[str, Phase]]]]:
        """For each step the replicas that there were and how far each was, every change of it."""
        return list(self._replicas.over(window))


class _Changes(Generic[T]):
    """A value and when it changed.

    Attributes:
        newest: the value; None before the first.
    """

    def __init__(self) -> None:
        self.newest: T | None = None
        self._changes: deque[tuple[float, T]] = deque(maxlen=MOST_SLOTS)

    def append(self, at: float, value: T) -> None:
        """It has changed."""
        self.newest = value
        self._changes.append((at, value))

    def over(self, window: Window) -> Iterator[tuple[float, list[T]]]:
        """For each step the values that it had; none before the first note."""
        changes = list(self._changes)
        position, present = 0, list[T]()
        for moment in window.moments():
            values = present[-1:]
            while position < len(changes) and changes[position][0] < moment + window.step:
                at, value = changes[position]
                values = [*values, value] if at > moment else [value]
                position += 1
            present = values
            if values:
                yield moment, values


def _class_of(seconds: float) -> int:
    return math.floor(math.log(max(seconds, SHORTEST_SECONDS), CLASS_WIDTH))
