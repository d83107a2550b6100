"""The ONNX graph of a Gemma text model; see `training.graphs.decoder`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto

from training.graphs.decoder import DecoderGraph
from training.graphs.nodes import Weights


def build(config: Mapping[str, Any], weights: Weights) -> ModelProto:
    """The graph for one Gemma checkpoint.

    Args:
        config: the parsed ``config.json`` of a `GemmaForCausalLM`.
        weights: arrays by the names that transformers gives them (``model.embed_tokens.weight``,
            ``model.layers.0.self_attn.q_proj.weight``, ...). The head is tied to the embedding.

    Raises:
        ValueError: the config describes something this graph does not compute.
        KeyError: a weight is missing.
    """
    _check(config)
    return _GemmaGraph(config, weights).build()


def _check(config: Mapping[str, Any]) -> None:
    if config.get("model_type") != "gemma":
        raise ValueError(f"expected model_type 'gemma', not {config.get('model_type')!r}")
    activation = config.get("hidden_activation") or config.get("hidden_act")
    if activation not in {"gelu_pytorch_tanh", "gelu"}:
        # transformers runs the tanh form for both names on Gemma 1 checkpoints.
        raise ValueError(f"expected the tanh form of GELU, not {activation!r}")
    if config.get("attention_bias"):
        raise ValueError("attention_bias is not supported: export a model without it")
    if not config.get("tie_word_embeddings", True):
        raise ValueError("the output head must be tied to the embedding")


class _GemmaGraph(DecoderGraph):
    name = "gemma"

    def first_states(self, embedded: str) -> str:
        # Gemma multiplies the embedding by the square root of the hidden size, unrounded.
        scale = self.single("embedding_scale", np.asarray(np.sqrt(self.hidden)))
        return self.node("Mul", [embedded, scale], "scaled")

    def norm_weight(self, stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
        # Gemma stores the distance of the norm's weight from one.
        return 1.0 + stored.astype(np.float32)

    def activation(self, gate: str, name: str) -> str:
        return self.node("Gelu", [gate], name, approximate="tanh")
