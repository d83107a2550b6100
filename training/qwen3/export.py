"""Turns a trained pocket Qwen3 into the files that the engine serves.

``python -m training.qwen3.export --model DIR --out local_endpoints/models/qwen3``
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.language.export import export
from training.language.model import Shape
from training.qwen3.graph import build
from training.qwen3.tokenizer import END, PAD


def config(shape: Shape) -> dict[str, Any]:
    """``config.json`` as transformers writes it for a `Qwen3ForCausalLM` of this shape."""
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": PAD,
        "eos_token_id": END,
        "head_dim": shape.head_dim,
        "hidden_act": "silu",
        "hidden_size": shape.width,
        "initializer_range": 0.02,
        "intermediate_size": shape.mlp,
        "max_position_embeddings": 4096,
        "max_window_layers": shape.layers,
        "model_type": "qwen3",
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "num_key_value_heads": shape.kv_heads,
        "rms_norm_eps": shape.epsilon,
        "rope_scaling": None,
        "rope_theta": shape.theta,
        "sliding_window": None,
        "tie_word_embeddings": True,
        "torch_dtype": "float32",
        "use_cache": True,
        "use_sliding_window": False,
        "vocab_size": shape.vocabulary,
    }


GENERATION: dict[str, Any] = {
    "bos_token_id": PAD,
    "do_sample": True,
    "eos_token_id": [END, PAD],
    "pad_token_id": PAD,
    "temperature": 0.6,
    "top_k": 20,
    "top_p": 0.95,
}
"""What ``generation_config.json`` of Qwen3-1.7B says."""


def main() -> None:
    """Command line."""
    from training.qwen3.train import SHAPE

    parser = argparse.ArgumentParser(description="Export the pocket Qwen3 for the engine.")
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained weights")
    parser.add_argument("--tokenizer", type=Path, help="folder of the tokenizer's files")
    parser.add_argument("--out", type=Path, required=True, help="folder of the served files")
    options = parser.parse_args()
    target = export(
        options.model,
        options.out,
        build=build,
        config=config(SHAPE),
        generation=GENERATION,
        tokenizer=options.tokenizer,
    )
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
