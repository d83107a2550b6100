"""``state.json``: where services until November 2026 kept what ``database`` keeps now."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from local_endpoints.control_plane.records import Saved

FORMAT = 1


@dataclass(frozen=True)
class StateJson:
    """The old file. It is read once and then kept under another name.

    Args:
        path: the file; it need not exist.
    """

    path: Path

    def read(self) -> Saved | None:
        """What was written; ``None`` if there is nothing.

        Raises:
            one of ``records.UNREADABLE``: an old service has not written it.
            OSError: the disk does not let us read it.
        """
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        if data.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        return Saved(data.get("port"), data.get("saved_at"), data.get("endpoints"))

    def retire(self) -> None:
        """Rename it, if it is there: what it says is kept elsewhere by now."""
        with contextlib.suppress(OSError):
            os.replace(self.path, self.path.with_name(f"{self.path.name}.migrated"))

    def put_aside(self) -> Path:
        """Rename a file that cannot be read. Returns: its new path."""
        aside = self.path.with_suffix(".unreadable.json")
        os.replace(self.path, aside)
        return aside
