"""Who answers under a famous name."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import disconnect, who_answers
from helpers.pocket import is_pocket
from local_endpoints.repositories import REPOSITORIES
from local_endpoints.shelf import ModelFile, Shelf
from tests.fakes import MODEL_ID, Service


def test_a_pocket_model_and_what_is_none(
    connected: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf := Shelf(tmp_path))
    (file := tmp_path / "model-Q4.gguf").write_bytes(b"weights")
    shelf.put("course/own-GGUF", ModelFile(str(file), 7, "0" * 64))
    assert is_pocket(MODEL_ID) and who_answers(MODEL_ID) == "a pocket model"
    for name in ("course/own-GGUF", "nobody/nothing"):
        assert not is_pocket(name) and who_answers(name) == name


def test_without_the_local_service_the_model_itself_answers(connected: Service) -> None:
    disconnect()
    assert who_answers(MODEL_ID) == MODEL_ID
