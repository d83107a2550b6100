from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from local_endpoints import gguf_file
from local_endpoints.errors import ServiceError
from local_endpoints.gguf_file import read_header, sha256
from local_endpoints.pulling import look
from tests.ggufs import header_only, pocket_gguf


def test_a_model_says_what_it_is(tmp_path: Path) -> None:
    header = read_header(pocket_gguf("gemma", tmp_path))
    assert (header.architecture, header.license) == ("gemma", "apache-2.0")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "no GGUF file"), (b"# A model card", "no GGUF file"), (b"GGUF", "broken or cut off")],
)
def test_what_is_no_model_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    pytest.importorskip("gguf")
    (path := tmp_path / "model.gguf").write_bytes(content)
    with pytest.raises(ServiceError, match=said) as refusal:
        read_header(path)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.5, 0.999])
def test_one_that_is_cut_off_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    whole = pocket_gguf("gemma", tmp_path).read_bytes()
    (path := tmp_path / "cut.gguf").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ServiceError, match="broken or cut off"):
        read_header(path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"type": "adapter"}, "no model but one's adapter"),
        ({"type": "mmproj"}, "no model but one's mmproj"),
        ({"shards": 3}, "one part of several"),
        ({"tokens": False}, "has no tokens"),
        ({"pooling": 1}, "embedding model"),
    ],
)
def test_one_of_another_kind_is_refused(
    tmp_path: Path, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(ServiceError, match=said):
        read_header(header_only(tmp_path / "other.gguf", **fields))


@pytest.mark.parametrize("missing", ["gguf", "xllamacpp"])
def test_without_the_extra_nothing_is_read_or_downloaded_and_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(gguf_file, "find_spec", lambda name: None if name == missing else name)
    for attempt in (lambda: read_header(tmp_path / "any.gguf"), lambda: look("owner/model-GGUF")):
        with pytest.raises(ServiceError, match=rf"^{missing} is not installed.*\[llamacpp\]"):
            attempt()


def test_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("gguf")
    with pytest.raises(ServiceError, match="cannot be read"):
        read_header(tmp_path / "missing.gguf")


def test_a_digest_is_of_the_whole_file(tmp_path: Path) -> None:
    (path := tmp_path / "large").write_bytes(content := b"abc" * 1_000_000)
    assert sha256(path) == hashlib.sha256(content).hexdigest()
