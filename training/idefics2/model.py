"""The pocket Idefics2's shape, and how its folder is written."""

from __future__ import annotations

import torch
from transformers import (
    GenerationConfig,
    Idefics2Config,
    Idefics2ForConditionalGeneration,
    MistralConfig,
)

from training.idefics2.sizes import LATENTS, PATCH, TILE
from training.idefics2.tokenizer import BOS, END_OF_UTTERANCE, EOS, IMAGE, PAD, VOCABULARY

POSITIONS = 4096


def config(
    *, vision_width: int = 128, vision_layers: int = 5, width: int = 192, layers: int = 4
) -> Idefics2Config:
    """Idefics2's architecture at pocket size; smaller values serve the smoke test."""
    return Idefics2Config(
        vision_config={
            "hidden_size": vision_width,
            "intermediate_size": 3 * vision_width,
            "num_hidden_layers": vision_layers,
            "num_attention_heads": 4,
            "image_size": TILE,
            "patch_size": PATCH,
        },
        perceiver_config={
            "hidden_size": width,
            "resampler_n_latents": LATENTS,
            "resampler_depth": 1,
            "resampler_n_heads": 4,
            "resampler_head_dim": width // 4,
            "num_key_value_heads": 2,
            "rms_norm_eps": 1e-5,
        },
        text_config=MistralConfig(
            vocab_size=VOCABULARY,
            hidden_size=width,
            intermediate_size=8 * width // 3,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=width // 4,
            max_position_embeddings=POSITIONS,
            rms_norm_eps=1e-5,
            sliding_window=None,
            rope_theta=10000.0,
            pad_token_id=PAD,
            bos_token_id=BOS,
            eos_token_id=EOS,
            tie_word_embeddings=True,
        ).to_dict(),
        image_token_id=IMAGE,
        tie_word_embeddings=True,
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
    )


def build(*, seed: int, shape: Idefics2Config | None = None) -> Idefics2ForConditionalGeneration:
    """A model with random weights; the same seed gives the same weights."""
    torch.manual_seed(seed)
    model = Idefics2ForConditionalGeneration(shape or config())
    # transformers starts all latents at one; 64 equal latents would stay equal for ever.
    torch.nn.init.normal_(model.model.connector.perceiver_resampler.latents, std=0.5)
    model.generation_config = GenerationConfig(
        bos_token_id=BOS, eos_token_id=[EOS, END_OF_UTTERANCE], pad_token_id=PAD
    )
    return model
