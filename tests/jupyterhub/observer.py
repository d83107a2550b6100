"""What a class takes: memory, by part, and the times of its requests."""

from __future__ import annotations

import threading
from typing import Any

import psutil

from benchmarks.common import own_mb
from tests.jupyterhub.stand import Stand

SAMPLE_SECONDS = 0.5
PARTS = ("JupyterHub and its proxy", "learners' servers", "their kernels", "service and replicas")


class Observer(threading.Thread):
    """Looks at the memory and at the service's journal until it is told to stop.

    Attributes:
        peaks: the most MB of each part (``own_mb``).
        entries: of the journal, by time and path.
        busy: processor seconds of each part.
    """

    def __init__(self, stand: Stand) -> None:
        super().__init__(daemon=True)
        self.peaks = dict.fromkeys(PARTS, 0.0)
        self.busy = dict.fromkeys(PARTS, 0.0)
        self.entries: dict[tuple[float, str], dict[str, Any]] = {}
        self._stand = stand
        self._spent: dict[int, float] = {}
        self._end = threading.Event()
        self._look()
        self.busy = dict.fromkeys(PARTS, 0.0)

    def run(self) -> None:
        while not self._end.wait(SAMPLE_SECONDS):
            self._look()

    def stop(self) -> None:
        """Look a last time."""
        self._end.set()
        self.join()
        self._look()

    @property
    def chats(self) -> list[float]:
        """Seconds of those that were answered."""
        return [
            each["seconds"]
            for each in self.entries.values()
            if each["path"].endswith("/chat/completions") and each["status"] == 200
        ]

    def _look(self) -> None:
        for each in self._stand.info.call("GET", "/_local/journal")["items"]:
            self.entries[each["at"], each["path"]] = each
        now = dict.fromkeys(PARTS, 0.0)
        for root in (self._stand.hub, psutil.Process(self._stand.info.pid)):
            for process in (root, *root.children(recursive=True)):
                try:
                    part = self._part(process)
                    now[part] += own_mb(process)
                    spent = sum(process.cpu_times()[:2])
                except psutil.Error:
                    continue
                self.busy[part] += spent - self._spent.get(process.pid, 0.0)
                self._spent[process.pid] = spent
        self.peaks = {part: max(peak, now[part]) for part, peak in self.peaks.items()}

    def _part(self, process: psutil.Process) -> str:
        command = " ".join(process.cmdline())
        if "local_endpoints" in command:
            return PARTS[3]
        if "ipykernel" in command:
            return PARTS[2]
        return PARTS[1] if "singleuser" in command else PARTS[0]
