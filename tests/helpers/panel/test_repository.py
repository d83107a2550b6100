"""What the Hub says about a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import RefusedError
from helpers.panel.repository import RepositoryFacts, read_repository, weights_of
from local_endpoints.repositories import REPOSITORIES
from local_endpoints.shelf import ModelFile, Shelf
from tests.fakes import MODEL_ID, Service

GB = 10**9


@pytest.mark.parametrize(
    ("files", "size"),
    [
        ({"model.safetensors": 5, "pytorch_model.bin": 5, "README.md": 9}, 5),
        ({"a-1-of-2.safetensors": 3, "a-2-of-2.safetensors": 4}, 7),
        ({"unet/x.safetensors": 10, "unet/x.fp16.safetensors": 5}, 10),
        ({"only.fp16.safetensors": 5}, 5),
        (
            {
                "model_index.json": 1, "sd_xl_base.safetensors": 7, "unet/x.safetensors": 5,
                "vae/x.safetensors": 1,
            },
            6,
        ),
        ({"q8.gguf": 9, "q4.gguf": 5}, 5),
        ({"README.md": 9}, 0),
    ],
)  # fmt: skip
def test_weights_are_counted_once(files: dict[str, int], size: int) -> None:
    assert weights_of(files) == size


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("google/gemma-1.1-2b-it", 2), ("Qwen/Qwen3-1.7B", 1.7), ("x/idefics2-8b-chatty", 8),
        ("stabilityai/stable-diffusion-xl-base-1.0", 0), ("x/4bit-thing", 0),
    ],
)  # fmt: skip
def test_a_name_says_how_many_weights(name: str, billions: float) -> None:
    assert RepositoryFacts(name).bytes_by_name == billions * 2 * GB


def test_whether_it_fits() -> None:
    facts = RepositoryFacts("a/b", weight_bytes=20.0 * GB)
    assert "20.0 GB of weights" in facts.fit(24, what="nvidia-l4 x1")
    assert "that fits into the 24 GB of nvidia-l4 x1" in facts.fit(24, what="nvidia-l4 x1")
    assert "does not fit into the 16 GB" in facts.fit(16, what="nvidia-t4 x1")


def test_what_is_not_known_is_not_claimed() -> None:
    assert "neither the Hub nor its name says" in RepositoryFacts("a/b").fit(24, what="l4")


def test_of_a_pocket_model_the_real_size_is_told_apart() -> None:
    facts = RepositoryFacts("google/gemma-2b", weight_bytes=11e6, pocket=True)
    words = facts.fit(24, what="nvidia-l4 x1")
    assert "By its name the model has about 4.0 GB" in words
    assert "Here a pocket model of 11 MB answers" in words


def test_the_hub_is_asked(connected: Service) -> None:
    facts = read_repository(MODEL_ID)
    assert (facts.task, facts.gated, facts.pocket) == ("text-generation", True, True)
    assert facts.weight_bytes == len(b"weights")


def test_a_repository_that_is_not_there(connected: Service) -> None:
    with pytest.raises(RefusedError, match="there is no repository a/b, or your token may not"):
        read_repository("a/b")


def test_a_model_of_ones_own_is_no_pocket_model(
    connected: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf := Shelf(tmp_path))
    (file := tmp_path / "model-Q4.gguf").write_bytes(b"weights")
    shelf.put("course/own-GGUF", ModelFile(str(file), 7, "0" * 64))
    facts = read_repository("course/own-GGUF")
    assert (facts.pocket, facts.gguf, facts.weight_bytes) == (False, "model-Q4.gguf", 7)
