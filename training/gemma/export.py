"""Turns a trained pocket Gemma into the files that the engine serves.

``python -m training.gemma.export --model DIR --out local_endpoints/models/gemma``
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.gemma.graph import build
from training.gemma.tokenizer import BOS, END_OF_TURN, EOS, PAD
from training.language.export import export
from training.language.model import Shape


def config(shape: Shape) -> dict[str, Any]:
    """``config.json`` as transformers writes it for a `GemmaForCausalLM` of this shape."""
    return {
        "architectures": ["GemmaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": BOS,
        "dtype": "float32",
        "eos_token_id": EOS,
        "head_dim": shape.head_dim,
        "hidden_act": "gelu_pytorch_tanh",
        "hidden_activation": "gelu_pytorch_tanh",
        "hidden_size": shape.width,
        "initializer_range": 0.02,
        "intermediate_size": shape.mlp,
        "max_position_embeddings": 2048,
        "model_type": "gemma",
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "num_key_value_heads": shape.kv_heads,
        "pad_token_id": PAD,
        "rms_norm_eps": shape.epsilon,
        "rope_parameters": {"rope_theta": shape.theta, "rope_type": "default"},
        "tie_word_embeddings": True,
        "use_cache": True,
        "vocab_size": shape.vocabulary,
    }


GENERATION: dict[str, Any] = {
    "bos_token_id": BOS,
    "eos_token_id": [EOS, END_OF_TURN],
    "pad_token_id": PAD,
}


def main() -> None:
    """Command line."""
    from training.gemma.train import SHAPE

    parser = argparse.ArgumentParser(description="Export the pocket Gemma for the engine.")
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
