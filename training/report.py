"""What an evaluation prints, and writes where it is told to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from training.files import write_whole


def report(measures: Mapping[str, object], out: Path | None) -> None:
    """Print measures as JSON and write the same text into ``out``, whose folder may be missing."""
    text = json.dumps(measures, indent=2)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, f"{text}\n".encode())
