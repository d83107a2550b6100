"""The bill of a run, on both backends. The real service is played by a local one."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from huggingface_hub import (
    create_inference_endpoint,
    delete_inference_endpoint,
    get_inference_endpoint,
    list_inference_endpoints,
    pause_inference_endpoint,
    scale_to_zero_inference_endpoint,
)

from helpers import Bill, BillRow, ConnectError, bill, connect, disconnect
from helpers.sightings import Sightings
from local_endpoints.access import ALL_PERMISSIONS
from local_endpoints.access.token import Grant
from tests.fakes import Service
from tests.helpers.test_spending import move

L4 = 0.8  # USD per hour of the hardware that the tests' endpoints have


def row(name: str, **changes: Any) -> BillRow:
    values: dict[str, Any] = {
        "state": "paused", "usd_per_hour": L4, "minutes": 0, "usd": 0.0, "usd_per_hour_now": 0.0,
    }  # fmt: skip
    return BillRow(namespace="local-user", name=name, **values | changes)


def test_not_connected() -> None:
    disconnect()
    with pytest.raises(ConnectError, match="connect first"):
        bill()


# The local service.


def test_the_ledger(connected: Service) -> None:
    first = connected.create_running("the-first", scaling={"minReplica": 2, "maxReplica": 2})
    connected.create("the-second")
    connected.clock.advance(minutes=30)
    connected.server.call(lambda: connected.lifecycle.pause(first))
    connected.tick(3)
    connected.clock.advance(minutes=0.5)
    found = bill()
    assert not found.is_estimate
    assert found.rows == (
        row("the-second", state="running", minutes=1, usd=L4 / 60, usd_per_hour_now=L4),
        row("the-first", minutes=60, usd=pytest.approx(L4)),
    )
    assert found.usd == pytest.approx(61 * L4 / 60)
    assert found.usd_per_hour == L4


def test_the_ledger_counts_what_ran_and_not_the_age(connected: Service) -> None:
    endpoint = connected.create_running()
    connected.clock.advance(minutes=15)
    connected.server.call(lambda: connected.lifecycle.pause(endpoint))
    connected.clock.advance(minutes=3000)
    assert [(each.state, each.minutes) for each in bill().rows] == [("paused", 15)]


def test_what_earlier_runs_cost_is_not_of_this_one(local: Service) -> None:
    local.create_running()
    local.clock.advance(minutes=30)
    connect("local", state_dir=local.folder)
    assert [each.minutes for each in bill().rows] == [0]
    local.clock.advance(minutes=2)
    connect("local", state_dir=local.folder)  # as when the setup cell runs once more
    assert [(each.minutes, each.usd) for each in bill().rows] == [(2, pytest.approx(2 * L4 / 60))]
    disconnect()
    connect("local", state_dir=local.folder)
    assert [each.minutes for each in bill().rows] == [0]


def test_what_was_deleted_in_this_run_is_on_it(local: Service) -> None:
    before = local.create_running("the-old")
    local.clock.advance(minutes=5)
    local.server.call(lambda: local.lifecycle.delete(before))
    connect("local", state_dir=local.folder)
    local.create_running("the-new")
    local.clock.advance(minutes=3)
    delete_inference_endpoint("the-new")
    local.create("never-ready")
    delete_inference_endpoint("never-ready")
    local.clock.advance(minutes=3)
    local.tick()
    assert [(each.name, each.state, each.minutes) for each in bill().rows] == [
        ("the-new", "deleted", 3), ("never-ready", "deleted", 0)
    ]  # fmt: skip


def test_what_others_owe_is_not_on_it(connected: Service) -> None:
    for name, namespace in (("of-the-class", "local-class"), ("of-anna", "anna")):
        move(connected, connected.create_running(name), namespace)
    connected.clock.advance(minutes=2)
    assert [(each.namespace, each.name) for each in bill().rows] == [
        ("local-class", "of-the-class")
    ]


def test_a_ledger_of_nobody(connected: Service) -> None:
    assert bill().rows == ()
    assert repr(bill()).splitlines()[0] == "no endpoints"
    connected.access.revoke(connected.token)
    with pytest.raises(ConnectError, match="the ledger cannot be read"):
        bill()


# The real service.


@pytest.fixture
def seen(real: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The real service, connected to, with one clock for it and for this process."""
    sightings = Sightings(now=real.clock.now)
    for name in ("helpers.bill", "helpers.connect"):
        monkeypatch.setattr(import_module(name), "SIGHTINGS", sightings)
    connect("hf", max_spend_usd=100.0)
    return real


def test_an_estimate_from_what_was_seen(seen: Service, wanted: dict[str, Any]) -> None:
    create_inference_endpoint("the-first", **wanted)
    seen.tick(3)
    assert get_inference_endpoint("the-first").status == "running"
    seen.clock.advance(minutes=29.5)
    pause_inference_endpoint("the-first")
    seen.clock.advance(minutes=500)
    found = bill()
    assert found.is_estimate
    assert found.rows == (row("the-first", minutes=30, usd=pytest.approx(0.4)),)
    assert (found.usd, found.usd_per_hour) == (pytest.approx(0.4), 0)
    assert "an estimate" in repr(found) and "unseen" not in repr(found)


def test_the_estimate_agrees_with_the_ledger(seen: Service, wanted: dict[str, Any]) -> None:
    create_inference_endpoint("an-endpoint", **wanted)
    for _ in range(4):
        seen.tick(3)
        list_inference_endpoints()
        seen.clock.advance(minutes=2.2)
        pause_inference_endpoint("an-endpoint")
        seen.clock.advance(minutes=50)
        get_inference_endpoint("an-endpoint").resume()
    ledger = seen.lifecycle.get("local-user", "an-endpoint").meter
    (found,) = bill().rows
    assert found.minutes == ledger.total_minutes(seen.clock) == 12
    assert found.usd == pytest.approx(ledger.total(seen.clock))


def test_what_nobody_saw_is_counted_and_told(seen: Service) -> None:
    seen.create_running("an-endpoint")
    get_inference_endpoint("an-endpoint")
    scale_to_zero_inference_endpoint("an-endpoint")
    seen.clock.advance(minutes=60)
    seen.server.call(lambda: seen.lifecycle.wake(seen.lifecycle.get("local-user", "an-endpoint")))
    seen.tick(3)
    (found,) = bill().rows
    assert (found.minutes, found.unseen_minutes, found.usd_per_hour_now) == (60, 60, L4)
    assert "60 (up to 60 unseen)" in repr(bill()) and "between two looks" in repr(bill())


def test_what_was_deleted_elsewhere_is_on_it(seen: Service) -> None:
    endpoint = seen.create_running("an-endpoint")
    bill()
    seen.clock.advance(minutes=7)
    bill()
    seen.server.call(lambda: seen.lifecycle.delete(endpoint))
    seen.clock.advance(minutes=1)
    seen.tick()
    (found,) = bill().rows
    assert (found.state, found.minutes, found.unseen_minutes) == ("deleted", 8, 1)
    assert found.usd_per_hour_now == 0


def test_organizations_are_on_it(seen: Service) -> None:
    move(seen, seen.create_running("of-the-class"), "local-class")
    (found,) = bill().rows
    assert (found.namespace, found.usd_per_hour_now) == ("local-class", L4)


def test_an_organization_that_the_token_may_not_read_is_named(
    seen: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = Grant("a", "fineGrained", {"local-user": ALL_PERMISSIONS})
    monkeypatch.setenv("HF_TOKEN", seen.accounts.add({"local-user": grant})["local-user"])
    connect("hf")
    assert bill().unreadable == ("local-class",)
    assert "not looked at, for lack of rights: local-class" in repr(bill())


def test_hardware_without_a_price_hides_nothing(
    seen: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen.create_running()
    bill()
    seen.clock.advance(minutes=2)
    monkeypatch.setattr(import_module("helpers.bill"), "price_list", lambda namespace: {})
    text = repr(bill())
    assert "unknown/h" in text and "this run: unknown; goes on billing: unknown per hour" in text


# How it looks.

SHOWN = Bill(
    (
        row("poet-<1>", state="running", minutes=30, usd=0.4, usd_per_hour_now=0.8),
        row("painter", minutes=3, usd=0.04),
    ),
    is_estimate=False,
)


def test_as_text() -> None:
    assert repr(SHOWN).splitlines() == [
        "endpoint             state    price of a replica  minutes  this run  bills now",
        "local-user/poet-<1>  running  $0.80/h             30       $0.40     $0.80/h",
        "local-user/painter   paused   $0.80/h             3        $0.04     nothing",
        "this run: $0.44; goes on billing: $0.80 per hour",
        "read from the local service's ledger: nobody pays this",
    ]


def test_as_a_table() -> None:
    bundle = SHOWN._repr_mimebundle_()
    assert bundle["text/plain"] == repr(SHOWN)
    page = bundle["text/html"]
    assert page.count('scope="col"') == 6 and page.count('scope="row"') == 2
    assert "poet-&lt;1&gt;" in page and "<caption" in page
    assert "this run: <span>$</span>0.44; goes on" in page, "from $ to $ would be a formula"
    assert page.count("color") == 1 and 'style="color: inherit"' in page, "light or dark"


def test_many_endpoints_are_summed_up() -> None:
    many = Bill(tuple(row(f"number-{each}", usd=1.0) for each in range(40)), is_estimate=True)
    assert repr(many).count("local-user/") == 25
    assert "and 15 more, which are in the sums" in repr(many)
    assert "this run: $40.00; goes on billing: nothing" in repr(many)
