"""The ONNX graph of a Qwen3 text model; see `training.graphs.decoder`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto

from training.graphs.nodes import Weights
from training.graphs.single import SinglePrecisionGraph


def build(config: Mapping[str, Any], weights: Weights) -> ModelProto:
    """The graph for one Qwen3 checkpoint, its matrices as 8-bit integers.

    Args:
        config: the parsed ``config.json`` of a `Qwen3ForCausalLM`.
        weights: arrays by the names that transformers gives them.

    Raises:
        ValueError: the config describes something this graph does not compute.
        KeyError: a weight is missing.
    """
    _check(config)
    return _Qwen3Graph(config, weights).build()


def _check(config: Mapping[str, Any]) -> None:
    if config.get("model_type") != "qwen3":
        raise ValueError(f"expected model_type 'qwen3', not {config.get('model_type')!r}")
    if config.get("hidden_act") != "silu":
        raise ValueError(f"expected the activation 'silu', not {config.get('hidden_act')!r}")
    for unknown in ("attention_bias", "use_sliding_window"):
        if config.get(unknown):
            raise ValueError(f"{unknown} is not supported: export a model without it")
    if not config.get("tie_word_embeddings", True):
        raise ValueError("the output head must be tied to the embedding")


class _Qwen3Graph(SinglePrecisionGraph):
    """Its answers are compared with those of the real vLLM, digit by digit."""

    name = "qwen3"

    def first_states(self, embedded: str) -> str:
        return embedded

    def norm_weight(self, stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return stored

    def activation(self, gate: str, name: str) -> str:
        slope = self.node("Sigmoid", [gate], f"{name}.slope")
        return self.node("Mul", [gate, slope], name)

    def split_heads(self, layer: int, packed: str) -> tuple[str, str, str]:
        # Queries and keys are normed head by head before the attention node rotates them.
        name = f"layer.{layer}"
        sizes = [self.heads * self.head_dim, *[self.kv_heads * self.head_dim] * 2]
        parts = [f"{name}.{part}" for part in ("queries", "keys", "values")]
        self.node("Split", [packed, self.ints(f"{name}.sizes", sizes)], parts, axis=-1)
        prefix = f"{self.prefix}.layers.{layer}.self_attn"
        queries = self._norm_heads(parts[0], f"{prefix}.q_norm.weight", self.heads)
        keys = self._norm_heads(parts[1], f"{prefix}.k_norm.weight", self.kv_heads)
        return queries, keys, parts[2]

    def _norm_heads(self, source: str, norm: str, heads: int) -> str:
        apart = self.ints(f"{source}.apart_shape", [0, 0, heads, self.head_dim])
        together = self.ints(f"{source}.together_shape", [0, 0, heads * self.head_dim])
        weight = self.single(norm, np.asarray(self.weights[norm]))
        split = self.node("Reshape", [source, apart], f"{source}.apart")
        normed = self.node(
            "SimplifiedLayerNormalization",
            [split, weight],
            f"{source}.normed",
            axis=-1,
            epsilon=self.epsilon,
        )
        return self.node("Reshape", [normed, together], f"{source}.together")
