"""The export backwards: the weights of served files are those that were exported."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from local_endpoints.repositories import MODELS_DIR
from training.idefics2 import model, tokenizer
from training.idefics2.export import export
from training.idefics2.served import served_weights


def test_what_was_exported_comes_back(tmp_path: Path) -> None:
    shape = model.config(vision_width=32, vision_layers=2, width=64, layers=2)
    made = model.build(seed=1, shape=shape)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.normal_(0.5, 0.5)
    made.save_pretrained(tmp_path / "made")
    tokenizer.write(tokenizer.train(texts=100), tmp_path / "words")
    export(tmp_path / "made", tmp_path / "words", tmp_path / "served")
    found = served_weights(tmp_path / "served")
    expected = made.state_dict()
    assert found.keys() == expected.keys() - {"lm_head.weight"}
    for name, value in found.items():
        assert value.dtype == torch.float32
        assert value.shape == expected[name].shape, name
        # Matrices of the text model come in eight bits, with a scale for every row.
        rounding = 0.02 if "text_model" in name and value.ndim == 2 else 1e-3
        torch.testing.assert_close(value, expected[name], atol=rounding, rtol=1e-3)


def test_the_shipped_model_can_be_trained_further() -> None:
    """Its weights fill a model of the pocket's shape, and all of it but the tied head."""
    made = model.build(seed=2)
    outcome = made.load_state_dict(served_weights(MODELS_DIR / "idefics2"), strict=False)
    assert outcome.missing_keys == ["lm_head.weight"]
    assert outcome.unexpected_keys == []


def test_files_that_are_not_there_are_not_overlooked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        served_weights(tmp_path)
