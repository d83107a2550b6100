from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.checks import admit
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.store import Store
from local_endpoints.repositories import REPOSITORIES
from tests.fakes import MODEL_ID, make_spec

pytestmark = pytest.mark.usefixtures("repositories")
needs_modes = pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


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
    return Store(tmp_path / "state.json", clock)


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
    state = store.path.read_text()
    for seconds in range(1, 1200):
        clock.advance(seconds=1)
        store.keep_up()
        (back,) = reload(store).list()
        assert 0 <= endpoint.meter.total(clock) - back.meter.total(clock) <= 1, seconds
    assert store.path.read_text() == state


def test_nothing_is_written_while_nothing_bills(store: Store, clock: ManualClock) -> None:
    add_endpoint(store)
    store.begin(port=0)
    before = {path: path.read_text() for path in store.path.parent.iterdir()}
    clock.advance(minutes=100)
    store.keep_up()
    assert {path: path.read_text() for path in store.path.parent.iterdir()} == before


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


@needs_modes
def test_the_file_is_private_and_replaced_in_one_step(store: Store) -> None:
    store.save()
    assert mode(store.path) == 0o600
    store.path.chmod(0o644)
    store.save()
    assert mode(store.path) == 0o600
    assert [path.name for path in store.path.parent.iterdir()] == ["state.json"]


def test_what_a_killed_process_has_left_does_not_pile_up(store: Store) -> None:
    store.save()
    names = sorted(path.name for path in store.path.parent.iterdir())
    (store.path.parent / "state.json.tmp").write_text("half of it")
    store.save()
    assert sorted(path.name for path in store.path.parent.iterdir()) == names


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


def _without(key: str) -> Any:
    def spoil(data: dict[str, Any]) -> Any:
        del data[key]
        return data

    return spoil


def _with(**values: Any) -> Any:
    return lambda data: {**data, **values}


def _endpoint_with(**values: Any) -> Any:
    def spoil(data: dict[str, Any]) -> Any:
        data["endpoints"][0].update(values)
        return data

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: [],
        lambda data: "text",
        _without("endpoints"),
        _without("port"),
        _without("saved_at"),
        _with(endpoints=["x"]),
        _with(endpoints={"x": 1}),
        _with(port="x"),
        _with(saved_at=None),
        _with(saved_at=float("nan")),
        _with(format=2),
        _endpoint_with(spec={}),
        _endpoint_with(meter=None),
        _endpoint_with(surprise=1),
    ],
)
def test_an_unreadable_file_is_kept_aside(store: Store, spoil: Any) -> None:
    add_endpoint(store)
    store.save()
    text = json.dumps(spoil(json.loads(store.path.read_text())))
    store.path.write_text(text)
    again = reload(store)
    assert again.list() == ()
    assert not store.path.exists()
    assert (store.path.parent / "state.unreadable.json").read_text() == text
    again.port = 4711
    again.save()
    assert reload(again).port == 4711


@pytest.mark.parametrize("port", [-1, 65536, 70000, 10**30])
def test_an_impossible_port_costs_only_the_port(store: Store, port: int) -> None:
    endpoint = add_endpoint(store)
    store.port = port
    store.save()
    again = reload(store)
    assert again.port == 0
    assert again.get_by_id(endpoint.id) is not None


def test_no_token_is_kept(store: Store) -> None:
    store.save()
    assert "token" not in json.loads(store.path.read_text())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_an_unparsable_file_is_kept_aside(store: Store, content: bytes) -> None:
    store.path.write_bytes(content)
    store.load()
    assert (store.path.parent / "state.unreadable.json").read_bytes() == content


def test_an_endpoint_on_hardware_that_is_gone_does_not_spoil_the_rest(store: Store) -> None:
    add_endpoint(store)
    store.save()
    data = json.loads(store.path.read_text())
    data["endpoints"][0]["spec"]["compute"]["instanceType"] = "no-longer-sold"
    store.path.write_text(json.dumps(data))
    for endpoint in reload(store).list():
        endpoint.to_object("http://127.0.0.1:1")
