"""The ONNX graph of a Gemma text model, built from its config and its weights.

Needs `onnx` and numpy only. Writing the graph with the onnx helpers, rather than tracing the
PyTorch module, gives one fused attention node per layer, keys and values in buffers that the
caller owns, deterministic bytes, and no stack traces or local paths in the file.

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
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
"""Domain of the fused nodes that onnxruntime adds to the standard."""

OPSET = 20
MICROSOFT_OPSET = 1
IR_VERSION = 10
"""The newest of these three that onnxruntime 1.23.2 and 1.32 both read."""

Weights = Mapping[str, npt.NDArray[Any]]


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
    return _GraphBuilder(config, weights).build()


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


class _GraphBuilder:
    """Collects nodes and initializers while walking through the layers."""

    def __init__(self, config: Mapping[str, Any], weights: Weights) -> None:
        self.config = config
        self.weights = weights
        self.hidden = int(config["hidden_size"])
        self.layers = int(config["num_hidden_layers"])
        self.heads = int(config["num_attention_heads"])
        self.kv_heads = int(config["num_key_value_heads"])
        self.head_dim = int(config["head_dim"])
        self.vocabulary = int(config["vocab_size"])
        self.epsilon = float(config["rms_norm_eps"])
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def build(self) -> ModelProto:
        """Walk from the tokens to the logits and wrap the result up."""
        embedding = self._half("embedding", self.weights["model.embed_tokens.weight"])
        embedded = self._node("Gather", [embedding, "input_ids"], "embedded", axis=0)
        # Gemma multiplies the embedding by the square root of the hidden size, unrounded.
        scale = self._float("embedding_scale", np.asarray(np.sqrt(self.hidden)))
        residual = self._node("Mul", [embedded, scale], "scaled")
        normed = self._node(
            "SimplifiedLayerNormalization",
            [residual, self._norm("model.layers.0.input_layernorm.weight")],
            "layer.0.input",
            axis=-1,
            epsilon=self.epsilon,
        )
        for layer in range(self.layers):
            normed, residual = self._layer(layer, normed, residual)
        flat_shape = self._ints("flat_shape", [-1, self.hidden])
        flat = self._node("Reshape", [normed, flat_shape], "flat")
        wanted = self._node("Gather", [flat, "rows"], "wanted", axis=0)
        self._node("Gemm", [wanted, embedding], "logits", transB=1)
        return self._wrap()

    def _layer(self, layer: int, normed: str, residual: str) -> tuple[str, str]:
        prefix, name = f"model.layers.{layer}", f"layer.{layer}"
        attended = self._attention(layer, normed)
        normed, residual = self._add_and_norm(
            f"{name}.attention", attended, residual, f"{prefix}.post_attention_layernorm.weight"
        )
        last = layer == self.layers - 1
        following = "model.norm" if last else f"model.layers.{layer + 1}.input_layernorm"
        return self._add_and_norm(
            f"{name}.mlp", self._mlp(layer, normed), residual, f"{following}.weight"
        )

    def _attention(self, layer: int, normed: str) -> str:
        name, prefix = f"layer.{layer}", f"model.layers.{layer}.self_attn"
        packed = self._linear(
            f"{name}.qkv", normed, [f"{prefix}.{part}_proj.weight" for part in "qkv"]
        )
        attended = f"{name}.attended"
        self._node(
            "GroupQueryAttention",
            [
                *(packed, "", "", f"past_key.{layer}", f"past_value.{layer}"),
                *("seqlens_k", "total_sequence_length", "cos_cache", "sin_cache"),
            ],
            [attended, f"present_key.{layer}", f"present_value.{layer}"],
            domain=MICROSOFT,
            num_heads=self.heads,
            kv_num_heads=self.kv_heads,
            do_rotary=1,
            rotary_interleaved=0,
        )
        return self._linear(f"{name}.o", attended, [f"{prefix}.o_proj.weight"])

    def _mlp(self, layer: int, normed: str) -> str:
        name, prefix = f"layer.{layer}.mlp", f"model.layers.{layer}.mlp"
        both = self._linear(
            f"{name}.gate_up", normed, [f"{prefix}.gate_proj.weight", f"{prefix}.up_proj.weight"]
        )
        self._node("Split", [both], [f"{name}.gate", f"{name}.up"], axis=-1, num_outputs=2)
        active = self._node("Gelu", [f"{name}.gate"], f"{name}.active", approximate="tanh")
        gated = self._node("Mul", [active, f"{name}.up"], f"{name}.gated")
        return self._linear(f"{name}.down", gated, [f"{prefix}.down_proj.weight"])

    def _linear(self, name: str, source: str, weights: list[str]) -> str:
        """One product for all the weights that read the same input."""
        stacked = np.concatenate([self.weights[weight] for weight in weights], axis=0)
        return self._node("MatMul", [source, self._half(f"{name}.weight", stacked.T)], name)

    def _add_and_norm(self, name: str, branch: str, residual: str, norm: str) -> tuple[str, str]:
        self._node(
            "SkipSimplifiedLayerNormalization",
            [branch, residual, self._norm(norm)],
            [f"{name}.normed", "", "", f"{name}.sum"],
            domain=MICROSOFT,
            epsilon=self.epsilon,
        )
        return f"{name}.normed", f"{name}.sum"

    def _norm(self, name: str) -> str:
        # Gemma stores the distance of the norm's weight from one.
        return self._float(name, 1.0 + self.weights[name].astype(np.float32))

    def _half(self, name: str, values: npt.NDArray[Any]) -> str:
        """A weight kept in half precision and cast when the session folds constants."""
        half = np.ascontiguousarray(values.astype(np.float16))
        self.initializers.append(numpy_helper.from_array(half, f"{name}.half"))
        return self._node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def _float(self, name: str, values: npt.NDArray[Any]) -> str:
        self.initializers.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def _ints(self, name: str, values: list[int]) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(values, np.int64), name))
        return name

    def _node(
        self,
        operator: str,
        inputs: list[str],
        outputs: str | list[str],
        domain: str = "",
        **attributes: Any,
    ) -> str:
        names = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(
            helper.make_node(operator, inputs, names, name=names[0], domain=domain, **attributes)
        )
        return names[0]

    def _wrap(self) -> ModelProto:
        graph = helper.make_graph(
            self.nodes, "gemma", self._inputs(), self._outputs(), self.initializers
        )
        return helper.make_model(
            graph,
            opset_imports=[
                helper.make_opsetid("", OPSET),
                helper.make_opsetid(MICROSOFT, MICROSOFT_OPSET),
            ],
            ir_version=IR_VERSION,
            producer_name="local_endpoints",
        )

    def _inputs(self) -> list[Any]:
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
