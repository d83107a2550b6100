from __future__ import annotations

import pytest

from local_endpoints.control_plane.traffic import Traffic
from tests.fakes import FakeReplica
from tests.local_endpoints.control_plane.fleet import Fleet


@pytest.fixture
def replicas(fleet: Fleet) -> list[FakeReplica]:
    fleet.running(scaling={"minReplica": 2, "maxReplica": 2})
    return fleet.launcher.launched


def numbers(traffic: Traffic) -> tuple[int, int, int]:
    return traffic.pending, traffic.in_flight, traffic.busy


def test_from_held_to_over(replicas: list[FakeReplica]) -> None:
    traffic = Traffic()
    with traffic.holding():
        assert numbers(traffic) == (1, 0, 0)
    traffic.begin("a", replicas[0])
    assert numbers(traffic) == (1, 1, 1)
    traffic.answered("a")
    assert numbers(traffic) == (0, 1, 1), "a stream that has begun is not pending any more"
    traffic.end("a")
    assert numbers(traffic) == (0, 0, 0)


def test_a_replica_is_busy_once(replicas: list[FakeReplica]) -> None:
    traffic = Traffic()
    for request, replica in [("a", 0), ("b", 0), ("c", 1)]:
        traffic.begin(request, replicas[replica])
    assert numbers(traffic) == (3, 3, 2)
    traffic.end("a")
    assert numbers(traffic) == (2, 2, 2)
    traffic.end("b")
    assert numbers(traffic) == (1, 1, 1)


def test_the_end_of_what_never_began_is_harmless(replicas: list[FakeReplica]) -> None:
    traffic = Traffic()
    traffic.end("a")
    traffic.answered("a")
    assert numbers(traffic) == (0, 0, 0)


def test_a_hold_that_is_broken_off_is_over() -> None:
    traffic = Traffic()
    with pytest.raises(KeyError), traffic.holding():
        raise KeyError
    assert traffic.pending == 0
