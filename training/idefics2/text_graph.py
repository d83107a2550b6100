"""The ONNX graph of an Idefics2's text model; see `training.graphs.decoder`.

It takes two inputs more than a text-only model (``K`` image tokens in the whole batch):

==================== =============== ==========================================================
``image_places``     int64 [K, 1]    places in the flattened [B * S] tokens
``image_states``     float32 [K, W]  what stands there instead of the token's embedding: outputs
                                     of the vision graph
==================== =============== ==========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper

from training.graphs.decoder import DecoderGraph
from training.graphs.nodes import MICROSOFT, Weights


def build(config: Mapping[str, Any], weights: Weights) -> ModelProto:
    """The graph for one checkpoint.

    Args:
        config: the parsed ``config.json`` of an `Idefics2ForConditionalGeneration`.
        weights: arrays by the names that transformers gives them.

    Raises:
        ValueError: the config describes something this graph does not compute.
        KeyError: a weight is missing.
    """
    text = config["text_config"]
    if text.get("model_type") != "mistral":
        raise ValueError(f"expected a text model 'mistral', not {text.get('model_type')!r}")
    if text.get("hidden_act") != "silu":
        raise ValueError(f"expected the activation 'silu', not {text.get('hidden_act')!r}")
    if text.get("sliding_window"):
        raise ValueError("a sliding window is not supported: export a model without it")
    if not config.get("tie_word_embeddings", False):
        raise ValueError("the output head must be tied to the embedding")
    return _TextGraph(text, weights).build()


class _TextGraph(DecoderGraph):
    prefix = "model.text_model"
    name = "idefics2_text"

    def inputs(self) -> list[Any]:
        pictures = [
            helper.make_tensor_value_info("image_places", TensorProto.INT64, ["images", 1]),
            helper.make_tensor_value_info(
                "image_states", TensorProto.FLOAT, ["images", self.hidden]
            ),
        ]
        return [*super().inputs(), *pictures]

    def first_states(self, embedded: str) -> str:
        rows = self.ints("row_shape", [-1, self.hidden])
        flat = self.node("Reshape", [embedded, rows], "embedded.flat")
        filled = self.node("ScatterND", [flat, "image_places", "image_states"], "filled.flat")
        shape = self.node("Shape", [embedded], "embedded.shape")
        return self.node("Reshape", [filled, shape], "filled")

    def norm_weight(self, stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return stored

    def activation(self, gate: str, name: str) -> str:
        # With alpha 1 this is SiLU, which ONNX has no node for before opset 24.
        return self.node("QuickGelu", [gate], name, MICROSOFT, alpha=1.0)
