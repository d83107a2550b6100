"""A very small random Idefics2 for tests: real graphs, tokenizer and processor, no training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.idefics2 import processor, text_graph, tokenizer, vision_graph

CONTEXT = 2048
WIDTH, VISION_WIDTH, PATCH, SIDE, LATENTS = 32, 16, 16, 64, 64
CONFIG: dict[str, Any] = {
    "model_type": "idefics2",
    "image_token_id": tokenizer.IMAGE,
    "tie_word_embeddings": True,
    "vision_config": {
        "hidden_size": VISION_WIDTH,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": SIDE,
        "patch_size": PATCH,
        "hidden_act": "gelu_pytorch_tanh",
        "layer_norm_eps": 1e-6,
    },
    "perceiver_config": {
        "hidden_act": "silu",
        "hidden_size": WIDTH,
        "resampler_n_latents": LATENTS,
        "resampler_depth": 1,
        "resampler_n_heads": 2,
        "resampler_head_dim": 16,
        "num_key_value_heads": 1,
        "rms_norm_eps": 1e-5,
    },
    "text_config": {
        "model_type": "mistral",
        "hidden_act": "silu",
        "vocab_size": tokenizer.VOCABULARY,
        "hidden_size": WIDTH,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 16,
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": 1e-5,
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
        "sliding_window": None,
    },
}


def write_tiny_vision_model(folder: Path, *, splitting: bool = True) -> Path:
    """Write graphs, tokenizer, processor and configs into ``folder``; returns it.

    ``splitting`` says whether a picture also gives its four quarters, as in Idefics2.
    """
    tokenizer.write(tokenizer.train(texts=200), folder)
    processor.write(folder)
    if not splitting:
        path = folder / "preprocessor_config.json"
        settings = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**settings, "do_image_splitting": False}), encoding="utf-8")
    weights = random_weights()
    for name, graph in (
        ("vision.onnx", vision_graph.build(CONFIG, weights)),
        ("model.onnx", text_graph.build(CONFIG, weights)),
    ):
        (folder / name).write_bytes(graph.SerializeToString(deterministic=True))
    documents = {
        "config.json": CONFIG,
        "generation_config.json": {"eos_token_id": [tokenizer.EOS, tokenizer.END_OF_UTTERANCE]},
    }
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder


def random_weights() -> dict[str, npt.NDArray[np.float32]]:
    """Weights by transformers' names, the same on every call."""
    generator = np.random.default_rng(11)

    def normal(scale: float, *shape: int) -> npt.NDArray[np.float32]:
        return generator.normal(0, scale, shape).astype(np.float16).astype(np.float32)

    def gated(prefix: str, inside: int, wide: int, outside: int) -> dict[str, Any]:
        return {
            f"{prefix}.gate_proj.weight": normal(0.4, wide, inside),
            f"{prefix}.up_proj.weight": normal(0.4, wide, inside),
            f"{prefix}.down_proj.weight": normal(0.4, outside, wide),
        }

    tower, connector, text = "model.vision_model", "model.connector", "model.text_model"
    patches = (SIDE // PATCH) ** 2
    weights = {
        f"{tower}.embeddings.patch_embedding.weight": normal(0.1, VISION_WIDTH, 3, PATCH, PATCH),
        f"{tower}.embeddings.patch_embedding.bias": normal(0.1, VISION_WIDTH),
        f"{tower}.embeddings.position_embedding.weight": normal(0.3, patches, VISION_WIDTH),
        **gated(f"{connector}.modality_projection", VISION_WIDTH, 48, WIDTH),
        f"{connector}.perceiver_resampler.latents": normal(0.5, LATENTS, WIDTH),
        f"{connector}.perceiver_resampler.norm.weight": 1 + normal(0.1, WIDTH),
        f"{text}.embed_tokens.weight": normal(0.5, tokenizer.VOCABULARY, WIDTH),
        f"{text}.norm.weight": 1 + normal(0.2, WIDTH),
    }
    layer = f"{tower}.encoder.layers.0"
    for norm in (f"{layer}.layer_norm1", f"{layer}.layer_norm2", f"{tower}.post_layernorm"):
        weights[f"{norm}.weight"] = 1 + normal(0.1, VISION_WIDTH)
        weights[f"{norm}.bias"] = normal(0.1, VISION_WIDTH)
    for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
        weights[f"{layer}.self_attn.{name}.weight"] = normal(0.4, VISION_WIDTH, VISION_WIDTH)
        weights[f"{layer}.self_attn.{name}.bias"] = normal(0.1, VISION_WIDTH)
    for name, shape in (("fc1", (32, VISION_WIDTH)), ("fc2", (VISION_WIDTH, 32))):
        weights[f"{layer}.mlp.{name}.weight"] = normal(0.4, *shape)
        weights[f"{layer}.mlp.{name}.bias"] = normal(0.1, shape[0])
    layer = f"{connector}.perceiver_resampler.layers.0"
    for norm in ("input_latents_norm", "input_context_norm", "post_attention_layernorm"):
        weights[f"{layer}.{norm}.weight"] = 1 + normal(0.1, WIDTH)
    weights |= {
        f"{layer}.self_attn.q_proj.weight": normal(0.4, 32, WIDTH),
        f"{layer}.self_attn.k_proj.weight": normal(0.4, 16, WIDTH),
        f"{layer}.self_attn.v_proj.weight": normal(0.4, 16, WIDTH),
        f"{layer}.self_attn.o_proj.weight": normal(0.4, WIDTH, 32),
        **gated(f"{layer}.mlp", WIDTH, 4 * WIDTH, WIDTH),
    }
    for number in range(2):
        layer = f"{text}.layers.{number}"
        weights |= {
            f"{layer}.input_layernorm.weight": 1 + normal(0.2, WIDTH),
            f"{layer}.post_attention_layernorm.weight": 1 + normal(0.2, WIDTH),
            f"{layer}.self_attn.q_proj.weight": normal(0.4, 32, WIDTH),
            f"{layer}.self_attn.k_proj.weight": normal(0.4, 16, WIDTH),
            f"{layer}.self_attn.v_proj.weight": normal(0.4, 16, WIDTH),
            f"{layer}.self_attn.o_proj.weight": normal(0.4, WIDTH, 32),
            **gated(f"{layer}.mlp", WIDTH, 48, WIDTH),
        }
    return weights
