"""The pocket Gemma's shape, and how its folder is written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import GemmaConfig, GemmaForCausalLM, GenerationConfig

from training.gemma.tokenizer import BOS, END_OF_TURN, EOS, PAD, VOCABULARY, write


def config(*, layers: int = 4, width: int = 256) -> GemmaConfig:
    """Gemma 1's architecture at pocket size; smaller values serve the smoke test."""
    return GemmaConfig(
        vocab_size=VOCABULARY,
        hidden_size=width,
        intermediate_size=3 * width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=width // 4,
        hidden_activation="gelu_pytorch_tanh",
        max_position_embeddings=2048,
        rms_norm_eps=1e-6,
        rope_theta=10000.0,
        tie_word_embeddings=True,
        pad_token_id=PAD,
        eos_token_id=EOS,
        bos_token_id=BOS,
    )


def build(*, seed: int, layers: int = 4, width: int = 256) -> GemmaForCausalLM:
    """A model with random weights; the same seed gives the same weights."""
    torch.manual_seed(seed)
    model = GemmaForCausalLM(config(layers=layers, width=width))
    model.generation_config = GenerationConfig(
        bos_token_id=BOS, eos_token_id=[EOS, END_OF_TURN], pad_token_id=PAD
    )
    return model


def save(
    model: GemmaForCausalLM,
    tokenizer: Tokenizer,
    folder: Path,
    *,
    weights: dict[str, torch.Tensor] | None = None,
) -> None:
    """Write model and tokenizer into a folder, each file replaced in one move.

    ``weights`` (the moving average, say) are written in place of the model's own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staging = folder / ".staging"
    shutil.rmtree(staging, ignore_errors=True)
    # A copy, because save_pretrained empties the mapping that it is given.
    model.save_pretrained(staging, state_dict=dict(weights) if weights else None)
    write(tokenizer, staging)
    for path in staging.iterdir():
        os.replace(path, folder / path.name)
    staging.rmdir()
