"""Gemma in plain numpy: an independent answer to compare the graph with.

Weights are 8-bit integers with a scale per output, of which no two neighbours of the same sign
exceed 127 together; what is multiplied by them is rounded to 127 steps, row by row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def reference_logits(config: dict[str, Any], weights: dict[str, Array], tokens: Array) -> Array:
    """The logits [tokens, vocabulary] after each token, in double precision."""
    weights = {
        name: _rounded_weight(value) if value.ndim > 1 else value.astype(np.float64)
        for name, value in weights.items()
    }
    embedding = weights["model.embed_tokens.weight"]
    state = embedding[tokens] * np.sqrt(config["hidden_size"])
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}"
        normed = _norm(state, weights[f"{prefix}.input_layernorm.weight"])
        state = state + _attention(config, weights, f"{prefix}.self_attn", normed)
        normed = _norm(state, weights[f"{prefix}.post_attention_layernorm.weight"])
        gate = _gelu(_product(normed, weights[f"{prefix}.mlp.gate_proj.weight"]))
        up = _product(normed, weights[f"{prefix}.mlp.up_proj.weight"])
        state = state + _product(gate * up, weights[f"{prefix}.mlp.down_proj.weight"])
    return _product(_norm(state, weights["model.norm.weight"]), embedding)


def _product(state: Array, weight: Array) -> Array:
    product: Array = _rounded(state, np.abs(state).max(axis=-1, keepdims=True)) @ weight.T
    return product


def _rounded(values: Array, largest: Array) -> Array:
    """Each row to whole steps, 127 up to ``largest``."""
    rounded: Array = np.round(values / largest * 127) * largest / 127
    return rounded


def _rounded_weight(weight: Array) -> Array:
    pairs = weight.astype(np.float64).reshape(len(weight), -1, 2)
    together = np.abs(pairs).sum(axis=2) * (np.sign(pairs[..., 0]) == np.sign(pairs[..., 1]))
    largest = np.maximum(np.abs(pairs).max(axis=2), together).max(axis=1, keepdims=True)
    return _rounded(weight.astype(np.float64), largest)


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
    queries = _product(x, weights[f"{prefix}.q_proj.weight"]).reshape(count, -1, size)
    keys = _product(x, weights[f"{prefix}.k_proj.weight"]).reshape(count, -1, size)
    values = _product(x, weights[f"{prefix}.v_proj.weight"]).reshape(count, -1, size)
    queries, keys = _rotate(config, queries), _rotate(config, keys)
    shared = queries.shape[1] // keys.shape[1]
    mixed = np.empty_like(queries)
    for head in range(queries.shape[1]):
        scores = queries[:, head] @ keys[:, head // shared].T / np.sqrt(size)
        scores[np.triu_indices(count, 1)] = -np.inf
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        mixed[:, head] = shares @ values[:, head // shared]
    return _product(mixed.reshape(count, -1), weights[f"{prefix}.o_proj.weight"])


def _rotate(config: dict[str, Any], heads: Array) -> Array:
    size = config["head_dim"]
    theta = config["rope_parameters"]["rope_theta"]
    frequencies = theta ** -(np.arange(0, size, 2) / size)
    angles = np.arange(len(heads))[:, None, None] * frequencies
    first, second = heads[..., : size // 2], heads[..., size // 2 :]
    cosine, sine = np.cos(angles), np.sin(angles)
    return np.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)
