"""The processes that use a service which was started on their behalf."""

from __future__ import annotations

from dataclasses import dataclass, field

import psutil

from local_endpoints.clock import Clock

LINGER_MINUTES = 15


@dataclass
class Owners:
    """Decides when a service that nobody uses any more ends itself.

    A kernel that is killed cannot say goodbye, so its process is watched. The service lingers for
    fifteen local minutes, the time after which an idle endpoint scales to zero too, so that a
    restarted kernel finds its endpoints.

    Args:
        clock: the one clock.
        keep: never end; for a service that somebody started by hand.
    """

    clock: Clock
    keep: bool
    _started: dict[int, float] = field(default_factory=dict)
    _alone_since: float | None = None

    def add(self, pid: int) -> None:
        """Watch one more process. One that is gone already is ignored."""
        try:
            # The start time tells a process from a later one with the same id.
            self._started[pid] = psutil.Process(pid).create_time()
        except psutil.Error:
            return
        self._alone_since = None

    def gone_for_good(self) -> bool:
        """Whether all owners have been gone for fifteen local minutes."""
        if self.keep:
            return False
        self._started = {
            pid: started for pid, started in self._started.items() if _runs(pid, started)
        }
        if self._started:
            self._alone_since = None
            return False
        if self._alone_since is None:
            self._alone_since = self.clock.now()
        return self.clock.now() - self._alone_since >= LINGER_MINUTES * self.clock.minute


def _runs(pid: int, started: float) -> bool:
    try:
        process = psutil.Process(pid)
        return bool(process.create_time() == started and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
    except OSError:
        # Nobody can look now, for want of a descriptor: that is no reason to call it gone.
        return True
