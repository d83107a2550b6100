"""What the operator puts beside the pocket models: kept, listed, and taken off again."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local_endpoints.errors import ServiceError
from local_endpoints.repositories import REPOSITORIES, Repository, list_of_repositories
from local_endpoints.shelf import ModelFile, Shelf, Upstream
from tests.fakes import MODEL_ID, Service

NAME = "course/tiny-GGUF"


def model_file(folder: Path, content: bytes = b"weights") -> ModelFile:
    (path := folder / "tiny.gguf").write_bytes(content)
    return ModelFile(str(path), len(content), sha256="5" * 64, license="mit", architecture="llama")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """That of this process."""
    shelf = Shelf(tmp_path)
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf)
    return shelf


def test_what_is_put_there_is_there_for_everybody_who_looks(tmp_path: Path) -> None:
    upstream = Upstream("http://gpu-box:8000", key_env="GPU_KEY", health_route="/-/healthz")
    entries = {NAME: model_file(tmp_path), "gpu-box/model": upstream}
    assert Shelf(tmp_path).entries() == {}
    for name, entry in entries.items():
        Shelf(tmp_path).put(name, entry)
    assert Shelf(tmp_path).entries() == entries
    assert Shelf(tmp_path).take(NAME) == entries[NAME]
    assert Shelf(tmp_path).entries() == {"gpu-box/model": upstream}
    assert stat.S_IMODE((tmp_path / "shelf.json").stat().st_mode) == 0o600


def test_who_puts_something_there_at_the_same_time_loses_nothing(tmp_path: Path) -> None:
    names = [f"course/model-{number}" for number in range(20)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda name: Shelf(tmp_path).put(name, Upstream("http://box")), names))
    assert sorted(Shelf(tmp_path).entries()) == sorted(names)


@pytest.mark.parametrize("name", ["tiny", "../tiny", "a/..", "a/b/c", "a/", "a b/c", ""])
def test_a_name_is_that_of_a_repository(tmp_path: Path, name: str) -> None:
    with pytest.raises(ServiceError, match="OWNER/MODEL"):
        Shelf(tmp_path).put(name, Upstream("http://box"))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a/b": 1}', '{"a/b": ["ship", {}]}'])
def test_a_file_of_somebody_else_is_refused_and_takes_no_pocket_model_away(
    tmp_path: Path, shelf: Shelf, text: str
) -> None:
    (tmp_path / "shelf.json").write_text(text)
    with pytest.raises(ServiceError, match="cannot be read"):
        shelf.entries()
    assert MODEL_ID in REPOSITORIES


def test_a_running_service_knows_at_once_what_it_serves(
    shelf: Shelf, repositories: dict[str, Repository], tmp_path: Path
) -> None:
    before = list(REPOSITORIES)
    shelf.put(NAME, model_file(tmp_path))
    assert list(REPOSITORIES) == [*before, NAME] and len(REPOSITORIES) == len(before) + 1
    assert NAME in list_of_repositories()
    served = REPOSITORIES[NAME]
    assert (served.dialects, served.origin, served.license) == (("llamacpp",), "gguf", "mit")
    shelf.take(NAME)
    assert list(REPOSITORIES) == before and NAME not in REPOSITORIES


def test_an_upstream_may_take_a_pocket_models_place(
    shelf: Shelf, repositories: dict[str, Repository]
) -> None:
    shelf.put(MODEL_ID, Upstream("http://gpu-box:8000"))
    assert REPOSITORIES[MODEL_ID].origin == "upstream"
    assert REPOSITORIES[MODEL_ID].files == {}
    assert len(REPOSITORIES) == len(repositories)


def test_an_endpoint_of_a_file_that_is_gone_is_refused_with_what_to_do(
    shelf: Shelf, service: Service, tmp_path: Path
) -> None:
    from local_endpoints.errors import ApiError

    shelf.put(NAME, model_file(tmp_path))
    image = {"llamacpp": {"url": "ghcr.io/ggml-org/llama.cpp:server"}}
    wish = {"model": {"repository": NAME, "image": image}}
    assert service.create("first-try", **wish).served.dialect.name == "llamacpp"
    (tmp_path / "tiny.gguf").write_bytes(b"cut")
    with pytest.raises(ApiError, match=r"is gone or has changed. Pull or add") as refusal:
        service.create("second-try", **wish)
    assert refusal.value.status == 404
