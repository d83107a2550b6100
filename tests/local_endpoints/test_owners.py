from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.owners import LINGER_MINUTES, Owners


@pytest.fixture
def short_lived() -> subprocess.Popen[bytes]:
    """A process that waits for its end."""
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def test_it_lingers_after_the_last_owner_is_gone(
    clock: ManualClock, short_lived: subprocess.Popen[bytes]
) -> None:
    owners = Owners(clock, keep=False)
    owners.add(short_lived.pid)
    clock.advance(minutes=1000)
    assert not owners.gone_for_good()
    end(short_lived)
    assert not owners.gone_for_good()
    clock.advance(minutes=LINGER_MINUTES, seconds=-1)
    assert not owners.gone_for_good()
    clock.advance(seconds=1)
    assert owners.gone_for_good()


def test_one_owner_is_enough(clock: ManualClock, short_lived: subprocess.Popen[bytes]) -> None:
    owners = Owners(clock, keep=False)
    owners.add(short_lived.pid)
    owners.add(os.getpid())
    end(short_lived)
    owners.gone_for_good()
    clock.advance(minutes=1000)
    assert not owners.gone_for_good()


def test_a_new_owner_in_time_saves_it(
    clock: ManualClock, short_lived: subprocess.Popen[bytes]
) -> None:
    owners = Owners(clock, keep=False)
    owners.add(short_lived.pid)
    end(short_lived)
    owners.gone_for_good()
    clock.advance(minutes=LINGER_MINUTES - 1)
    owners.add(os.getpid())
    clock.advance(minutes=LINGER_MINUTES)
    assert not owners.gone_for_good()


def test_a_service_started_by_hand_stays(clock: ManualClock) -> None:
    owners = Owners(clock, keep=True)
    clock.advance(minutes=100_000)
    assert not owners.gone_for_good()


def test_a_later_process_with_the_same_id_is_somebody_else(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners = Owners(clock, keep=False)
    owners.add(os.getpid())
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: 12345.0)
    owners.gone_for_good()
    clock.advance(minutes=LINGER_MINUTES)
    assert owners.gone_for_good()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are files there")
def test_without_a_descriptor_to_look_nobody_is_gone(clock: ManualClock) -> None:
    import resource

    owners = Owners(clock, keep=False)
    owners.add(os.getpid())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        assert not owners.gone_for_good()
        clock.advance(minutes=1000)
        assert not owners.gone_for_good()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
