"""ONNX graphs built node by node, with weights kept in half precision or in eight bits.

Needs `onnx` and numpy only. Writing a graph with the onnx helpers, rather than tracing a PyTorch
module, gives deterministic bytes and no stack traces or local paths in the file.
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
"""Arrays by the names that transformers gives them."""


def quantize_rows(
    values: npt.NDArray[np.float32], axis: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Integers of -127 to 127 and the scales that turn them back, one per slice along ``axis``.

    Returns:
        The integers in the shape of ``values``, and the scales in a shape that broadcasts to it.
    """
    others = tuple(dimension for dimension in range(values.ndim) if dimension != axis)
    largest = np.abs(values).max(axis=others, keepdims=True)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.round(values / scales).astype(np.int8), scales


class Nodes:
    """Collects nodes and initializers; every method returns the name of what it adds."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def half(self, name: str, values: npt.NDArray[Any]) -> str:
        """A weight kept in half precision and cast when the session folds constants."""
        half = np.ascontiguousarray(values.astype(np.float16))
        self.initializers.append(numpy_helper.from_array(half, f"{name}.half"))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def single(self, name: str, values: npt.NDArray[Any]) -> str:
        """A constant in single precision."""
        self.initializers.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def eight_bit(self, name: str, values: npt.NDArray[Any], *, rows: int) -> str:
        """A matrix kept as 8-bit integers with one scale for each slice along the axis ``rows``.

        Like `half`, it is turned back when the session folds constants.
        """
        integers, scales = quantize_rows(values.astype(np.float32), rows)
        self.initializers.append(numpy_helper.from_array(integers, f"{name}.rows"))
        cast = self.node("Cast", [f"{name}.rows"], f"{name}.cast", to=TensorProto.FLOAT)
        return self.node("Mul", [cast, self.single(f"{name}.scales", scales)], name)

    def ints(self, name: str, values: list[int]) -> str:
        """A constant of 64-bit integers."""
        self.initializers.append(numpy_helper.from_array(np.asarray(values, np.int64), name))
        return name

    def node(
        self,
        operator: str,
        inputs: list[str],
        outputs: str | list[str],
        domain: str = "",
        **attributes: Any,
    ) -> str:
        """A node, called like its first output."""
        names = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(
            helper.make_node(operator, inputs, names, name=names[0], domain=domain, **attributes)
        )
        return names[0]

    def model(self, name: str, inputs: list[Any], outputs: list[Any]) -> ModelProto:
        """The finished graph."""
        return helper.make_model(
            helper.make_graph(self.nodes, name, inputs, outputs, self.initializers),
            opset_imports=[
                helper.make_opsetid("", OPSET),
                helper.make_opsetid(MICROSOFT, MICROSOFT_OPSET),
            ],
            ir_version=IR_VERSION,
            producer_name="local_endpoints",
        )
