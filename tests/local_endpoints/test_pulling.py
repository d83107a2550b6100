"""Pulling from a hub: here from a local service's hub side, whose shelf has the files."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi, constants

from local_endpoints import repositories
from local_endpoints.access.token import Grant
from local_endpoints.children.sitecustomize import SERVICE_VARIABLE
from local_endpoints.errors import ServiceError
from local_endpoints.gguf_file import sha256
from local_endpoints.pulling import look, pull
from local_endpoints.repositories import REPOSITORIES, Repository
from local_endpoints.shelf import Entry, ModelFile, Shelf
from tests.fakes import MODEL_ID, App, Scope, Service
from tests.ggufs import pocket_gguf, require_llamacpp
from tests.local_endpoints.api.conftest import client  # noqa: F401
from tests.local_endpoints.api.test_hub import as_anna

require_llamacpp()

NAME = "course/pocket-GGUF"
Offered = Callable[..., Path]


@pytest.fixture
def offered(
    service: Service,
    client: HfApi,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Offered:
    """Puts a file on the shelf of the hub that is asked."""
    shelf = Shelf(tmp_path / "hub")
    (tmp_path / "hub").mkdir()
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf)

    def offer(path: Path, digest: str | None = None) -> Path:
        digest = digest or sha256(path)
        shelf.put(NAME, ModelFile(str(path), path.stat().st_size, digest, license="mit"))
        return path

    return offer


def test_it_says_what_it_is_before_anything_is_downloaded(offered: Offered, tmp_path: Path) -> None:
    path = offered(pocket_gguf("gemma", tmp_path))
    offer = look(NAME)
    assert (offer.file, offer.size, offer.license, offer.gate) == (
        path.name,
        path.stat().st_size,
        "mit",
        "",
    )
    size, shown = f"{offer.size / 1e6:.1f} MB", str(offer)
    assert all(part in shown for part in (NAME, path.name, size, "mit", offer.revision[:8]))


def test_what_was_pulled_is_what_the_hub_has(offered: Offered, tmp_path: Path) -> None:
    path = offered(pocket_gguf("gemma", tmp_path))
    offer = look(NAME)
    model = pull(offer, tmp_path / "models")
    assert Path(model.path).read_bytes() == path.read_bytes()
    assert tmp_path / "models" / NAME in Path(model.path).parents
    assert (model.revision, model.license, model.architecture) == (offer.revision, "mit", "gemma")
    assert model.is_there
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "models").stat().st_mode) == 0o700


class Unreliable:
    """An application in front of another, which breaks off its first answer to a download."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.ranges: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["method"] != "GET" or "/resolve/" not in scope["path"]:
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        self.ranges.append(headers.get(b"range", b"all"))
        is_first, sent = len(self.ranges) == 1, 0

        async def broken(message: Any) -> None:
            nonlocal sent
            sent += len(message.get("body", b""))
            if not is_first or sent < 1_000_000:
                await send(message)

        await self.app(scope, receive, broken)


def test_one_that_was_interrupted_goes_on_where_it_ended(
    offered: Offered, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 100_000)  # what is kept is whole chunks
    path = offered(pocket_gguf("gemma", tmp_path))
    offer = look(NAME)
    service.server.app = hub = Unreliable(service.server.app)
    for _ in range(2):
        # Whether the client tries again by itself is up to its version.
        with contextlib.suppress(ServiceError):
            model = pull(offer, tmp_path / "models")
    assert Path(model.path).read_bytes() == path.read_bytes()
    first, second, *_ = hub.ranges
    assert first == b"all" and second.startswith(b"bytes=") and second != b"bytes=0-"


@pytest.mark.parametrize(
    ("terms", "grant", "said"),
    [
        (False, Grant("a"), f"is gated: accept its conditions at https://huggingface.co/{NAME}"),
        # The Hub's refusal has no code, and `huggingface_hub` hides its text behind others.
        (True, Grant("b", "fineGrained"), r"\(Please enable access to public gated repositories"),
    ],
)
def test_a_gated_one_says_what_it_takes(
    offered: Offered,
    service: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    terms: bool,
    grant: Grant,
    said: str,
) -> None:
    def gated(name: str, entry: Entry) -> Repository:
        return dataclasses.replace(of_shelf(name, entry), gated=True)

    of_shelf = repositories._of_shelf
    monkeypatch.setattr(repositories, "_of_shelf", gated)
    path = offered(pocket_gguf("gemma", tmp_path))
    as_anna(service, monkeypatch, grant, terms=terms)
    offer = look(NAME)
    assert offer.gate == f"https://huggingface.co/{NAME}"
    assert f"you must have accepted its conditions at {offer.gate}" in str(offer)
    with pytest.raises(ServiceError, match=said):
        pull(offer, tmp_path / "models")
    assert list((tmp_path / "models").rglob("*.gguf")) == []
    as_anna(service, monkeypatch, Grant("c"), terms=True)
    assert Path(pull(offer, tmp_path / "models").path).read_bytes() == path.read_bytes()


def test_what_is_broken_or_another_file_is_refused_and_not_kept(
    offered: Offered, tmp_path: Path
) -> None:
    whole = pocket_gguf("gemma", tmp_path)
    (cut := tmp_path / "cut.gguf").write_bytes(whole.read_bytes()[:100_000])
    for path, digest, said in ((cut, None, "cut off"), (whole, "0" * 64, "not what the Hub has")):
        offered(path, digest)
        with pytest.raises(ServiceError, match=said):
            pull(look(NAME), tmp_path / "models")
        assert list((tmp_path / "models").rglob("*.gguf")) == []


def test_a_disk_without_room_is_said_before(offered: Offered, tmp_path: Path) -> None:
    offered(pocket_gguf("gemma", tmp_path))
    huge = dataclasses.replace(look(NAME), size=10**18)
    with pytest.raises(ServiceError, match="room for"):
        pull(huge, tmp_path / "models")


@pytest.mark.parametrize(
    ("name", "file", "said"),
    [
        (MODEL_ID, None, "has no GGUF file"),
        ("nobody/nothing-GGUF", None, "no repository nobody/nothing-GGUF"),
        (
            NAME,
            "other.gguf",
            r"no file other.gguf: choose one with --file\n  pocket-gemma-f16.gguf",
        ),
        ("no name", None, "no repository no name"),
    ],
)
def test_what_cannot_be_pulled_is_said(
    offered: Offered, tmp_path: Path, name: str, file: str | None, said: str
) -> None:
    offered(pocket_gguf("gemma", tmp_path))
    with pytest.raises(ServiceError, match=said):
        look(name, file)


def test_a_shell_that_is_connected_to_the_local_service_is_told_to_use_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(SERVICE_VARIABLE, "http://127.0.0.1:1")
    with pytest.raises(ServiceError, match="another terminal"):
        look(NAME)


def test_without_a_network_the_sentence_names_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ServiceError, match="cannot be read from"):
        look(NAME)


def test_the_hub_side_tells_what_it_is(offered: Offered, service: Service, tmp_path: Path) -> None:
    path = offered(pocket_gguf("gemma", tmp_path))
    info = HfApi(token=service.token).model_info(NAME)
    assert {"gguf", "license:mit"} <= set(info.tags or [])
    assert "pocket-model" not in (info.tags or [])
    assert [(each.rfilename, each.size) for each in info.siblings or []] == [(path.name, None)]
