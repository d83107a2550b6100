from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.repositories import REPOSITORIES, Repository
from tests.local_endpoints.control_plane.fleet import Fleet


@pytest.fixture
def fleet(tmp_path: Path, clock: ManualClock, repositories: dict[str, Repository]) -> Fleet:
    return Fleet(tmp_path / "state.sqlite3", clock)


@pytest.fixture
def pictures(repositories: dict[str, Repository], monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository that the toolkit serves."""
    name = "open-models/pictures"
    repository = replace(
        repositories["open-models/tiny"],
        id=name,
        task="text-to-image",
        framework="diffusers",
        dialects=("toolkit",),
    )
    monkeypatch.setitem(REPOSITORIES, name, repository)
    return name
