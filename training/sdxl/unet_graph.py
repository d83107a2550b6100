"""The UNet's graph: one denoising step of one row, with what `conditions` prepared for it.

Everything is [places, channels], from the latents' first convolution to the last, so that no
product needs its input turned, and a convolution is a product with gathered neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper

from training.graphs.nodes import MICROSOFT, Weights
from training.sdxl.products import ProductNodes, Rounded, Single
from training.sdxl.storage import Storage
from training.sdxl.unet_shape import Part, parts_of

LAYER_NORM = 1e-5
TRANSFORMER_NORM = 1e-6
"""Epsilons that diffusers' transformer blocks have, whatever the configuration says."""
SINGLE = ("conv_in.", "conv_out.", ".conv_shortcut.", ".ff.net.2.")
"""What stays in single precision beside the last residual block: parts of weights' names.
Rounding would disturb the prediction most there: see benchmarks/README.md."""


def unet_graph(
    config: Mapping[str, Any],
    weights: Weights,
    storage: Storage,
    single: Sequence[str] | None = None,
) -> ModelProto:
    """One step: latents and conditions in, ``prediction`` out.

    Args:
        config: of diffusers' ``UNet2DConditionModel``.
        weights: its, by their names.
        storage: see `ProductNodes`.
        single: likewise; None for `SINGLE` and the last residual block.
    """
    if single is None:
        last = [part.name for part in parts_of(config) if part.kind == "resnet"][-1]
        single = (*SINGLE, f"{last}.")
    return _UnetGraph(config, weights, storage, single).written()


class _UnetGraph(ProductNodes):
    def __init__(
        self, config: Mapping[str, Any], weights: Weights, storage: Storage, single: Sequence[str]
    ) -> None:
        super().__init__(weights, storage, single)
        self.config = config
        self.parts = parts_of(config)
        self.inputs: list[str] = []

    def written(self) -> ModelProto:
        """The model."""
        channels = self.config["in_channels"]
        resnets = [part.name for part in self.parts if part.kind == "resnet"]
        sizes = [len(self.weights[f"{name}.conv1.bias"]) for name in resnets]
        self.node(
            "Split",
            ["shifts", self.ints("sizes", sizes)],
            [f"{name}.shift" for name in resnets],
            axis=0,
        )
        flat = self.reshaped("flat", "sample", [channels, -1])
        latents = self.node("Transpose", [flat], "latents", perm=[1, 0])
        hidden = self.convolved("conv_in", Single(latents), "same.0")
        kept = [hidden]
        for part in self.parts:
            if part.skip:
                both = [hidden, kept.pop()]
                hidden = self.node("Concat", both, f"{part.name}.joined", axis=1)
            hidden = self.passed(part, hidden)
            if part.kept:
                kept.append(hidden)
        active = self.placed(self.group_norm("conv_norm_out", hidden), "conv_out.weight")
        last = self.convolved("conv_out", active, "same.0")
        turned = self.node("Transpose", [last], "turned", perm=[1, 0])
        shape = self.node("Shape", ["sample"], "size")
        self.node("Reshape", [turned, shape], "prediction")
        return self.model("unet", self._described(), [_info("prediction", _latents(channels))])

    def passed(self, part: Part, hidden: str) -> str:
        """The result of one part."""
        if part.kind == "resnet":
            return self.resnet(part, hidden)
        if part.kind == "attention":
            return self.transformer(part, hidden)
        neighbours = f"{part.kind}.{part.level}"
        return self.convolved(part.name, self.given(hidden, f"{part.name}.weight"), neighbours)

    def convolved(self, module: str, source: Rounded | Single, neighbours: str) -> str:
        """A convolution with the bias of its module."""
        self._use(neighbours)
        bias = self.weight(f"{module}.bias")
        return self.convolution(module, source, f"{module}.weight", bias, neighbours)

    def resnet(self, part: Part, hidden: str) -> str:
        """Two convolutions beside a shortcut; the time is in the first one's bias."""
        name, neighbours = part.name, f"same.{part.level}"
        self._use(neighbours)
        first = f"{name}.conv1.weight"
        active = self.placed(self.group_norm(f"{name}.norm1", hidden), first)
        shift = f"{name}.shift"
        moved = self.convolution(f"{name}.conv1", active, first, shift, neighbours)
        active = self.placed(self.group_norm(f"{name}.norm2", moved), f"{name}.conv2.weight")
        moved = self.convolved(f"{name}.conv2", active, neighbours)
        shortcut = f"{name}.conv_shortcut"
        if self.is_known(f"{shortcut}.weight"):
            hidden = self.linear(shortcut, hidden, shortcut)
        return self.node("Add", [hidden, moved], name)

    def transformer(self, part: Part, hidden: str) -> str:
        """Attention over the picture and over the text; beside it the way past."""
        name = part.name
        normed = self.group_norm(f"{name}.norm", hidden, TRANSFORMER_NORM, active=False)
        weight = f"{name}.proj_in.weight"
        states = self.times(
            f"{name}.proj_in",
            self.placed(normed, weight),
            weight,
            self.weight(f"{name}.proj_in.bias"),
        )
        depth = 0
        while self.is_known(f"{name}.transformer_blocks.{depth}.norm1.weight"):
            states = self.block(f"{name}.transformer_blocks.{depth}", states, part.heads)
            depth += 1
        return self.node(
            "Add", [self.linear(f"{name}.proj_out", states, f"{name}.proj_out"), hidden], name
        )

    def block(self, name: str, states: str, heads: int) -> str:
        """One transformer block."""
        normed = self.layer_norm(f"{name}.norm1", states)
        found = self.attention(f"{name}.attn1", normed, heads)
        states, normed = self.added(f"{name}.norm2", found, states)
        found = self.text_attention(f"{name}.attn2", normed, heads)
        states, normed = self.added(f"{name}.norm3", found, states)
        return self.node("Add", [self.gated(f"{name}.ff.net", normed), states], f"{name}.out")

    def added(self, norm: str, found: str, states: str) -> tuple[str, str]:
        """The sum of both, and its norm."""
        both = self.node("Add", [found, states], f"{norm}.sum")
        return both, self.layer_norm(norm, both)

    def layer_norm(self, name: str, source: str) -> str:
        """The norm of every place."""
        parts = [self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("LayerNormalization", [source, *parts], name, epsilon=LAYER_NORM)

    def attention(self, name: str, normed: str, heads: int) -> str:
        """Attention of the places to each other."""
        width = self.weights[f"{name}.to_q.weight"].shape[0]
        rows = [
            self.reshaped(
                f"{name}.{part}.row", self.linear(f"{name}.{part}", normed, f"{name}.{part}"),
                [1, -1, width],
            )
            for part in ("to_q", "to_k", "to_v")
        ]  # fmt: skip
        found = self.node(
            "MultiHeadAttention", rows, f"{name}.found", domain=MICROSOFT, num_heads=heads
        )
        flat = self.reshaped(f"{name}.flat", found, [-1, width])
        return self.linear(name, flat, f"{name}.to_out.0")

    def text_attention(self, name: str, normed: str, heads: int) -> str:
        """Attention of the places to the text: two products with what the text alone decides."""
        for part in ("keys", "values"):
            self._use(f"{name}.{part}")
        scores = self.node("MatMul", [normed, f"{name}.keys"], f"{name}.scores")
        by_head = self.node(
            "Reshape", [scores, self.ints(f"heads{heads}", [0, heads, -1])], f"{name}.by_head"
        )
        shares = self.node("Softmax", [by_head], f"{name}.shares", axis=-1)
        flat = self.node("Reshape", [shares, self.ints("flat_heads", [0, -1])], f"{name}.flat")
        bias = self.weight(f"{name}.to_out.0.bias")
        return self.node("Gemm", [flat, f"{name}.values", bias], name)

    def gated(self, name: str, normed: str) -> str:
        """The feed-forward network, of whose first product one half gates the other."""
        first = self.linear(f"{name}.0", normed, f"{name}.0.proj")
        halves = [f"{name}.0.{half}" for half in ("value", "gate")]
        self.node("Split", [first], halves, axis=-1, num_outputs=2)
        gate = self.node("Gelu", [halves[1]], f"{name}.0.active")
        product = self.node("Mul", [halves[0], gate], f"{name}.0.gated")
        return self.linear(f"{name}.2", product, f"{name}.2")

    def group_norm(
        self, name: str, source: str, epsilon: float | None = None, *, active: bool = True
    ) -> str:
        """[places, channels] to its norm as [channels, places], through SiLU unless told not to."""
        groups, channels = self.config["norm_num_groups"], len(self.weights[f"{name}.weight"])
        turned = self.node("Transpose", [source], f"{name}.turned", perm=[1, 0])
        grouped = self.reshaped(f"{name}.grouped", turned, [1, groups, -1])
        ones = self.constant(f"ones{groups}", np.ones(groups, np.float32))
        zeros = self.constant(f"nothing{groups}", np.zeros(groups, np.float32))
        normed = self.node(
            "InstanceNormalization",
            [grouped, ones, zeros],
            f"{name}.even",
            epsilon=epsilon or self.config["norm_eps"],
        )
        normed = self.reshaped(f"{name}.rows", normed, [channels, -1])
        factor, offset = (
            self.reshaped(f"{name}.{part}.column", self.weight(f"{name}.{part}"), [-1, 1])
            for part in ("weight", "bias")
        )
        scaled = self.node("Mul", [normed, factor], f"{name}.scaled")
        moved = self.node("Add", [scaled, offset], name)
        if not active:
            return moved
        return self.node("QuickGelu", [moved], f"{name}.active", domain=MICROSOFT, alpha=1.0)

    def placed(self, source: str, weight: str) -> Rounded | Single:
        """[channels, places] as the product with a weight takes it, [places, channels]."""
        given = self.given(source, weight)
        numbers = self.node("Transpose", [given.numbers], f"{source}.placed", perm=[1, 0])
        if isinstance(given, Single):
            return Single(numbers)
        return Rounded(numbers, given.step, given.zero)

    def _use(self, name: str) -> None:
        if name not in self.inputs:
            self.inputs.append(name)

    def _described(self) -> list[Any]:
        described = [
            _info("sample", _latents(self.config["in_channels"])),
            _info("shifts", ["sum"]),
        ]
        for name in self.inputs:
            if name.partition(".")[0] in ("same", "down", "up"):
                places = [f"places of {name}", 9]
                described.append(helper.make_tensor_value_info(name, TensorProto.INT64, places))
            else:
                described.append(_info(name, [f"rows of {name}", f"columns of {name}"]))
        return described


def _latents(channels: int) -> list[int | str]:
    return [channels, "height", "width"]


def _info(name: str, shape: list[Any]) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
