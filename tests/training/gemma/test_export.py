"""Export of a checkpoint, where torch and transformers are installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from training.gemma.export import export, logit_error  # noqa: E402


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A random checkpoint with weights large enough to tell a wrong graph from a right one."""
    from transformers import GemmaConfig, GemmaForCausalLM

    torch.manual_seed(0)
    config = GemmaConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        intermediate_size=64,
        vocab_size=300,
        max_position_embeddings=128,
        hidden_activation="gelu_pytorch_tanh",
    )
    model = GemmaForCausalLM(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.3)
    folder = tmp_path / "checkpoint"
    model.save_pretrained(folder)
    (folder / "tokenizer_config.json").write_text("{}")
    return folder


def test_the_engine_computes_the_logits_of_transformers(checkpoint: Path, tmp_path: Path) -> None:
    export(checkpoint, tmp_path / "served")
    assert logit_error(checkpoint, tmp_path / "served") < 0.06


def test_an_export_copies_configs_and_always_gives_the_same_bytes(
    checkpoint: Path, tmp_path: Path
) -> None:
    first, second = (export(checkpoint, tmp_path / name) for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert str(tmp_path).encode() not in first.read_bytes()
    assert json.loads((tmp_path / "first" / "config.json").read_text())["vocab_size"] == 300
    names = {path.name for path in (tmp_path / "first").iterdir()}
    assert names >= {"model.onnx", "config.json", "tokenizer_config.json"}
    assert not [name for name in names if name.startswith(".")], "no temporary file is left"


def test_a_served_graph_is_written_anew_from_its_own_weights(
    checkpoint: Path, tmp_path: Path
) -> None:
    first = export(checkpoint, tmp_path / "served").read_bytes()
    assert abs(len(export(tmp_path / "served", tmp_path / "served").read_bytes()) - len(first)) < 9
    assert logit_error(checkpoint, tmp_path / "served") < 0.06
