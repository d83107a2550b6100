"""A service that two learners share with its operator, behind a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.access.token import Grant
from local_endpoints.repositories import Repository
from tests.fakes import ServerThread, Service

PUBLIC = "https://class.example.org/endpoints"


@pytest.fixture
def shared(
    _service_server: ServerThread, repositories: dict[str, Repository], tmp_path: Path
) -> Iterator[Service]:
    service = Service(_service_server, tmp_path, url=PUBLIC, shared=True).start()
    yield service
    service.stop()


@pytest.fixture
def tokens(shared: Service) -> dict[str, str]:
    """Those of the learners."""
    return shared.accounts.add({name: Grant("first-day") for name in ("anna", "ben")})
