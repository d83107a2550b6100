"""A pocket model as GGUF: the same weights and tokens, by the names that llama.cpp reads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from local_endpoints.repositories import MODELS_DIR
from tests.ggufs import NEEDS_LLAMACPP, pocket_gguf

gguf = pytest.importorskip("gguf", reason=NEEDS_LLAMACPP)
pytest.importorskip("onnx")

from training.gguf_export import export, main, tensors  # noqa: E402

KINDS = ["gemma", "qwen3"]


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_and_tokens_are_those_of_the_model(kind: str, tmp_path: Path) -> None:
    config = json.loads((MODELS_DIR / kind / "config.json").read_text())
    reader = gguf.GGUFReader(pocket_gguf(kind, tmp_path))

    def value(name: str) -> object:
        return reader.get_field(name).contents()

    assert value("general.architecture") == kind
    assert value(f"{kind}.block_count") == config["num_hidden_layers"]
    assert value(f"{kind}.context_length") == config["max_position_embeddings"]
    assert value(f"{kind}.attention.head_count_kv") == config["num_key_value_heads"]
    tokens = value("tokenizer.ggml.tokens")
    assert isinstance(tokens, list) and len(tokens) == config["vocab_size"]
    assert len(set(tokens)) == len(tokens)
    shapes = {tensor.name: tensor.data.shape for tensor in reader.tensors}
    assert shapes["token_embd.weight"] == (config["vocab_size"], config["hidden_size"])
    assert shapes["blk.0.ffn_up.weight"] == (config["intermediate_size"], config["hidden_size"])


@pytest.mark.parametrize("kind", KINDS)
def test_packed_matrices_are_taken_apart_in_order(kind: str) -> None:
    config = json.loads((MODELS_DIR / kind / "config.json").read_text())
    found = dict(tensors(MODELS_DIR / kind, config))
    heads, head = config["num_attention_heads"], config["head_dim"]
    rows = [found[f"blk.0.attn_{part}.weight"].shape[0] for part in "qkv"]
    assert rows == [heads * head, *[config["num_key_value_heads"] * head] * 2]
    assert all(np.isfinite(values).all() and values.any() for values in found.values())
    assert ("blk.0.attn_q_norm.weight" in found) is (kind == "qwen3")


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.gguf"
    main(["--model", str(MODELS_DIR / "gemma"), "--out", str(target)])
    assert capsys.readouterr().out == f"out.gguf: {target.stat().st_size / 1e6:.2f} MB\n"


def test_a_model_of_another_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "idefics2"}')
    with pytest.raises(ValueError, match="expected one of gemma, qwen3"):
        export(tmp_path, tmp_path / "out.gguf")


@pytest.mark.parametrize(("kind", "bits"), [("f32", 32), ("f16", 16), ("q8_0", 8.5)])
def test_matrices_are_of_the_type_that_is_asked_for(kind: str, bits: float, tmp_path: Path) -> None:
    target = tmp_path / "out.gguf"
    main(["--model", str(MODELS_DIR / "gemma"), "--out", str(target), "--type", kind])
    (found,) = (
        tensor for tensor in gguf.GGUFReader(target).tensors if tensor.name == "blk.0.ffn_up.weight"
    )
    assert found.tensor_type.name.lower() == kind
    assert found.n_bytes * 8 / found.n_elements == bits
