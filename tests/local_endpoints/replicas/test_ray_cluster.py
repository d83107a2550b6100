"""What holds of Ray where it is not installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local_endpoints.__main__ import main
from tests.test_house import MODULES, imports

NEED_RAY = {f"local_endpoints.replicas.{name}" for name in ("ray_replica", "ray_place")}


def test_without_the_extra_the_service_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["serve", "--replicas", "ray", "--state-dir", str(tmp_path / "state")]) == 1
    said = capsys.readouterr().err
    assert 'pip install -e ".[ray]"' in said and said.count("\n") == 1


def test_a_clusters_address_without_ray_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["serve", "--ray-address", "10.0.0.1:6379"])
    assert caught.value.code == 2
    assert "--ray-address goes with --replicas ray" in capsys.readouterr().err


def test_only_who_has_replicas_placed_by_ray_imports_it() -> None:
    for name, path in MODULES.items():
        found = {target.partition(".")[0] for target in imports(path)}
        assert ("ray" in found) == (name in NEED_RAY), name
        assert name in NEED_RAY or not NEED_RAY & set(imports(path)), name
