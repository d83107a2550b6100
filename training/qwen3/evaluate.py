"""Measures the pocket Qwen3 as it is served; needs no torch.

``python -m training.qwen3.evaluate`` prints the table of the model card; ``--json FILE`` writes
every answer, with the everyday chats that are to be read.
"""

from __future__ import annotations

from pathlib import Path

from training.language import errand_runs, measures, poem_measures
from training.language.report import Rows, report
from training.language.speaker import Speaker
from training.language.trials.sets import SETS

FOLDER = Path(__file__).parents[2] / "local_endpoints/models/qwen3"
NAME = "Pocket Qwen"


def measure(speaker: Speaker, rows: Rows) -> dict[str, float]:
    """All figures; the answers go into ``rows``."""
    figures = measures.common(speaker, me=NAME, log=rows)
    figures |= measures.functions(speaker, me=NAME, log=rows)
    for trials in SETS:
        figures |= measures.by_hand(speaker, trials, log=rows, calls=True)
        figures |= errand_runs.errands(speaker, trials, log=rows)
        measures.everyday(speaker, trials, log=rows)
    figures |= poem_measures.variety(speaker)
    return figures


if __name__ == "__main__":
    report(measure, folder=FOLDER, what="pocket Qwen3")
