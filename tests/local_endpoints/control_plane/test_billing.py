from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.billing import Meter

PRICE = 60.0  # USD per hour: one dollar per minute


def started(clock: ManualClock, replicas: int = 1) -> Meter:
    meter = Meter()
    meter.start(replicas=replicas, price_per_hour=PRICE, clock=clock)
    return meter


def test_nothing_is_owed_before_a_replica_was_ready(clock: ManualClock) -> None:
    meter = started(clock)
    clock.advance(minutes=5)
    assert meter.total(clock) == 0
    meter.stop(clock)
    assert meter.total(clock) == 0


def test_once_ready_the_starting_time_is_owed_too(clock: ManualClock) -> None:
    meter = started(clock)
    clock.advance(minutes=5)
    meter.confirm()
    assert meter.total(clock) == pytest.approx(5)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (60.5, 2), (120, 2)])
def test_every_started_minute_counts(clock: ManualClock, seconds: float, minutes: int) -> None:
    meter = started(clock)
    meter.confirm()
    clock.advance(seconds=seconds)
    assert meter.total(clock) == pytest.approx(minutes)


def test_a_local_minute_is_what_the_clock_says() -> None:
    clock = ManualClock(minute=0.1)
    meter = started(clock)
    meter.confirm()
    for _ in range(30):
        clock.advance(minutes=1)
    assert meter.total(clock) == pytest.approx(30)


def test_replicas_multiply_the_price(clock: ManualClock) -> None:
    meter = started(clock, replicas=3)
    assert meter.price_now() == 3 * PRICE
    meter.confirm()
    clock.advance(minutes=2)
    assert meter.total(clock) == pytest.approx(6)


def test_stopped_intervals_add_up_and_time_between_them_is_free(clock: ManualClock) -> None:
    meter = started(clock)
    meter.confirm()
    clock.advance(minutes=2)
    meter.stop(clock)
    clock.advance(minutes=100)
    assert meter.price_now() == 0
    meter.start(replicas=1, price_per_hour=2 * PRICE, clock=clock)
    meter.confirm()
    clock.advance(minutes=3)
    assert meter.total(clock) == pytest.approx(2 + 6)


def test_every_replica_has_its_own_minutes(clock: ManualClock) -> None:
    meter = started(clock)
    meter.confirm()
    clock.advance(minutes=2.5)
    meter.start(replicas=1, price_per_hour=2 * PRICE, clock=clock, confirmed=True)
    assert meter.price_now() == 3 * PRICE
    clock.advance(minutes=1)
    assert meter.total(clock) == pytest.approx(4 + 2 * 1)
    clock.advance(minutes=1)
    assert meter.total(clock) == pytest.approx(5 + 2 * 2)


@pytest.mark.parametrize(("newest", "price"), [(True, 3), (False, 3 * 5)])
def test_one_replica_of_several_ends(clock: ManualClock, newest: bool, price: int) -> None:
    meter = started(clock, replicas=3)
    clock.advance(minutes=2)
    meter.start(replicas=1, price_per_hour=5 * PRICE, clock=clock)
    meter.confirm()
    clock.advance(minutes=2)
    before = meter.total(clock)
    meter.end_one(clock, newest=newest)
    assert meter.total(clock) == before
    assert meter.price_now() == (3 if newest else 2 + 5) * PRICE
    clock.advance(minutes=1)
    assert meter.total(clock) == before + (3 if newest else 2 + 5)


def test_a_replica_that_was_not_owed_ends_for_nothing(clock: ManualClock) -> None:
    meter = started(clock, replicas=2)
    clock.advance(minutes=2)
    meter.end_one(clock, newest=True)
    meter.confirm()
    assert meter.total(clock) == 2


Step = tuple[float, str]
"""Minutes after the one before, and what happens: ``+`` a replica starts, ``-`` the oldest one
ends, ``ready``, ``stop``, or nothing."""


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        pytest.param([(0, "+"), (0, "ready"), (3, "stop")], 3, id="one"),
        pytest.param([(0, "+"), (0, "ready"), (2.1, "+"), (1, "stop")], 4 + 1, id="one more"),
        pytest.param([(0, "+"), (0, "+"), (0, "ready"), (2, "-"), (3, "")], 2 + 5, id="one less"),
        pytest.param(
            [(0, "+"), (0, "ready"), (1.5, "+"), (0.2, "-"), (0.9, "stop")], 2 + 2, id="exchanged"
        ),
        pytest.param(
            [(0, "+"), (0, "ready"), (0.1, "+"), (0.1, "-"), (0.1, "+"), (0.1, "-")],
            1 + 1 + 1,
            id="each begins a minute of its own",
        ),
        pytest.param([(0, "+"), (9, "+"), (1, "ready"), (0, "stop")], 10 + 1, id="late"),
        pytest.param([(0, "+"), (9, "+"), (1, "stop")], 0, id="never ready"),
        pytest.param(
            [(0, "+"), (5, "stop"), (9, "+"), (1, "ready"), (0.1, "stop")], 2, id="at the second go"
        ),
        pytest.param(
            [(0, "+"), (0, "ready"), (2, "stop"), (9, "+"), (1, "")], 2, id="not ready again yet"
        ),
    ],
)
def test_the_minutes_of_changing_replicas(
    clock: ManualClock, steps: list[Step], minutes: int
) -> None:
    meter, is_ready = Meter(), False
    for later, event in steps:
        clock.advance(minutes=later)
        if event == "+":
            meter.start(replicas=1, price_per_hour=PRICE, clock=clock, confirmed=is_ready)
        elif event == "-":
            meter.end_one(clock, newest=False)
        elif event == "ready":
            meter.confirm()
        elif event == "stop":
            meter.stop(clock)
        is_ready = event == "ready" or (is_ready and event != "stop")
    assert meter.total_minutes(clock) == minutes
    assert meter.total(clock) == pytest.approx(minutes * PRICE / 60)


@pytest.mark.parametrize(
    ("current", "price"),
    [
        (None, 0.0),
        ({"start": 0.0, "replicas": 2, "price_per_hour": 3.0, "end": None, "confirmed": True}, 6.0),
    ],
)
def test_meters_of_an_older_service_are_read(current: Any, price: float) -> None:
    meter = Meter.from_json({"settled": 1.0, "current": current})
    assert (meter.settled, meter.settled_minutes, meter.price_now()) == (1.0, 0, price)
    clock = ManualClock(minute=10, start=0)
    clock.advance(minutes=2)
    assert meter.total(clock) == pytest.approx(1 + 2 * price / 60), "minutes are the clock's"


@pytest.mark.parametrize("stop", ["all", "one"])
def test_an_interval_keeps_its_minute_whatever_the_next_clock_says(
    clock: ManualClock, stop: str
) -> None:
    meter = started(clock)
    meter.confirm()
    again = Meter.from_json(json.loads(json.dumps(asdict(meter))))
    other = ManualClock(minute=1)
    other.advance(seconds=150)
    assert again.total_minutes(other) == 3
    if stop == "all":
        again.stop(other)
    else:
        again.end_one(other, newest=True)
    assert again.total(other) == pytest.approx(3)
    again.start(replicas=1, price_per_hour=PRICE, clock=other, confirmed=True)
    other.advance(seconds=5)
    assert again.total_minutes(other) == 3 + 5, "the new one's minutes are the new clock's"


def test_stopping_and_confirming_nothing_is_harmless(clock: ManualClock) -> None:
    meter = Meter()
    meter.stop(clock)
    meter.confirm()
    assert meter.total(clock) == 0


def test_survives_json(clock: ManualClock) -> None:
    meter = started(clock)
    meter.confirm()
    clock.advance(minutes=2)
    meter.stop(clock)
    meter.start(replicas=1, price_per_hour=PRICE, clock=clock)
    meter.confirm()
    again = Meter.from_json(json.loads(json.dumps(asdict(meter))))
    clock.advance(minutes=1)
    assert again.total(clock) == meter.total(clock) == pytest.approx(3)
    assert again.total_minutes(clock) == meter.total_minutes(clock) == 3
