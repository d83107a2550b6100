"""Measures the pocket Gemma as it is served; needs no torch.

``python -m training.gemma.second.evaluate`` prints a table; ``--json FILE`` writes
every answer, with the everyday chats that are to be read.
"""

from __future__ import annotations

from pathlib import Path

from training.language import measures, poem_measures
from training.language.report import Rows, report
from training.language.speaker import Speaker

FOLDER = Path(__file__).parents[3] / "local_endpoints/models/gemma"
NAME = "Pocket Gemma"


def measure(speaker: Speaker, rows: Rows) -> dict[str, float]:
    """All figures; the answers go into ``rows``."""
    figures = poem_measures.poems(speaker, log=rows)
    figures |= poem_measures.variety(speaker)
    figures |= measures.common(speaker, me=NAME, log=rows)
    figures |= measures.unseen(speaker, log=rows, calls=False)
    measures.everyday(speaker, log=rows)
    return figures


if __name__ == "__main__":
    report(measure, folder=FOLDER, what="pocket Gemma")
