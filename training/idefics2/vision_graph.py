"""The ONNX graph of an Idefics2's vision tower and connector: from tiles to image tokens.

``pixels`` float32 [n, 3, side, side] in [-1, 1] gives ``states`` float32 [n, latents, width], of
which the text graph puts one in place of each image token. Tiles are square and full, so there
is no mask, and the positions are those of the patches in reading order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper

from training.graphs.nodes import MICROSOFT, Nodes, Weights

TOWER = "model.vision_model"
CONNECTOR = "model.connector"


def build(config: Mapping[str, Any], weights: Weights) -> ModelProto:
    """The graph for one checkpoint.

    Args:
        config: the parsed ``config.json`` of an `Idefics2ForConditionalGeneration`.
        weights: arrays by the names that transformers gives them.

    Raises:
        ValueError: the config describes something this graph does not compute.
        KeyError: a weight is missing.
    """
    vision, perceiver = config["vision_config"], config["perceiver_config"]
    if vision.get("hidden_act") != "gelu_pytorch_tanh":
        raise ValueError(f"expected the tanh form of GELU, not {vision.get('hidden_act')!r}")
    if perceiver.get("hidden_act") != "silu" or config["text_config"].get("hidden_act") != "silu":
        raise ValueError("expected the activation 'silu' in the connector")
    return _VisionGraph(config, weights).build()


class _VisionGraph(Nodes):
    def __init__(self, config: Mapping[str, Any], weights: Weights) -> None:
        super().__init__()
        self.vision = config["vision_config"]
        self.perceiver = config["perceiver_config"]
        self.weights = weights

    def build(self) -> ModelProto:
        """Walk from the pixels to the image tokens."""
        states = self._embedded()
        for layer in range(self.vision["num_hidden_layers"]):
            states = self._tower_layer(f"{TOWER}.encoder.layers.{layer}", states)
        states = self._layer_norm(f"{TOWER}.post_layernorm", states)
        context = self._gated(f"{CONNECTOR}.modality_projection", states)
        self._resampled(context)
        side, width = self.vision["image_size"], self.perceiver["hidden_size"]
        latents = self.perceiver["resampler_n_latents"]
        info = helper.make_tensor_value_info
        return self.model(
            "idefics2_vision",
            [info("pixels", TensorProto.FLOAT, ["tiles", 3, side, side])],
            [info("states", TensorProto.FLOAT, ["tiles", latents, width])],
        )

    def _embedded(self) -> str:
        name = f"{TOWER}.embeddings"
        patch, width = self.vision["patch_size"], self.vision["hidden_size"]
        kernel = self.half(f"{name}.kernel", self.weights[f"{name}.patch_embedding.weight"])
        bias = self.half(f"{name}.bias", self.weights[f"{name}.patch_embedding.bias"])
        grid = self.node("Conv", ["pixels", kernel, bias], f"{name}.grid", strides=[patch, patch])
        shape = self.ints(f"{name}.shape", [0, width, -1])
        columns = self.node("Reshape", [grid, shape], f"{name}.columns")
        patches = self.node("Transpose", [columns], f"{name}.patches", perm=[0, 2, 1])
        places = self.half(f"{name}.places", self.weights[f"{name}.position_embedding.weight"])
        return self.node("Add", [patches, places], f"{name}.embedded")

    def _tower_layer(self, name: str, states: str) -> str:
        normed = self._layer_norm(f"{name}.layer_norm1", states)
        parts = [self._linear(f"{name}.self_attn.{part}_proj", normed, bias=True) for part in "qkv"]
        attended = self.node(
            "MultiHeadAttention",
            parts,
            f"{name}.attended",
            MICROSOFT,
            num_heads=self.vision["num_attention_heads"],
        )
        out = self._linear(f"{name}.self_attn.out_proj", attended, bias=True)
        states = self.node("Add", [states, out], f"{name}.attention.sum")
        normed = self._layer_norm(f"{name}.layer_norm2", states)
        wide = self._linear(f"{name}.mlp.fc1", normed, bias=True)
        active = self.node("Gelu", [wide], f"{name}.mlp.active", approximate="tanh")
        out = self._linear(f"{name}.mlp.fc2", active, bias=True)
        return self.node("Add", [states, out], f"{name}.mlp.sum")

    def _resampled(self, context: str) -> str:
        name = f"{CONNECTOR}.perceiver_resampler"
        latents = self._latents(f"{name}.latents", context)
        for layer in range(self.perceiver["resampler_depth"]):
            latents = self._resampler_layer(f"{name}.layers.{layer}", latents, context)
        return self._rms_norm(f"{name}.norm", latents, output="states")

    def _latents(self, name: str, context: str) -> str:
        """The learned latents, once for every tile."""
        latents = self.half(name, self.weights[name][None])
        tiles = self.node("Shape", [context], f"{name}.tiles", start=0, end=1)
        shape = self.node(
            "Concat", [tiles, self.ints(f"{name}.ones", [1, 1])], f"{name}.shape", axis=0
        )
        return self.node("Expand", [latents, shape], f"{name}.expanded")

    def _resampler_layer(self, name: str, latents: str, context: str) -> str:
        heads = self.perceiver["resampler_n_heads"]
        groups = heads // self.perceiver["num_key_value_heads"]
        query = self._rms_norm(f"{name}.input_latents_norm", latents)
        known = self._rms_norm(f"{name}.input_context_norm", context)
        known = self.node("Concat", [known, query], f"{name}.known", axis=1)
        parts = [
            self._linear(f"{name}.self_attn.q_proj", query),
            # Every key and value head serves a group of queries: here each has its own copy.
            self._linear(f"{name}.self_attn.k_proj", known, groups=groups),
            self._linear(f"{name}.self_attn.v_proj", known, groups=groups),
        ]
        attended = self.node(
            "MultiHeadAttention", parts, f"{name}.attended", MICROSOFT, num_heads=heads
        )
        out = self._linear(f"{name}.self_attn.o_proj", attended)
        latents = self.node("Add", [latents, out], f"{name}.attention.sum")
        normed = self._rms_norm(f"{name}.post_attention_layernorm", latents)
        out = self._gated(f"{name}.mlp", normed)
        return self.node("Add", [latents, out], f"{name}.mlp.sum")

    def _gated(self, name: str, states: str) -> str:
        gate = self._linear(f"{name}.gate_proj", states)
        # With alpha 1 this is SiLU, which ONNX has no node for before opset 24.
        active = self.node("QuickGelu", [gate], f"{name}.active", MICROSOFT, alpha=1.0)
        up = self._linear(f"{name}.up_proj", states)
        return self._linear(f"{name}.down_proj", self.node("Mul", [active, up], f"{name}.gated"))

    def _linear(self, name: str, source: str, *, bias: bool = False, groups: int = 1) -> str:
        weight = self._repeated(self.weights[f"{name}.weight"], groups)
        product = self.node("MatMul", [source, self.half(f"{name}.weight", weight.T)], name)
        if not bias:
            return product
        added = self.half(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("Add", [product, added], f"{name}.sum")

    def _repeated(self, weight: npt.NDArray[Any], groups: int) -> npt.NDArray[Any]:
        if groups == 1:
            return weight
        size = self.perceiver["resampler_head_dim"]
        heads = weight.reshape(-1, size, weight.shape[1])
        return np.repeat(heads, groups, axis=0).reshape(-1, weight.shape[1])

    def _layer_norm(self, name: str, states: str) -> str:
        scale = self.single(f"{name}.scale", self.weights[f"{name}.weight"])
        shift = self.single(f"{name}.shift", self.weights[f"{name}.bias"])
        return self.node(
            "LayerNormalization",
            [states, scale, shift],
            name,
            axis=-1,
            epsilon=float(self.vision["layer_norm_eps"]),
        )

    def _rms_norm(self, name: str, states: str, *, output: str = "") -> str:
        scale = self.single(f"{name}.scale", self.weights[f"{name}.weight"])
        return self.node(
            "SimplifiedLayerNormalization",
            [states, scale],
            output or name,
            axis=-1,
            epsilon=float(self.perceiver["rms_norm_eps"]),
        )
