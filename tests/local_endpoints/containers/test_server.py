"""A container whose work another server does."""

from __future__ import annotations

import subprocess
import sys

from local_endpoints.replicas.wire import parse_ready_line
from tests.patience import WAIT_SECONDS

PROGRAM = """
import os, sys
from local_endpoints.containers.server import stand_by

def listen():
    os.write(2, b"0.00.259.496 ")  # half a line of its log
    return "http://127.0.0.1:1/replica"

stand_by(listen, key="a key")
"""


def test_its_address_stands_on_a_line_of_its_own_whatever_its_log_is_writing() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    found = None
    while found is None:
        line = process.stdout.readline()
        assert line, "it ended without having said its address"
        found = parse_ready_line(line.rstrip(), "a key")
    assert found == "http://127.0.0.1:1/replica"
    process.terminate()
    assert process.wait(WAIT_SECONDS) == 0
    process.stdout.close()
