"""Whether memory and descriptors grow: of the service and of each of its replicas."""

from __future__ import annotations

import contextlib
import statistics
from typing import Any

import psutil

MB = 1_000_000
GROWTH_MB = 25.0
"""What may come from the allocator's caches, whose size depends on what came together."""
GROWTH_DESCRIPTORS = 10


class Levels:
    """Measures again and again; the first measurement comes after the warm-up.

    Args:
        stand: whose processes.
    """

    def __init__(self, stand: Any) -> None:
        self._stand = stand
        self._memory: dict[str, list[float]] = {}
        self._descriptors: dict[str, list[int]] = {}

    def _processes(self) -> list[tuple[str, Any]]:
        service = self._stand.process
        replicas = [(f"replica {each.pid}", each) for each in service.children()]
        return [("service", service), *replicas]

    def measure(self) -> None:
        """Look at every process that was there at the first look."""
        for name, process in self._processes():
            with contextlib.suppress(psutil.Error):
                self._memory.setdefault(name, []).append(process.memory_info().rss / MB)
                self._descriptors.setdefault(name, []).append(process.num_fds())

    def is_quiet(self) -> bool:
        """Whether nobody has more descriptors than at the first look, or few more: servers notice
        one after the other that a crowd has gone."""
        return all(
            process.num_fds() <= self._descriptors[name][0] + GROWTH_DESCRIPTORS
            for name, process in self._processes()
            if name in self._descriptors
        )

    def expect_flat(self) -> None:
        """Note the growth from the first fifth of the measurements to the last, and a fault where
        it is too much."""
        report = self._stand.report
        for levels, unit, most in (
            (self._memory, "RSS, MB", GROWTH_MB),
            (self._descriptors, "descriptors", GROWTH_DESCRIPTORS),
        ):
            for name, values in levels.items():
                part = max(1, len(values) // 5)
                first, last = (statistics.median(side) for side in (values[:part], values[-part:]))
                who = name.partition(" ")[0]
                report.longest(f"{who}: {unit}, at the end", last)
                report.longest(f"{who}: growth of {unit}", last - first)
                report.expect(
                    last - first <= most, f"{name}: {unit} grew from {first:.0f} to {last:.0f}"
                )
