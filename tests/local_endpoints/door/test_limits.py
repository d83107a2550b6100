"""How many connections a process can serve, and the descriptors that it takes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from local_endpoints.door.limits import Limits


@pytest.mark.parametrize(
    ("descriptors", "connections"), [(8192, 2048), (1024, 472), (256, 88), (64, 1), (0, 1)]
)
def test_connections_leave_room_for_what_answers_them(descriptors: int, connections: int) -> None:
    assert Limits().within(descriptors) == connections


@pytest.mark.skipif(os.name != "posix", reason="only POSIX counts descriptors")
@pytest.mark.parametrize(
    ("soft", "hard", "expected"), [(256, 1024, "1024 1024"), (256, 256, "256 256")]
)
def test_descriptors_are_raised_as_far_as_they_may(soft: int, hard: int, expected: str) -> None:
    program = (
        "import resource; from local_endpoints.door.limits import raise_descriptors; "
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard})); "
        "print(raise_descriptors(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == expected, done.stderr
