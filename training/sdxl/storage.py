"""How the weights of a graph lie in its file: smaller on disk than in memory.

A stored weight is followed by the nodes that turn it back into single precision. onnxruntime
folds them when it opens the session, so that the running graph computes with float32 alone, and
the stored numbers cost memory only while it opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from training.graphs.nodes import quantize_rows

Storage = Literal["float32", "half", "int8"]
"""``half``: 16-bit floats. ``int8``: matrices and kernels as 8-bit integers with one scale per
output row, everything else as ``half``."""

INT8_SMALLEST = 16_384
"""Weights with fewer numbers stay in half precision: there is little to save."""

_INPUT_OF_WEIGHT = 1
"""Conv, Gemm and MatMul take their weight as the second input."""


def store(model: ModelProto, storage: Storage) -> None:
    """Rewrite the float32 initializers of a graph, in place.

    Every float32 initializer with at least one dimension is rewritten; scalars stay.
    """
    if storage == "float32":
        return
    graph = model.graph
    output_axes = _output_axes(graph) if storage == "int8" else {}
    kept: list[TensorProto] = []
    nodes: list[NodeProto] = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or not tensor.dims:
            kept.append(tensor)
            continue
        values = numpy_helper.to_array(tensor)
        axis = output_axes.get(tensor.name)
        if axis is not None and values.size >= INT8_SMALLEST:
            tensors, restoring = _as_int8(tensor.name, values, axis)
        else:
            tensors, restoring = _as_half(tensor.name, values)
        kept.extend(tensors)
        nodes.extend(restoring)
    nodes.extend(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)


def strip(model: ModelProto) -> None:
    """Remove what only an exporter's debugger needs; it would carry local paths."""
    model.producer_name, model.producer_version, model.doc_string = "local_endpoints", "", ""
    del model.metadata_props[:]
    graph = model.graph
    graph.doc_string = ""
    del graph.metadata_props[:], graph.value_info[:]
    for part in (*graph.node, *graph.initializer, *graph.input, *graph.output):
        part.doc_string = ""
        if hasattr(part, "metadata_props"):
            del part.metadata_props[:]


def _as_half(
    name: str, values: npt.NDArray[np.float32]
) -> tuple[list[TensorProto], list[NodeProto]]:
    half = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
    return [half], [_cast(half.name, name)]


def _as_int8(
    name: str, values: npt.NDArray[np.float32], axis: int
) -> tuple[list[TensorProto], list[NodeProto]]:
    # Cast and Mul, not DequantizeLinear: onnxruntime leaves that one for integer kernels.
    integers, scales = quantize_rows(values, axis)
    stored = [
        numpy_helper.from_array(integers, f"{name}.rows"),
        numpy_helper.from_array(scales, f"{name}.scales"),
    ]
    product = helper.make_node("Mul", [f"{name}.cast", f"{name}.scales"], [name])
    return stored, [_cast(f"{name}.rows", f"{name}.cast"), product]


def _cast(source: str, target: str) -> NodeProto:
    return helper.make_node("Cast", [source], [target], to=TensorProto.FLOAT)


def _output_axes(graph: GraphProto) -> Mapping[str, int]:
    """For each weight that is multiplied with activations, the axis of its output rows."""
    ranks = {tensor.name: len(tensor.dims) for tensor in graph.initializer}
    return {
        name: axis for node in graph.node for name, axis in _weight(node) if ranks.get(name, 0) >= 2
    }


def _weight(node: NodeProto) -> Iterator[tuple[str, int]]:
    if node.op_type not in {"Conv", "Gemm", "MatMul"}:
        return
    attributes: dict[str, Any] = {
        attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute
    }
    first = node.op_type == "Conv" or attributes.get("transB") == 1
    yield node.input[_INPUT_OF_WEIGHT], 0 if first else 1
