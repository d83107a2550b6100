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

LEVELS = 127
"""Steps from zero to the largest number of a row that is rounded to 8 bits."""
PAIR = 127
"""Bound of two neighbouring weights of the same sign together. Processors without instructions for
it (AVX2) add the products of two neighbours in 16 bits, and would cut off what is larger."""

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


def quantize_product(
    values: npt.NDArray[np.float32], axis: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """The same for a matrix that is multiplied in whole numbers, where no two neighbours along the
    other axis exceed `PAIR`."""
    along = np.moveaxis(values, axis, 0)
    even = np.pad(along, ((0, 0), (0, along.shape[1] % 2)))
    pairs = [np.maximum(sign * even, 0).reshape(len(even), -1, 2).sum(axis=2) for sign in (1, -1)]
    largest = np.maximum(np.abs(along).max(axis=1), np.max(pairs, axis=(0, 2)) * (LEVELS / PAIR))
    scales = np.where(largest > 0, largest / LEVELS, 1).astype(np.float32)
    scales = np.expand_dims(scales, 1 - axis)
    return np.round(values / scales).astype(np.int8), scales


class Nodes:
    """Collects nodes and initializers; every method returns the name of what it adds."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._constants: set[str] = set()

    def half(self, name: str, values: npt.NDArray[Any]) -> str:
        """A weight kept in half precision and cast when the session folds constants."""
        half = np.ascontiguousarray(values.astype(np.float16))
        self.initializers.append(numpy_helper.from_array(half, f"{name}.half"))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def single(self, name: str, values: npt.NDArray[Any]) -> str:
        """A constant in single precision."""
        return self.constant(name, values.astype(np.float32))

    def eight_bit(self, name: str, values: npt.NDArray[Any], *, rows: int) -> tuple[str, str]:
        """A matrix kept as 8-bit integers with one scale for each slice along the axis ``rows``.

        Returns:
            The names of the integers and of the scales, which broadcast to them.
        """
        integers, scales = quantize_product(values.astype(np.float32), rows)
        self.initializers.append(numpy_helper.from_array(integers, f"{name}.rows"))
        return f"{name}.rows", self.single(f"{name}.scales", scales)

    def turned_back(self, name: str, values: npt.NDArray[Any], *, rows: int) -> str:
        """The same in single precision, turned back when the session folds constants."""
        integers, scales = quantize_rows(values.astype(np.float32), rows)
        self.initializers.append(numpy_helper.from_array(integers, f"{name}.rows"))
        cast = self.node("Cast", [f"{name}.rows"], f"{name}.cast", to=TensorProto.FLOAT)
        return self.node("Mul", [cast, self.single(f"{name}.scales", scales)], name)

    def product(self, name: str, source: str, integers: str, scales: str) -> str:
        """``source`` [..., K] times the matrix of 8-bit ``integers`` [K, N], in whole numbers.

        Each row of the source is rounded with a scale of its own, and sums of whole
        numbers are exact in any order: a row's result does not depend on how many others there
        are, on any processor.
        """
        size = self.node("Abs", [source], f"{name}.size")
        last = self.ints("last_axis", [-1])
        largest = self.node("ReduceMax", [size, last], f"{name}.largest", keepdims=1)
        # A row of zeros gives no numbers here and is multiplied by zero at the end.
        shares = self.node("Div", [source, largest], f"{name}.shares")
        step = self.single("step", np.asarray(1 / LEVELS))
        zero = self.constant("zero", np.asarray(LEVELS + 1, np.uint8))
        rounded = self.node("QuantizeLinear", [shares, step, zero], f"{name}.rounded")
        flat = self.node("Reshape", [scales, self.ints("column_shape", [-1])], f"{name}.columns")
        summed = self.node(
            "MatMulIntegerToFloat",
            [rounded, integers, step, flat, zero],
            f"{name}.summed",
            domain=MICROSOFT,
        )
        return self.node("Mul", [summed, largest], name)

    def ints(self, name: str, values: list[int]) -> str:
        """A constant of 64-bit integers."""
        return self.constant(name, np.asarray(values, np.int64))

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """A constant; one that is there already by this name is the same."""
        if name not in self._constants:
            self._constants.add(name)
            self.initializers.append(numpy_helper.from_array(values, name))
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
