from __future__ import annotations

from pathlib import Path

import pytest

from local_endpoints.dialects import DIALECTS
from local_endpoints.repositories import (
    REPOSITORIES,
    Repository,
    blob_id,
    list_of_repositories,
)
from tests.fakes import MODEL_ID, make_model_folder


def repository(folder: Path) -> Repository:
    return Repository(
        id="open-models/tiny",
        folder=str(folder),
        task="text-generation",
        framework="transformers",
        dialects=("tgi",),
    )


def test_files_are_named_as_in_a_repository_and_hidden_ones_stay_hidden(tmp_path: Path) -> None:
    files = repository(make_model_folder(tmp_path / "model")).files
    assert {"config.json", "tokenizer.json", "model.onnx", "extra/notes.txt"} <= set(files)
    assert ".hidden" not in files
    assert all(path.is_file() for path in files.values())


def test_revision_is_a_digest_of_the_content(tmp_path: Path) -> None:
    first = repository(make_model_folder(tmp_path / "first"))
    same = repository(make_model_folder(tmp_path / "same"))
    other_folder = make_model_folder(tmp_path / "other")
    (other_folder / "config.json").write_text("{}")
    assert len(first.revision) == 40
    assert int(first.revision, 16)
    assert first.revision == same.revision
    assert first.revision != repository(other_folder).revision


def test_files_are_read_when_they_are_new_or_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_model_folder(tmp_path / "model")
    model = repository(folder)
    before = model.revision
    read, read_bytes = list[Path](), Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or read_bytes(path))
    assert model.revision == before
    assert blob_id(folder / "config.json") == blob_id(folder / "config.json")
    assert read == []
    (folder / "config.json").write_text('{"changed": true}')
    assert model.revision != before
    assert read == [folder / "config.json"]


def test_only_installed_models_are_available(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "model")
    assert repository(folder).available
    (folder / "model.onnx").unlink()
    assert not repository(folder).available
    assert not repository(tmp_path / "missing").available


def test_every_installed_model_can_be_asked_for() -> None:
    assert REPOSITORIES
    for name, installed in REPOSITORIES.items():
        assert installed.id == name
        assert installed.dialects
        assert set(installed.dialects) <= set(DIALECTS)


def test_refusals_can_list_what_there_is(
    repositories: dict[str, Repository], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MODEL_ID in list_of_repositories()
    for name in repositories:
        monkeypatch.delitem(REPOSITORIES, name)
    assert "no pocket model is installed" in list_of_repositories()
