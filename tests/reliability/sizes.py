"""How much is tried: a sample with every test run, all of it by hand."""

from __future__ import annotations

import signal
from dataclasses import dataclass

# Windows has no SIGHUP; the trials need signals of POSIX anyway.
SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT")
    if hasattr(signal, name)
)


@dataclass(frozen=True)
class Sizes:
    """One column of the table.

    Attributes:
        kills: of the service, of a replica and of a kernel, by each of the signals.
        signals: those signals.
        cases: requests made from the OpenAPI documents, all documents together.
        fills: how often the disk is filled.
        clients: at once.
        load_seconds: for which they ask.
        soak_minutes: real ones, at a low rate.
        is_patient: whether the door's deadlines are waited for.
        descriptors: the limit of a service that has too few.
        seed: of everything that is drawn.
    """

    kills: int
    signals: tuple[signal.Signals, ...]
    cases: int
    fills: int
    clients: int
    load_seconds: float
    soak_minutes: float
    is_patient: bool
    descriptors: int = 256
    seed: int = 0


SHORT = Sizes(
    kills=1, signals=SIGNALS[:1], cases=60, fills=1,
    clients=100, load_seconds=1.5, soak_minutes=0.02, is_patient=False,
)  # fmt: skip
LONG = Sizes(
    kills=20, signals=SIGNALS, cases=10_000, fills=20,
    clients=200, load_seconds=60.0, soak_minutes=30.0, is_patient=True,
)  # fmt: skip
