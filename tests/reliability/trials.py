"""All trials, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.reliability.disk import full_disk
from tests.reliability.fuzz import fuzz
from tests.reliability.kills import kill_kernels, kill_replicas, kill_services
from tests.reliability.load import load, load_on_few_descriptors
from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.soak import soak
from tests.reliability.sockets import raw_sockets

Trial = Callable[[Path, Sizes, Report], None]

TRIALS: Mapping[str, Trial] = {
    trial.__name__: trial
    for trial in (
        *(kill_services, kill_replicas, kill_kernels, fuzz, raw_sockets),
        *(full_disk, load, load_on_few_descriptors, soak),
    )
}
