"""A larger Gemma that says what the smaller one says."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

import local_endpoints  # noqa: E402
from training.gemma.grow import grow, main  # noqa: E402
from training.gemma.train import SHAPE  # noqa: E402
from training.language.loop import Recipe, Trainer  # noqa: E402
from training.language.model import Decoder  # noqa: E402


def test_a_grown_model_computes_the_same() -> None:
    small = replace(SHAPE, width=32, layers=3, heads=4, kv_heads=1, head_dim=8, mlp=48)
    model = Decoder(small, seed=1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.2)
    weights = {name: value.detach().numpy() for name, value in model.named_parameters()}
    grown = grow(weights, after=(0, 2), heads=2, head_dim=8)
    larger = Decoder(replace(small, layers=5, kv_heads=2), seed=2)
    loaded = {name: torch.from_numpy(value) for name, value in grown.items()}
    larger.load_state_dict(loaded, strict=False)
    tokens = torch.arange(40).reshape(2, 20)
    with torch.no_grad():
        assert torch.allclose(model.logits(tokens), larger.logits(tokens), atol=1e-4)


def test_the_served_model_becomes_a_checkpoint_of_the_shape_that_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Path(local_endpoints.__file__).parent / "models/gemma"
    arguments = ["--model", str(served), "--after", "--heads", "1", "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["grow", *arguments])
    main()
    trainer = Trainer(SHAPE, Recipe(), out=tmp_path / "out", device="cpu")
    trainer.start_from(tmp_path)
    assert all(bool(weight.any()) for weight in trainer.average.values())
