"""The ONNX graph of a decoder-only text model, built from its config and its weights.

It has one fused attention node per layer, with keys and values in buffers that the caller owns.

Inputs (``B`` sequences, ``S`` tokens each, ``C`` positions per buffer, ``R`` wanted rows):

========================= ============================== =====================================
``input_ids``             int64 [B, S]                   tokens, padded on the right
``rows``                  int64 [R]                      places in the flattened [B * S] hidden
                                                         states whose logits are wanted
``seqlens_k``             int32 [B]                      tokens known after this call, minus one
``total_sequence_length`` int32 [1]                      the largest of them, plus one
``cos_cache``             float32 [positions, D / 2]     rotary tables; see `rotary` in the engine
``sin_cache``
``past_key.N``            float32 [B, KV, C, D]          one pair of buffers per layer
``past_value.N``
========================= ============================== =====================================

Outputs: ``logits`` float32 [R, vocabulary] and ``present_key.N``, ``present_value.N``, which are
meant to be bound to the very buffers that came in (the attention node then writes in place).

A family of models is a subclass: it says how tokens are embedded, how norms are stored, which
activation the MLP has, and whether heads are normed. Matrices are 8-bit integers, and products are
in whole numbers (`nodes.Nodes.product`) unless the family is a `single.SinglePrecisionGraph`. The
head is tied to the embedding.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper

from training.graphs.nodes import MICROSOFT, Nodes, Weights

EMBEDDING = ".embed_tokens.weight"
MLP_PARTS = ("gate", "up", "down")


class DecoderGraph(Nodes, ABC):
    """Collects nodes and initializers while walking through the layers.

    Args:
        config: the parsed ``config.json`` of the text model.
        weights: of the whole checkpoint.

    A family whose queries are normed must not scale them by their weights (``query_scale``): the
    norm would undo it.
    """

    prefix = "model"
    """What the names of the text model's weights start with."""
    name = "decoder"

    def __init__(self, config: Mapping[str, Any], weights: Weights) -> None:
        super().__init__()
        self.config = config
        self.weights = weights
        self.hidden = int(config["hidden_size"])
        self.layers = int(config["num_hidden_layers"])
        self.heads = int(config["num_attention_heads"])
        self.kv_heads = int(config["num_key_value_heads"])
        self.head_dim = int(config["head_dim"])
        self.vocabulary = int(config["vocab_size"])
        self.epsilon = float(config["rms_norm_eps"])
        # The attention node is faster with one token where it needs not scale by itself.
        self.query_scale = self.head_dim**-0.5
        self.attention_options = {"scale": 1.0}

    def build(self) -> ModelProto:
        """Walk from the tokens to the logits and wrap the result up."""
        residual = self.first_states(self.embedded(self.weights[self.prefix + EMBEDDING]))
        normed = self.node(
            "SimplifiedLayerNormalization",
            [residual, self._norm(f"{self.prefix}.layers.0.input_layernorm.weight")],
            "layer.0.input",
            axis=-1,
            epsilon=self.epsilon,
        )
        for layer in range(self.layers):
            normed, residual = self._layer(layer, normed, residual)
        flat_shape = self.ints("flat_shape", [-1, self.hidden])
        flat = self.node("Reshape", [normed, flat_shape], "flat")
        wanted = self.node("Gather", [flat, "rows"], "wanted", axis=0)
        self.head(wanted)
        return self.model(self.name, self.inputs(), self._outputs())

    def embedded(self, stored: npt.NDArray[Any]) -> str:
        """The embeddings of the input's tokens, of which the head uses the same matrix."""
        self.embedding = self.eight_bit("embedding", stored, rows=0)
        found = [
            self.node("Gather", [values, "input_ids"], f"{values}.found", axis=0)
            for values in self.embedding
        ]
        cast = self.node("Cast", found[:1], "embedded.whole", to=TensorProto.FLOAT)
        return self.node("Mul", [cast, found[1]], "embedded")

    def head(self, wanted: str) -> None:
        """The logits of the wanted states."""
        integers, scales = self.embedding
        across = self.node("Transpose", [integers], "embedding.across", perm=[1, 0])
        self.product("logits", wanted, across, scales)

    def linear(self, name: str, source: str, matrix: npt.NDArray[Any]) -> str:
        """The product with a matrix [K, N]."""
        return self.product(name, source, *self.eight_bit(f"{name}.weight", matrix, rows=1))

    @abstractmethod
    def first_states(self, embedded: str) -> str:
        """What the first layer reads, from the tokens' embeddings [B, S, hidden]."""

    @abstractmethod
    def norm_weight(self, stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """By what a norm multiplies, from what the checkpoint has."""

    @abstractmethod
    def activation(self, gate: str, name: str) -> str:
        """The MLP's activation of ``gate``, called ``name``."""

    def _layer(self, layer: int, normed: str, residual: str) -> tuple[str, str]:
        prefix, name = f"{self.prefix}.layers.{layer}", f"layer.{layer}"
        attended = self._attention(layer, normed)
        normed, residual = self._add_and_norm(
            f"{name}.attention", attended, residual, f"{prefix}.post_attention_layernorm.weight"
        )
        last = layer == self.layers - 1
        following = (
            f"{self.prefix}.norm" if last else f"{self.prefix}.layers.{layer + 1}.input_layernorm"
        )
        return self._add_and_norm(
            f"{name}.mlp", self._mlp(layer, normed), residual, f"{following}.weight"
        )

    def _attention(self, layer: int, normed: str) -> str:
        name, prefix = f"layer.{layer}", f"{self.prefix}.layers.{layer}.self_attn"
        query, key, value = (self.weights[f"{prefix}.{part}_proj.weight"] for part in "qkv")
        packed = self._linear(f"{name}.qkv", normed, [query * self.query_scale, key, value])
        queries, keys, values = self.split_heads(layer, packed)
        attended = f"{name}.attended"
        self.node(
            "GroupQueryAttention",
            [
                *(queries, keys, values, f"past_key.{layer}", f"past_value.{layer}"),
                *("seqlens_k", "total_sequence_length", "cos_cache", "sin_cache"),
            ],
            [attended, f"present_key.{layer}", f"present_value.{layer}"],
            domain=MICROSOFT,
            num_heads=self.heads,
            kv_num_heads=self.kv_heads,
            do_rotary=1,
            rotary_interleaved=0,
            **self.attention_options,
        )
        return self._linear(f"{name}.o", attended, [self.weights[f"{prefix}.o_proj.weight"]])

    def split_heads(self, layer: int, packed: str) -> tuple[str, str, str]:
        """Queries, keys and values for the attention node; it takes all three as one, too."""
        return packed, "", ""

    def _mlp(self, layer: int, normed: str) -> str:
        name, prefix = f"layer.{layer}.mlp", f"{self.prefix}.layers.{layer}.mlp"
        gate, up, down = (self.weights[f"{prefix}.{part}_proj.weight"] for part in MLP_PARTS)
        both = self._linear(f"{name}.gate_up", normed, [gate, up])
        self.node("Split", [both], [f"{name}.gate", f"{name}.up"], axis=-1, num_outputs=2)
        active = self.activation(f"{name}.gate", f"{name}.active")
        gated = self.node("Mul", [active, f"{name}.up"], f"{name}.gated")
        return self._linear(f"{name}.down", gated, [down])

    def _linear(self, name: str, source: str, weights: list[npt.NDArray[Any]]) -> str:
        """One product for all the weights that read the same input."""
        return self.linear(name, source, np.concatenate(weights, axis=0).T)

    def _add_and_norm(self, name: str, branch: str, residual: str, norm: str) -> tuple[str, str]:
        self.node(
            "SkipSimplifiedLayerNormalization",
            [branch, residual, self._norm(norm)],
            [f"{name}.normed", "", "", f"{name}.sum"],
            domain=MICROSOFT,
            epsilon=self.epsilon,
        )
        return f"{name}.normed", f"{name}.sum"

    def _norm(self, name: str) -> str:
        return self.single(name, self.norm_weight(self.weights[name]))

    def inputs(self) -> list[Any]:
        """What the graph takes."""
        half_head = self.head_dim // 2
        plain = [
            ("input_ids", TensorProto.INT64, ["batch", "length"]),
            ("rows", TensorProto.INT64, ["rows"]),
            ("seqlens_k", TensorProto.INT32, ["batch"]),
            ("total_sequence_length", TensorProto.INT32, [1]),
            ("cos_cache", TensorProto.FLOAT, ["positions", half_head]),
            ("sin_cache", TensorProto.FLOAT, ["positions", half_head]),
        ]
        infos = [helper.make_tensor_value_info(*info) for info in plain]
        return infos + self._buffers("past")

    def _outputs(self) -> list[Any]:
        logits = helper.make_tensor_value_info(
            "logits", TensorProto.FLOAT, ["rows", self.vocabulary]
        )
        return [logits, *self._buffers("present")]

    def _buffers(self, tense: str) -> list[Any]:
        shape = ["batch", self.kv_heads, "capacity", self.head_dim]
        return [
            helper.make_tensor_value_info(f"{tense}_{kind}.{layer}", TensorProto.FLOAT, shape)
            for layer in range(self.layers)
            for kind in ("key", "value")
        ]
