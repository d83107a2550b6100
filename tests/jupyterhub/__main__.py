"""A class on one server, for real: JupyterHub, its users' own servers and kernels, one service.

    pip install -e ".[jupyterhub]"
    python -m tests.jupyterhub --learners 20

nbclient executes notebook 1 for all learners at once and without a pause, each in a kernel of the
learner's own server, which the Hub has started, and through the Hub's proxy. The service's journal
says how long the chats took, those included that wait for an endpoint to start. nbclient, which
stands for the learners' browsers, runs on the same computer and is not counted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat

from benchmarks.common import markdown
from tests.jupyterhub.observer import Observer
from tests.jupyterhub.stand import Run, is_installed, standing

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "01_llm_gemma.ipynb"
LESSON_SECONDS = 3600.0


def main() -> int:
    """Measure and print. Returns: 1 if a notebook failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="an empty one, where logs and notebooks stay")
    options = parser.parse_args()
    if not is_installed():
        raise SystemExit('JupyterHub or its proxy is missing: pip install -e ".[jupyterhub]"')
    users = [f"learner-{number:02}" for number in range(1, options.learners + 1)]
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with tempfile.TemporaryDirectory() as name, standing(options.folder or Path(name)) as stand:
        for user in users:
            stand.start_server(user)
        observer, begun = Observer(stand), time.perf_counter()
        observer.start()
        failed = _failed([stand.begin(user, notebook) for user in users])
        seconds = time.perf_counter() - begun
        observer.stop()
    _report(options.learners, failed, seconds, observer)
    return 1 if failed else 0


def _failed(runs: Sequence[Run]) -> list[str]:
    failed = []
    for run in runs:
        try:
            run.done(LESSON_SECONDS)
        except AssertionError as error:
            failed.append(run.user)
            print(f"{run.user}: {error}", file=sys.stderr)
    return failed


def _report(learners: int, failed: Sequence[str], seconds: float, observer: Observer) -> None:
    hundredths = statistics.quantiles(observer.chats, n=100, method="inclusive")
    print(
        f"{learners} learners at once, {learners - len(failed)} notebooks without an error, "
        f"{seconds:.0f} s. {len(observer.chats)} chats: p50 {hundredths[49]:.2f} s, "
        f"p99 {hundredths[98]:.2f} s, the longest {max(observer.chats):.2f} s\n"
    )
    rows = [["", "at most, MB", "per learner", "processor seconds", "per learner"]]
    for part, megabytes in observer.peaks.items():
        busy = observer.busy[part]
        rows.append(
            [
                *(part, f"{megabytes:.0f}", f"{megabytes / learners:.0f}"),
                *(f"{busy:.0f}", f"{busy / learners:.1f}"),
            ]
        )
    print(markdown(rows))


if __name__ == "__main__":
    sys.exit(main())
