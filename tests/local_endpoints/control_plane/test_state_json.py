"""What a service of November 2026 wrote, to the letter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.records import UNREADABLE
from local_endpoints.control_plane.state_json import StateJson
from local_endpoints.control_plane.store import Store

WRITTEN = """
{"format": 1, "saved_at": 1700000000.0, "port": 4711, "endpoints": [{
 "namespace": "local-user", "user": "local-user", "created_at": 1700000000.0,
 "id": "udvln3h2tlhfk3t1", "state": "running", "updated_at": 1700000000.0,
 "entered_at": 1700000000.0, "last_used_at": 1700000000.0, "error_message": "", "has_url": true,
 "deployment": "kyesfkt5", "target_replica": 1, "ready_replica": 1,
 "spec": {"name": "running-one", "compute": {"accelerator": "gpu", "instanceSize": "x1",
  "instanceType": "nvidia-l4", "scaling": {"minReplica": 1, "maxReplica": 1,
  "scaleToZeroTimeout": null, "measure": null}}, "model": {"repository": "google/gemma-1.1-2b-it",
  "framework": "pytorch", "image": {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7",
  "healthRoute": "/health"}}, "revision": null, "task": "text-generation", "command": null,
  "args": null, "env": {"A": "b"}, "secrets": {"KEY": "value"}},
  "provider": {"region": "us-east-1", "vendor": "aws"}, "type": "authenticated", "tags": ["t"],
  "cacheHttpResponses": false},
 "meter": {"settled": 0.0, "current": [{"start": 1700000000.0, "replicas": 1,
  "price_per_hour": 0.8, "end": null, "confirmed": true}]}}]}
"""  # noqa: E501
BEAT = "[1700000000.0, 1700000180.0]" + " " * 35 + "\n"


@pytest.fixture
def file(tmp_path: Path) -> StateJson:
    return StateJson(tmp_path / "state.json")


@pytest.mark.usefixtures("repositories")
def test_everything_is_taken_over(file: StateJson, clock: ManualClock) -> None:
    file.path.write_text(WRITTEN)
    file.path.with_name("heartbeat.json").write_text(BEAT)
    store = Store(file.path.with_name("state.sqlite3"), clock)
    store.load()
    (endpoint,) = store.list()
    assert (store.port, endpoint.id, endpoint.state) == (4711, "udvln3h2tlhfk3t1", "paused")
    assert endpoint.spec.model.secrets == {"KEY": "value"}
    assert endpoint.meter.total(clock) == pytest.approx(3 * 0.8 / 60), "until the last heartbeat"


def test_nothing_there_is_nothing(file: StateJson) -> None:
    assert file.read() is None
    file.retire()
    assert list(file.path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        *({"format": 2}, {"format": None}, {"port": "x"}, {"port": None}, {"saved_at": None}),
        *({"saved_at": float("nan")}, {"saved_at": -1}, {"endpoints": {"x": 1}}),
        {"endpoints": None},
    ],
)
def test_another_format_is_not_read(file: StateJson, changes: dict[str, Any]) -> None:
    file.path.write_text(json.dumps({**json.loads(WRITTEN), **changes}))
    with pytest.raises(ValueError, match=r"format|what it says of"):
        file.read()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b'"text"'])
def test_what_is_no_state_is_kept_aside(file: StateJson, content: bytes) -> None:
    file.path.write_bytes(content)
    with pytest.raises(UNREADABLE):
        file.read()
    aside = file.put_aside()
    assert aside == file.path.with_name("state.unreadable.json")
    assert aside.read_bytes() == content


def test_it_is_kept_under_another_name(file: StateJson) -> None:
    file.path.write_text(WRITTEN)
    file.retire()
    assert file.path.with_name("state.json.migrated").read_text() == WRITTEN
    assert file.read() is None
