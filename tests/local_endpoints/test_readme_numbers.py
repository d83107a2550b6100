"""Numbers in the service's README are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

import local_endpoints
from local_endpoints import faults, gateway, journal
from local_endpoints.api import logs, management
from local_endpoints.control_plane import lifecycle, metrics, spec
from local_endpoints.replicas import log

README = Path(local_endpoints.__file__).with_name("README.md").read_text(encoding="utf-8")
SHORTEST_IDLE, LONGEST_IDLE = spec.SCALE_TO_ZERO_MINUTES

NUMBERS = [
    f"A namespace has at most {lifecycle.MOST_ENDPOINTS:,} endpoints, paused ones included",
    f"the latest {lifecycle.MOST_DELETED:,} that were deleted since the service started",
    f"`GET /_local/journal` has the newest {journal.MOST_ENTRIES:,} requests",
    f"records, also of replicas that are gone, a page of {logs.DEFAULT_LIMIT:,} unless `limit`",
    f"{logs.DEFAULT_LIMIT:,} records unless `limit` says otherwise, at most {logs.MOST_RECORDS:,}",
    f"that it is {logs.DEFAULT_TAIL:,} by default is ours",
    f"Of a replica's log {log.MOST_LINES:,} lines can be read there",
    f"the newest {metrics.MOST_SLOTS:,} of every endpoint that are not empty",
    f"There are at most {faults.MOST_FAULTS:,} faults",
    f"{management.PAGE_SIZE} endpoints unless `limit` says otherwise, and at most "
    f"{management.MAX_PAGE_SIZE}",
    f"| `compute.scaling.maxReplica` | approximated | at most {spec.MAX_REPLICAS} |",
    f"idle time outside {SHORTEST_IDLE:,} to {LONGEST_IDLE:,} minutes",
    f"the replica's key and not the token; at most {gateway.MAX_HOLD_SECONDS:.0f} s",
]


@pytest.mark.parametrize("sentence", NUMBERS)
def test_the_readme_says_it(sentence: str) -> None:
    assert sentence in README
