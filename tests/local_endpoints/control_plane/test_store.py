from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import local_endpoints
from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.checks import admit
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.records import record_of
from local_endpoints.control_plane.store import Store
from local_endpoints.errors import ApiError
from local_endpoints.repositories import REPOSITORIES
from tests.fakes import MODEL_ID, make_spec

pytestmark = pytest.mark.usefixtures("repositories")


def by_hand(store: Store, *statement: Any) -> list[Any]:
    """What somebody else reads in the file, or does to it."""
    with closing(sqlite3.connect(store.path)) as connection, connection:
        return connection.execute(*statement).fetchall()


def records(store: Store) -> list[tuple[str, str]]:
    return by_hand(store, "SELECT json_extract(record, '$.spec.name'), record FROM endpoints")


def content(store: Store) -> dict[str, bytes]:
    """All that was written: what others who read share is no part of it."""
    files = store.path.parent.iterdir()
    return {path.name: path.read_bytes() for path in files if not path.name.endswith("-shm")}


def add_endpoint(store: Store, **changes: Any) -> Endpoint:
    spec = make_spec(**changes)
    endpoint = Endpoint(
        namespace="local-user",
        user="local-user",
        spec=spec,
        served=admit(spec),
        created_at=store.clock.now(),
    )
    store.add(endpoint)
    return endpoint


def reload(store: Store) -> Store:
    again = Store(store.path, store.clock)
    again.load()
    return again


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Store:
    return Store(tmp_path / "state.sqlite3", clock)


def test_nothing_there_is_a_fresh_start(store: Store) -> None:
    store.load()
    assert store.list() == ()


def test_an_endpoint_is_found_by_name_and_by_id_until_it_is_removed(store: Store) -> None:
    first, second = add_endpoint(store, name="first-one"), add_endpoint(store, name="second-one")
    assert store.get("local-user", "first-one") is store.get_by_id(first.id) is first
    assert store.list() == (first, second)
    store.remove(first)
    assert store.get("local-user", "first-one") is store.get_by_id(first.id) is None
    assert store.list() == (second,)
    assert store.get("local-class", "second-one") is None


def test_a_kill_loses_less_than_a_minute_and_the_state_is_not_written_for_it(
    store: Store, clock: ManualClock
) -> None:
    endpoint = add_endpoint(store)
    endpoint.meter.start(replicas=1, price_per_hour=60.0, clock=clock)
    endpoint.meter.confirm()
    store.begin(port=0)
    state = {**content(store), "heartbeat.json": b""}
    for seconds in range(1, 1200):
        clock.advance(seconds=1)
        store.keep_up()
        (back,) = reload(store).list()
        assert 0 <= endpoint.meter.total(clock) - back.meter.total(clock) <= 1, seconds
    assert {**content(store), "heartbeat.json": b""} == state


def test_nothing_is_written_while_nothing_bills(store: Store, clock: ManualClock) -> None:
    add_endpoint(store)
    store.begin(port=0)
    before = content(store)
    clock.advance(minutes=100)
    store.keep_up()
    assert content(store) == before


def test_a_change_writes_the_record_of_one_endpoint(store: Store) -> None:
    first, *_ = [add_endpoint(store, name=f"endpoint-{number}") for number in range(300)]
    store.begin(port=0)
    before = dict(records(store))
    size = sum(map(len, content(store).values()))
    for number in range(10):
        with store.change(first):
            first.target_replica = number + 1
    grown = sum(map(len, content(store).values())) - size
    assert grown < sum(map(len, before.values())) / 4
    after = records(store)
    assert [name for name, record in after if record != before[name]] == [first.name]
    assert [name for name, _ in after] == list(before), "they keep their order"


def test_a_deleted_one_is_gone_from_the_file_at_once_and_the_others_stay(store: Store) -> None:
    first, second = add_endpoint(store, name="first-one"), add_endpoint(store, name="second-one")
    store.begin(port=0)
    with store.change(first):
        first.deleted_at = store.clock.now()
    assert reload(store).list() != () and [name for name, _ in records(store)] == ["second-one"]
    store.remove(first)
    store.keep(second)
    assert [endpoint.id for endpoint in reload(store).list()] == [second.id]


def test_a_mark_is_saved_with_what_comes_next(store: Store) -> None:
    first, second = add_endpoint(store, name="first-one"), add_endpoint(store, name="second-one")
    store.begin(port=0)
    first.last_used_at = 5.0
    store.mark(first)
    assert [back.last_used_at for back in reload(store).list()] == [None, None]
    store.keep(second)
    assert [back.last_used_at for back in reload(store).list()] == [5.0, None]


@pytest.mark.parametrize("way", [Path.unlink, lambda path: path.rename(path.with_name("mine"))])
def test_a_file_that_somebody_took_away_is_written_anew(store: Store, way: Any) -> None:
    first, second = add_endpoint(store, name="first-one"), add_endpoint(store, name="second-one")
    store.begin(port=4711)
    way(store.path)
    store.keep(first)
    again = reload(store)
    assert [endpoint.id for endpoint in again.list()] == [first.id, second.id]
    assert again.port == 4711


def test_somebody_who_locks_the_file_is_a_disk_that_takes_nothing(store: Store) -> None:
    endpoint = add_endpoint(store)
    store.begin(port=0)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = pytest.raises(ApiError, match=r"nothing was changed.*database is locked")
        with refused, store.change(endpoint):
            endpoint.target_replica = 5
        assert endpoint.target_replica == 0
        endpoint.deployment = "happened"
        store.keep(endpoint)
    store.clock.advance(seconds=1)
    store.keep_up()
    (back,) = reload(store).list()
    assert back.deployment == "happened"


def test_port_and_endpoints_survive(store: Store) -> None:
    endpoint = add_endpoint(
        store,
        tags=["t"],
        scaling={"measure": {"hardwareUsage": None}},
        model={"secrets": {"KEY": "value"}},
    )
    store.port = 4711
    store.save()
    again = reload(store)
    assert again.port == 4711
    back = again.get("local-user", endpoint.name)
    assert back is not None
    assert back.id == endpoint.id
    assert back.spec == endpoint.spec
    assert back.created_at == endpoint.created_at


@pytest.mark.parametrize(
    "state",
    [
        *("pending", "initializing", "updating", "updateFailed", "running", "scaledToZero"),
        "a state of tomorrow",
    ],
)
def test_whatever_was_up_comes_back_paused(store: Store, state: Any) -> None:
    endpoint = add_endpoint(store)
    endpoint.enter(state, store.clock.now())
    endpoint.ready_replica = endpoint.target_replica = 1
    store.save()
    (back,) = reload(store).list()
    assert back.state == "paused"
    assert (back.ready_replica, back.target_replica) == (0, 0)


def test_a_failed_one_stays_failed_with_its_reason(store: Store) -> None:
    endpoint = add_endpoint(store)
    endpoint.error_message = "out of memory"
    endpoint.enter("failed", store.clock.now())
    store.save()
    (back,) = reload(store).list()
    assert (back.state, back.error_message) == ("failed", "out of memory")


def test_cost_up_to_the_last_save_is_not_lost(store: Store, clock: ManualClock) -> None:
    endpoint = add_endpoint(store)
    endpoint.meter.start(replicas=1, price_per_hour=60.0, clock=clock)
    endpoint.meter.confirm()
    clock.advance(minutes=10)
    store.save()
    clock.advance(minutes=1000)
    (back,) = reload(store).list()
    assert back.meter.total(clock) == pytest.approx(10)
    assert back.meter.price_now() == 0


def test_deleted_endpoints_are_not_saved(store: Store) -> None:
    add_endpoint(store).deleted_at = store.clock.now()
    store.save()
    assert reload(store).list() == ()


def test_endpoints_of_models_that_are_gone_are_left_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_endpoint(store)
    store.save()
    monkeypatch.delitem(REPOSITORIES, MODEL_ID)
    assert reload(store).list() == ()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("DROP TABLE endpoints", "no such table: endpoints"),
        ("ALTER TABLE endpoints RENAME record TO other", "no such column: record"),
        ("DELETE FROM service", "what it says of port, saved_at"),
        ("UPDATE service SET port = 'x'", "what it says of port"),
        ("UPDATE service SET saved_at = 1e300", "what it says of saved_at"),
        ("PRAGMA user_version = 3", "its format is 3, and this version reads 2"),
        ("PRAGMA user_version = 0", "its format is 0, and this version reads 2"),
        ("UPDATE endpoints SET record = '{'", "Expecting property name"),
        ("UPDATE endpoints SET record = '5'", "int"),
        ("UPDATE endpoints SET record = json_remove(record, '$.meter')", "meter"),
        ("UPDATE endpoints SET record = json_set(record, '$.spec.type', 5)", "an endpoint's type"),
        ("UPDATE endpoints SET record = json_set(record, '$.surprise', 1)", "surprise"),
    ],
)
def test_a_file_that_cannot_be_read_is_kept_aside(
    store: Store, spoil: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    add_endpoint(store, model={"secrets": {"KEY": "very-secret"}})
    store.begin(port=0)
    store.close()
    by_hand(store, spoil)
    before = store.path.read_bytes()
    again = reload(store)
    assert again.list() == ()
    aside = store.path.with_name("state.unreadable.sqlite3")
    assert aside.read_bytes() == before
    assert "cannot be read" in caplog.text and reason in caplog.text
    assert str(aside) in caplog.text and "very-secret" not in caplog.text
    again.begin(port=4711)
    assert reload(again).port == 4711


@pytest.mark.parametrize("port", [-1, 65536, 70000, 2**62])
def test_an_impossible_port_costs_only_the_port(store: Store, port: int) -> None:
    endpoint = add_endpoint(store)
    store.begin(port=4711)
    by_hand(store, "UPDATE service SET port = ?", (port,))
    again = reload(store)
    assert again.port == 0
    assert again.get_by_id(endpoint.id) is not None


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_database_is_kept_aside(store: Store, content: bytes) -> None:
    store.path.write_bytes(content)
    store.load()
    store.begin(port=0)
    assert store.path.with_name("state.unreadable.sqlite3").read_bytes() == content


def test_a_file_whose_middle_is_spoiled_is_kept_aside(store: Store) -> None:
    for number in range(30):
        add_endpoint(store, name=f"endpoint-{number}")
    store.begin(port=0)
    store.close()
    spoiled = bytearray(store.path.read_bytes())
    spoiled[8192:] = b"x" * len(spoiled[8192:])
    store.path.write_bytes(spoiled)
    assert reload(store).list() == ()
    assert store.path.with_name("state.unreadable.sqlite3").read_bytes() == spoiled


def test_an_old_file_is_taken_over_once_and_kept(store: Store, clock: ManualClock) -> None:
    old = store.path.with_name("state.json")
    endpoint = add_endpoint(store)
    endpoint.meter.start(replicas=1, price_per_hour=60.0, clock=clock)
    endpoint.meter.confirm()
    data = {"format": 1, "port": 4711, "saved_at": clock.now() + 120}
    text = json.dumps({**data, "endpoints": [record_of(endpoint)]})
    old.write_text(text)
    again = reload(store)
    assert old.exists(), "until it is written elsewhere"
    (back,) = again.list()
    assert (again.port, back.id, back.state) == (4711, endpoint.id, "paused")
    assert back.meter.total(clock) == pytest.approx(2)
    again.begin(port=4712)
    assert not old.exists()
    assert store.path.with_name("state.json.migrated").read_text() == text
    assert [each.id for each in reload(again).list()] == [endpoint.id]


def test_an_old_file_beside_a_new_one_counts_for_nothing(store: Store) -> None:
    """A service was killed just before it put it away."""
    store.begin(port=4711)
    store.path.with_name("state.json").write_text("{half")
    again = reload(store)
    again.begin(port=again.port)
    assert again.port == 4711
    assert store.path.with_name("state.json.migrated").read_text() == "{half"


def test_an_endpoint_on_hardware_that_is_gone_does_not_spoil_the_rest(store: Store) -> None:
    add_endpoint(store)
    store.save()
    by_hand(
        store,
        "UPDATE endpoints"
        " SET record = json_set(record, '$.spec.compute.instanceType', 'no-longer-sold')",
    )
    for endpoint in reload(store).list():
        endpoint.to_object("http://127.0.0.1:1")


def test_everybody_can_look_as_the_readme_shows(store: Store) -> None:
    add_endpoint(store)
    store.begin(port=0)
    readme = Path(local_endpoints.__file__).with_name("README.md").read_text(encoding="utf-8")
    (statement,) = re.findall(r'sqlite3 DIR/state.sqlite3 "(.+?)"', readme)
    assert by_hand(store, statement.replace("\\$", "$")) == [('["an-endpoint","pending"]',)]
