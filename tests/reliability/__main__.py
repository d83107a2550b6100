"""``python -m tests.reliability``: all trials in their full size, one after the other, or some."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import traceback
from dataclasses import fields, replace
from pathlib import Path

from tests.reliability.report import Report
from tests.reliability.sizes import LONG, Sizes
from tests.reliability.trials import TRIALS


def main() -> int:
    """Run the trials and print a table of figures. Returns: 1 if there is any fault."""
    options = _parser().parse_args()
    # Whoever ends this ends its services as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # What `nohup` ignores, the services would ignore as well. A handler is not inherited.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda number, frame: None)
    given = {each.name: getattr(options, each.name, None) for each in fields(Sizes)}
    sizes = replace(LONG, **{name: value for name, value in given.items() if value is not None})
    reports = []
    for name in options.only or TRIALS:
        report = Report(name, live=True)
        reports.append(report)
        report.say("begins")
        with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
            try:
                with report.timed("all of it, s"):
                    TRIALS[name](Path(folder) / "state", sizes, report)
            except Exception:
                report.fault(traceback.format_exc())
        print(*report.lines(), sep="\n", flush=True)
    print(f"\nload of this computer: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    print(*(line for report in reports for line in report.lines()), sep="\n")
    faults = [f"{report.trial}: {fault}" for report in reports for fault in report.faults]
    print("\n".join(faults) or "no faults", flush=True)
    return bool(faults)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument(
        "--minutes", dest="soak_minutes", type=float, metavar="N",
        help=f"of soak; default {LONG.soak_minutes:g}",
    )  # fmt: skip
    for name in ("kills", "cases", "fills", "clients", "seed"):
        parser.add_argument(
            f"--{name}", type=int, metavar="N", help=f"default {getattr(LONG, name)}"
        )
    parser.add_argument(
        "--signals", type=signal.Signals.__getitem__, nargs="+", metavar="SIGNAL",
        help=f"default {' '.join(each.name for each in LONG.signals)}",
    )  # fmt: skip
    parser.add_argument(
        "--only", nargs="+", choices=TRIALS, metavar="TRIAL", help=", ".join(TRIALS)
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
