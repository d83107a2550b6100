"""What holds the tiny model's steps back."""

from __future__ import annotations

import pytest

from local_endpoints.engine.text.model import TextModel
from tests.local_endpoints.engine.text.driving import Gate


@pytest.fixture
def gate(model: TextModel, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(model, monkeypatch)
