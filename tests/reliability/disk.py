"""A disk that is full from time to time, while everything goes on."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import psutil

from local_endpoints.client import ServiceError
from tests.fakes import spec_body
from tests.patience import eventually
from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.stand import CHAT, KINDS, Stand, standing


def full_disk(folder: Path, sizes: Sizes, report: Report) -> None:
    """What is asked for is refused, what happens goes on, and a kill afterwards loses nothing."""
    drawn = random.Random(sizes.seed)
    with standing(folder, report, minute=1.0) as stand:
        url = stand.add("tgi-text", "paying")
        for number in range(sizes.fills):
            _, most = stand.process.rlimit(psutil.RLIMIT_FSIZE)
            bill = stand.bill("paying")
            stand.process.rlimit(psutil.RLIMIT_FSIZE, (0, most))
            _is_refused(stand, report)
            replica = drawn.choice(stand.process.children())
            replica.kill()
            report.expect(
                eventually(lambda gone=replica: stand.is_replaced("paying", gone)),
                "a replica that died on a full disk was not replaced",
            )
            answer = stand.ask("POST", f"{url}/v1/chat/completions", json=_SHORT)
            if answer is not None:
                report.expect(answer.ok, f"{answer.status_code} {answer.text} on a full disk")
            ends_full = number % 2 == 1
            if not ends_full:
                stand.process.rlimit(psutil.RLIMIT_FSIZE, (most, most))
                # What could not be saved is tried again every second.
                time.sleep(1.5)
            begun = time.time()
            stand.kill(signal.SIGKILL if not ends_full else signal.SIGTERM)
            until = begun, time.time()
            stand.start()
            items = stand.call("GET")["items"]
            names = [item["name"] for item in items]
            report.expect(names == ["paying"], f"endpoints after a full disk: {names}")
            if not ends_full:
                stand.expect_bill(bill, stand.bill("paying"), until=until, lost=1)
            stand.call("POST", "/paying/resume")
            stand.running("paying")
            report.counts["ends on a full disk" if ends_full else "kills after a full disk"] += 1


_SHORT = {**CHAT, "max_tokens": 4}


def _is_refused(stand: Stand, report: Report) -> None:
    body = spec_body("another-one", model=dict(KINDS["tgi-text"]))
    for method, path, sent in (
        ("POST", "", body),
        ("PUT", "/paying", {"tags": ["new"]}),
        ("POST", "/paying/pause", None),
        ("DELETE", "/paying", None),
    ):
        try:
            stand.call(method, path, sent)
        except ServiceError as error:
            report.expect("nothing was changed" in str(error), f"{method} on a full disk: {error}")
        else:
            report.fault(f"{method} {path} on a full disk is not refused")
