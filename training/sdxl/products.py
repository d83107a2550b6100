"""Products with weights, written node by node: in float32, or in whole numbers.

All activations of the UNet's graph are [places, channels]: one row for every place of the picture.
A convolution gathers a place's neighbours side by side and is a product, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.graphs.nodes import MICROSOFT, Nodes, Weights, quantize_product
from training.sdxl.storage import INT8_SMALLEST, Storage


@dataclass(frozen=True)
class Rounded:
    """Activations as 8-bit numbers: names of the numbers, of their step and of their zero."""

    numbers: str
    step: str
    zero: str


@dataclass(frozen=True)
class Single:
    """Activations in single precision."""

    numbers: str


class ProductNodes(Nodes):
    """Nodes that know the weights of a module by their names.

    Args:
        weights: in single precision.
        storage: how they lie in the file. With ``int8`` the large products are computed in
            whole numbers: the activations are rounded to 8 bits, with one step for all that is
            multiplied at once. This is for graphs of one row: a neighbour would change the step.
        single: parts of weights' names; products with those are computed in single precision all
            the same.
    """

    def __init__(self, weights: Weights, storage: Storage, single: Sequence[str] = ()) -> None:
        super().__init__()
        self.weights = weights
        self.storage = storage
        self._single_names = tuple(single)
        self._written: set[str] = set()

    def is_whole(self, name: str) -> bool:
        """Whether the products with the weight ``name`` are computed in whole numbers."""
        return (
            self.storage == "int8"
            and self.weights[name].size >= INT8_SMALLEST
            and not any(part in name for part in self._single_names)
        )

    def weight(self, name: str) -> str:
        """A weight in its own shape."""
        return self._stored(name, self.weights[name].astype(np.float32), rows=0)

    def matrix(self, name: str) -> str:
        """A weight [out, in] or a kernel [out, in, height, width] as a matrix [taps x in, out]."""
        return self._stored(name, as_matrix(self.weights[name]), rows=1)

    def is_known(self, name: str) -> bool:
        """Whether the module has such a weight."""
        return name in self.weights

    def rounded(self, source: str) -> Rounded:
        """Activations rounded to 8 bits; their zero stays exactly zero."""
        names = [f"{source}.{part}" for part in ("numbers", "step", "zero")]
        if source not in self._written:
            self._written.add(source)
            self.node("DynamicQuantizeLinear", [source], names)
        return Rounded(*names)

    def given(self, source: str, weight: str) -> Rounded | Single:
        """Activations as the product with this weight takes them."""
        return self.rounded(source) if self.is_whole(weight) else Single(source)

    def times(self, name: str, source: Rounded | Single, weight: str, bias: str = "") -> str:
        """Activations [places, in] times a weight, plus a bias [out]."""
        if isinstance(source, Single):
            inputs = [source.numbers, self.matrix(weight)]
            return self.node("Gemm", [*inputs, bias] if bias else inputs, name)
        integers, scales = self._integers(weight)
        inputs = [source.numbers, integers, source.step, scales, source.zero, "", bias]
        while not inputs[-1]:
            inputs.pop()
        return self.node("MatMulIntegerToFloat", inputs, name, domain=MICROSOFT)

    def linear(self, name: str, source: str, module: str) -> str:
        """The product with a module's weight, plus its bias where it has one."""
        weight, bias = f"{module}.weight", f"{module}.bias"
        known = self.weight(bias) if bias in self.weights else ""
        return self.times(name, self.given(source, weight), weight, known)

    def convolution(
        self, name: str, source: Rounded | Single, weight: str, bias: str, neighbours: str
    ) -> str:
        """A convolution whose kernel covers three places by three.

        Args:
            name: of the result.
            source: [places, channels].
            weight: the kernel's name.
            bias: what is added, [out].
            neighbours: [places of the result, 9] numbers of places; a place beyond the edge has
                the number behind the last one.
        """
        outside = self._outside(f"{name}.outside", source, self.weights[weight].shape[1])
        framed = self.node("Concat", [source.numbers, outside], f"{name}.framed", axis=0)
        near = self.node("Gather", [framed, neighbours], f"{name}.near", axis=0)
        width = 9 * self.weights[weight].shape[1]
        beside = self.reshaped(f"{name}.beside", near, [-1, width])
        if isinstance(source, Single):
            return self.times(name, Single(beside), weight, bias)
        return self.times(name, Rounded(beside, source.step, source.zero), weight, bias)

    def reshaped(self, name: str, source: str, shape: list[int]) -> str:
        """The same numbers in another shape."""
        shape_name = f"shape{'x'.join(map(str, shape))}"
        return self.node("Reshape", [source, self.ints(shape_name, shape)], name)

    def _outside(self, name: str, source: Rounded | Single, channels: int) -> str:
        if isinstance(source, Single):
            return self.constant(f"zeros{channels}", np.zeros((1, channels), np.float32))
        return self.node("Expand", [source.zero, self.ints(f"row{channels}", [1, channels])], name)

    def _integers(self, name: str) -> tuple[str, str]:
        rows, scales = f"{name}.rows", f"{name}.scales"
        if rows not in self._written:
            self._written.add(rows)
            integers, steps = quantize_product(as_matrix(self.weights[name]), 1)
            self.constant(rows, integers)
            self.constant(scales, steps.reshape(-1))
        return rows, scales

    def _stored(self, name: str, values: npt.NDArray[Any], rows: int) -> str:
        if name in self._written:
            return name
        self._written.add(name)
        values = np.ascontiguousarray(values, np.float32)
        if self.storage == "float32":
            return self.constant(name, values)
        if self.storage == "int8" and values.size >= INT8_SMALLEST:
            return self.turned_back(name, values, rows=rows)
        return self.half(name, values)


def as_matrix(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """A weight [out, in] or a kernel [out, in, height, width] as a matrix [taps x in, out]."""
    taps_first = values.transpose(2, 3, 1, 0) if values.ndim == 4 else values.T
    return np.ascontiguousarray(taps_first.reshape(-1, len(values)), np.float32)


def from_matrix(values: npt.NDArray[Any], shape: Sequence[int]) -> npt.NDArray[np.float32]:
    """The way back: a weight of this shape. What has one axis was never turned."""
    if len(shape) == 4:
        out, channels, height, width = shape
        values = values.reshape(height, width, channels, out).transpose(3, 2, 0, 1)
    elif len(shape) == 2:
        values = values.T
    return np.array(values, np.float32, order="C")
