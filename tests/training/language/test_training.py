"""Training and export, where torch is installed: the smallest run, and the same logits after it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

import training.gemma.export as gemma_export  # noqa: E402
import training.gemma.train as gemma_train  # noqa: E402
import training.qwen3.export as qwen3_export  # noqa: E402
import training.qwen3.train as qwen3_train  # noqa: E402
from local_endpoints.engine.text.model import TextModel  # noqa: E402
from training.gemma.graph import build as build_gemma  # noqa: E402
from training.language.export import export  # noqa: E402
from training.language.feeding import Feed  # noqa: E402
from training.language.loop import Recipe, Trainer  # noqa: E402
from training.language.model import Decoder  # noqa: E402
from training.language.muon import orthogonal  # noqa: E402
from training.qwen3.graph import build as build_qwen3  # noqa: E402

SMALL = dict(width=32, layers=2, heads=4, kv_heads=2, head_dim=16, mlp=48)
BOTH = pytest.mark.parametrize(
    ("train", "exported", "build"),
    [(gemma_train, gemma_export, build_gemma), (qwen3_train, qwen3_export, build_qwen3)],
    ids=["gemma", "qwen3"],
)


@BOTH
def test_the_engine_computes_what_was_trained(
    train: object, exported: object, build: object, tmp_path: Path
) -> None:
    shape = dataclasses.replace(train.SHAPE, **SMALL)  # type: ignore[attr-defined]
    trainer = Trainer(shape, Recipe(), out=tmp_path, device="cpu")
    with torch.no_grad():
        for name, average in trainer.average.items():
            average.normal_(0 if average.ndim > 1 or shape.gemma else 1, 0.3)
            dict(trainer.model.named_parameters())[name].copy_(average)
    trainer.save()
    export(
        tmp_path,
        tmp_path / "served",
        build=build,  # type: ignore[arg-type]
        config=exported.config(shape),  # type: ignore[attr-defined]
        generation=exported.GENERATION,  # type: ignore[attr-defined]
    )
    tokens = np.random.default_rng(0).integers(0, shape.vocabulary, 24)
    with torch.no_grad():
        wanted = trainer.model.logits(torch.from_numpy(tokens)[None])[0].numpy()
    engine = TextModel(tmp_path / "served", slots=1, max_total_tokens=32)
    got = engine.prefill([tokens], first_slot=0, every_position=[True])[0]
    assert np.corrcoef(got.ravel(), wanted.ravel())[0, 1] > 0.99


@BOTH
def test_transformers_computes_the_same(
    train: object, exported: object, build: object, tmp_path: Path
) -> None:
    transformers = pytest.importorskip("transformers")
    shape = dataclasses.replace(train.SHAPE, **SMALL)  # type: ignore[attr-defined]
    config = exported.config(shape)  # type: ignore[attr-defined]
    architecture = getattr(transformers, config["architectures"][0])
    settings = architecture.config_class(**config)
    settings.rope_parameters = {"rope_type": "default", "rope_theta": shape.theta}
    reference = architecture(settings).eval()
    model = Decoder(shape, seed=3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0.2, 0.3)
    missing = reference.load_state_dict(model.state_dict(), strict=False)
    assert missing.missing_keys == ["lm_head.weight"]
    tokens = torch.arange(40).reshape(2, 20)
    with torch.no_grad():
        assert torch.allclose(model.logits(tokens), reference(tokens).logits, atol=2e-3)


@BOTH
def test_a_few_steps_lower_the_loss(
    train: object, exported: object, build: object, tmp_path: Path
) -> None:
    shape = dataclasses.replace(train.SHAPE, **SMALL)  # type: ignore[attr-defined]
    diet = dataclasses.replace(train.diet(), budget=512)  # type: ignore[attr-defined]
    trainer = Trainer(shape, Recipe(steps=12, warm_up=2, together=1), out=tmp_path, device="cpu")
    batch = next(iter(Feed(diet, workers=0)))
    losses = [float(trainer.learn([batch])) for _ in range(12)]
    assert losses[-1] < losses[0] - 0.5
    trainer.save()
    again = Trainer(shape, Recipe(seed=99), out=tmp_path / "again", device="cpu")
    again.start_from(tmp_path)
    stored = trainer.average["model.norm.weight"]
    assert torch.allclose(again.average["model.norm.weight"], stored, atol=1e-3)


@pytest.mark.parametrize("halved", [False, True])
def test_a_step_of_muon_is_nearly_orthogonal(halved: bool) -> None:
    torch.manual_seed(0)
    for rows, columns in ((12, 20), (20, 12)):
        step = orthogonal(torch.randn(3, rows, columns), halved=halved)
        values = torch.linalg.svdvals(step)
        assert values.min() > 0.5
        assert values.max() < 1.4


def test_only_gemma_is_measured_on_poems() -> None:
    assert gemma_train.diet().on_poems
    assert not qwen3_train.diet().on_poems
