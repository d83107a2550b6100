"""The graph of what is the same for all steps of a picture's row, or known before the first one.

It gives, for one row: ``shifts``, what the time adds to the first convolution of every residual
block, one row for each step; and for all steps alike what the text decides in every attention, and
which places are neighbours in a picture of this size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper

from training.graphs.nodes import Weights
from training.sdxl.products import ProductNodes
from training.sdxl.storage import Storage
from training.sdxl.unet_shape import Part, parts_of

OUTSIDE = 1 << 40
"""Beyond every place of a picture."""


def conditions_graph(config: Mapping[str, Any], weights: Weights, storage: Storage) -> ModelProto:
    """See above; the arguments are those of `unet_graph`. All products are in float32."""
    return _ConditionsGraph(config, weights, storage).written()


class _ConditionsGraph(ProductNodes):
    def __init__(self, config: Mapping[str, Any], weights: Weights, storage: Storage) -> None:
        super().__init__(weights, storage, single=("",))
        self.config = config
        self.parts = parts_of(config)
        self.outputs: dict[str, tuple[int, list[Any]]] = {}

    def written(self) -> ModelProto:
        """The model."""
        self.shifts()
        for part in self.parts:
            if part.kind == "attention":
                self.text(part)
        self.places()
        config = self.config
        pooled = self.weights["add_embedding.linear_1.weight"].shape[1]
        pooled -= 6 * config["addition_time_embed_dim"]
        inputs = {
            "sample": [config["in_channels"], "height", "width"],
            "timesteps": ["steps"],
            "encoder_hidden_states": ["tokens", config["cross_attention_dim"]],
            "text_embeds": [pooled],
            "time_ids": [6],
        }
        return self.model(
            "conditions",
            [_info(name, TensorProto.FLOAT, shape) for name, shape in inputs.items()],
            [_info(name, *described) for name, described in self.outputs.items()],
        )

    def shifts(self) -> None:
        """What depends on the time: through two layers to every residual block."""
        width = self.config["block_out_channels"][0]
        waves = self.waves("time", self.reshaped("times", "timesteps", [-1, 1]), width)
        time = self.two_layers("time_embedding", waves)
        ids = self.reshaped("ids", "time_ids", [-1, 1])
        sizes = self.waves("sizes", ids, self.config["addition_time_embed_dim"])
        row = self.reshaped("sizes_row", sizes, [1, -1])
        pooled = self.reshaped("pooled", "text_embeds", [1, -1])
        given = self.node("Concat", [pooled, row], "given_row", axis=1)
        known = self.node("Add", [time, self.two_layers("add_embedding", given)], "known")
        active = self.silu("known", known)
        shifts = []
        for part in self.parts:
            if part.kind == "resnet":
                shift = self.linear(f"{part.name}.time", active, f"{part.name}.time_emb_proj")
                bias = self.weight(f"{part.name}.conv1.bias")
                shifts.append(self.node("Add", [shift, bias], f"{part.name}.shift"))
        self.node("Concat", shifts, "shifts", axis=1)
        self.outputs["shifts"] = (TensorProto.FLOAT, ["steps", "sum"])

    def waves(self, name: str, column: str, width: int) -> str:
        """A column of numbers as cosines and sines of falling frequencies."""
        half = width // 2
        falling = np.exp(-math.log(10_000) * np.arange(half, dtype=np.float32) / np.float32(half))
        angles = self.node(
            "Mul", [column, self.constant(f"{name}.falling", falling.astype(np.float32))],
            f"{name}.angles",
        )  # fmt: skip
        parts = [
            self.node("Cos", [angles], f"{name}.cos"),
            self.node("Sin", [angles], f"{name}.sin"),
        ]
        return self.node("Concat", parts, f"{name}.waves", axis=1)

    def two_layers(self, module: str, source: str) -> str:
        """Two linear layers with SiLU between them."""
        first = self.linear(f"{module}.first", source, f"{module}.linear_1")
        return self.linear(module, self.silu(f"{module}.first", first), f"{module}.linear_2")

    def silu(self, name: str, source: str) -> str:
        """x * sigmoid(x)."""
        share = self.node("Sigmoid", [source], f"{name}.share")
        return self.node("Mul", [source, share], f"{name}.silu")

    def text(self, part: Part) -> None:
        """Queries and keys are multiplied ahead, and so are values and the layer behind them: the
        UNet needs one product with the text on either side of the softmax."""
        depth = 0
        while self.is_known(f"{part.name}.transformer_blocks.{depth}.attn2.to_q.weight"):
            name = f"{part.name}.transformer_blocks.{depth}.attn2"
            depth += 1
            inner, channels = self.weights[f"{name}.to_q.weight"].shape
            heads, each = part.heads, inner // part.heads
            cut = self.ints(f"cut{heads}x{each}", [-1, heads, each])
            keys, values, queries = (
                self.node("Reshape", [source, cut], f"{name}.{kind}.cut")
                for kind, source in (
                    ("to_k", self.linear(f"{name}.to_k", "encoder_hidden_states", f"{name}.to_k")),
                    ("to_v", self.linear(f"{name}.to_v", "encoder_hidden_states", f"{name}.to_v")),
                    ("to_q", self.matrix(f"{name}.to_q.weight")),
                )
            )
            keys = self.node("Transpose", [keys], f"{name}.k", perm=[1, 2, 0])
            queries = self.node("Transpose", [queries], f"{name}.q", perm=[1, 0, 2])
            scores = self.node("MatMul", [queries, keys], f"{name}.qk")
            small = self.single(f"scale{each}", np.asarray(each**-0.5))
            scores = self.node("Mul", [scores, small], f"{name}.scaled")
            scores = self.node("Transpose", [scores], f"{name}.rows", perm=[1, 0, 2])
            self.put(f"{name}.keys", scores, [channels, -1])
            values = self.node("Transpose", [values], f"{name}.v", perm=[1, 0, 2])
            behind = self.node(
                "Reshape",
                [
                    self.matrix(f"{name}.to_out.0.weight"),
                    self.ints(f"out{heads}x{each}", [heads, each, -1]),
                ],
                f"{name}.behind",
            )
            values = self.node("MatMul", [values, behind], f"{name}.vo")
            self.put(f"{name}.values", values, [-1, channels])

    def put(self, name: str, source: str, shape: list[int]) -> None:
        """An output of this shape."""
        self.reshaped(name, source, shape)
        self.outputs[name] = (
            TensorProto.FLOAT, [size if size > 0 else "all tokens" for size in shape],
        )  # fmt: skip

    def places(self) -> None:
        """The nine neighbours of every place, for each way from one size to another."""
        size = self.node("Shape", ["sample"], "size", start=1)
        levels = [self.sides(0, size)]
        for part in self.parts:
            if part.kind == "down":
                half = self.node("Add", [size, self.number("one", 1)], f"more.{part.level}")
                size = self.node("Div", [half, self.number("two", 2)], f"half.{part.level}")
                levels.append(self.sides(part.level + 1, size))
        for level in sorted({part.level for part in self.parts}):
            self.neighbours(f"same.{level}", levels[level], levels[level])
        for part in self.parts:
            if part.kind == "down":
                self.neighbours(
                    f"down.{part.level}", levels[part.level], levels[part.level + 1], stride=2
                )
            elif part.kind == "up":
                self.neighbours(
                    f"up.{part.level}", levels[part.level], levels[part.level - 1], enlarged=True
                )

    def sides(self, level: int, size: str) -> tuple[str, str]:
        """Height and width as two scalars."""
        names = [f"size.{level}.{side}" for side in ("height", "width")]
        for name, number in zip(names, (0, 1), strict=True):
            self.node("Gather", [size, self.number(f"side{number}", number)], name)
        return names[0], names[1]

    def neighbours(
        self,
        name: str,
        source: tuple[str, str],
        target: tuple[str, str],
        *,
        stride: int = 1,
        enlarged: bool = False,
    ) -> None:
        """The nine places of the source around each of the target.

        Args:
            name: of the output.
            source: height and width of what is gathered from.
            target: of the result.
            stride: places of the source from one place of the target to the next.
            enlarged: whether the source is first enlarged to the size of the target.
        """
        lines = [
            self.line(f"{name}.{side}", source[axis], target[axis], stride, enlarged=enlarged)
            for axis, side in enumerate(("y", "x"))
        ]
        rows = self.node("Mul", [lines[0], source[1]], f"{name}.rows")
        rows = self.reshaped(f"{name}.rows4", rows, [-1, 1, 3, 1])
        columns = self.reshaped(f"{name}.columns4", lines[1], [1, -1, 1, 3])
        numbers = self.node("Add", [rows, columns], f"{name}.all")
        behind = self.node("Mul", [source[0], source[1]], f"{name}.behind")
        bounded = self.node("Min", [numbers, behind], f"{name}.bounded")
        self.reshaped(name, bounded, [-1, 9])
        self.outputs[name] = (TensorProto.INT64, [f"places of {name}", 9])

    def line(self, name: str, source: str, target: str, stride: int, *, enlarged: bool) -> str:
        """Along one side: the three positions around each of the target, [target, 3]."""
        zero, one = self.number("zero", 0), self.number("one", 1)
        positions = self.node("Range", [zero, target, one], f"{name}.positions")
        column = self.reshaped(f"{name}.column", positions, [-1, 1])
        steps = self.node("Mul", [column, self.number(f"stride{stride}", stride)], f"{name}.steps")
        around = self.node("Add", [steps, self.ints("around", [-1, 0, 1])], f"{name}.around")
        edge = target if enlarged else source
        inside = self.node(
            "And",
            [
                self.node("GreaterOrEqual", [around, zero], f"{name}.not_before"),
                self.node("Less", [around, edge], f"{name}.not_behind"),
            ],
            f"{name}.inside",
        )
        if enlarged:
            times = self.node("Mul", [around, source], f"{name}.times")
            around = self.node("Div", [times, target], f"{name}.nearest")
        outside = self.number("outside", OUTSIDE)
        return self.node("Where", [inside, around, outside], f"{name}.line")

    def number(self, name: str, value: int) -> str:
        """A scalar."""
        return self.constant(f"number.{name}", np.asarray(value, np.int64))


def _info(name: str, kind: int, shape: list[Any]) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)
