"""The first line of standard input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.containers.settings import ConfigurationError, ContainerSettings

GIVEN: dict[str, Any] = {
    "dialect": "tgi",
    "repository": "google/gemma-1.1-2b-it",
    "model_dir": "models/gemma",
    "env": {"MAX_TOTAL_TOKENS": "100"},
    "replica_key": "secret",
}


def test_the_line_is_read() -> None:
    settings = ContainerSettings.parse(json.dumps({**GIVEN, "docker_label": "label"}).encode())
    assert settings == ContainerSettings(
        "tgi",
        "google/gemma-1.1-2b-it",
        Path("models/gemma"),
        {"MAX_TOTAL_TOKENS": "100"},
        "secret",
        "label",
    )


def test_without_a_label_it_still_says_that_a_pocket_model_speaks() -> None:
    assert "pocket" in ContainerSettings.parse(json.dumps(GIVEN).encode()).docker_label


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"null", b"\xff", b'{"dialect": "tgi"}'])
def test_anything_else_is_refused_with_what_is_expected(line: bytes) -> None:
    with pytest.raises(ConfigurationError, match="one line of JSON with dialect"):
        ContainerSettings.parse(line)
