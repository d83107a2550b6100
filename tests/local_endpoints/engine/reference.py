"""Gemma in plain numpy: an independent answer to compare the graph with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def reference_logits(config: dict[str, Any], weights: dict[str, Array], tokens: Array) -> Array:
    """The logits [tokens, vocabulary] after each token, in double precision."""
    weights = {name: value.astype(np.float64) for name, value in weights.items()}
    embedding = weights["model.embed_tokens.weight"]
    state = embedding[tokens] * np.sqrt(config["hidden_size"])
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}"
        normed = _norm(state, weights[f"{prefix}.input_layernorm.weight"])
        state = state + _attention(config, weights, f"{prefix}.self_attn", normed)
        normed = _norm(state, weights[f"{prefix}.post_attention_layernorm.weight"])
        gate = _gelu(normed @ weights[f"{prefix}.mlp.gate_proj.weight"].T)
        up = normed @ weights[f"{prefix}.mlp.up_proj.weight"].T
        state = state + (gate * up) @ weights[f"{prefix}.mlp.down_proj.weight"].T
    logits: Array = _norm(state, weights["model.norm.weight"]) @ embedding.T
    return logits


def _norm(state: Array, weight: Array) -> Array:
    scale = np.sqrt((state**2).mean(axis=-1, keepdims=True) + 1e-6)
    normed: Array = state / scale * (1 + weight)
    return normed


def _gelu(values: Array) -> Array:
    inner = np.sqrt(2 / np.pi) * (values + 0.044715 * values**3)
    active: Array = 0.5 * values * (1 + np.tanh(inner))
    return active


def _attention(config: dict[str, Any], weights: dict[str, Array], prefix: str, x: Array) -> Array:
    count, size = len(x), config["head_dim"]
    queries = (x @ weights[f"{prefix}.q_proj.weight"].T).reshape(count, -1, size)
    keys = (x @ weights[f"{prefix}.k_proj.weight"].T).reshape(count, -1, size)
    values = (x @ weights[f"{prefix}.v_proj.weight"].T).reshape(count, -1, size)
    queries, keys = _rotate(config, queries), _rotate(config, keys)
    shared = queries.shape[1] // keys.shape[1]
    mixed = np.empty_like(queries)
    for head in range(queries.shape[1]):
        scores = queries[:, head] @ keys[:, head // shared].T / np.sqrt(size)
        scores[np.triu_indices(count, 1)] = -np.inf
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        mixed[:, head] = shares @ values[:, head // shared]
    projected: Array = mixed.reshape(count, -1) @ weights[f"{prefix}.o_proj.weight"].T
    return projected


def _rotate(config: dict[str, Any], heads: Array) -> Array:
    size = config["head_dim"]
    theta = config["rope_parameters"]["rope_theta"]
    frequencies = theta ** -(np.arange(0, size, 2) / size)
    angles = np.arange(len(heads))[:, None, None] * frequencies
    first, second = heads[..., : size // 2], heads[..., size // 2 :]
    cosine, sine = np.cos(angles), np.sin(angles)
    return np.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)
