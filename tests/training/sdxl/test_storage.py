"""Weights that are smaller on disk."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from local_endpoints.engine.runtime import ort
from training.sdxl.storage import quantize_rows, store, strip

WIDTH = 160
FLOAT = TensorProto.FLOAT


def graph() -> onnx.ModelProto:
    """A convolution, a Gemm and a MatMul with weights of very different rows."""
    random = np.random.default_rng(0)
    sizes = {"kernel": (WIDTH, 16, 3, 3), "linear": (WIDTH, WIDTH), "matrix": (WIDTH, WIDTH)}
    weights = {name: random.standard_normal(size) for name, size in sizes.items()}
    weights["kernel"] *= np.geomspace(1e-3, 1, WIDTH)[:, None, None, None]
    weights["linear"] *= np.geomspace(1e-3, 1, WIDTH)[:, None]
    weights["matrix"] *= np.geomspace(1e-3, 1, WIDTH)[None]
    weights["bias"] = random.standard_normal(WIDTH)
    nodes = [
        helper.make_node("Conv", ["image", "kernel"], ["conv"]),
        helper.make_node("Flatten", ["conv"], ["flat"]),
        helper.make_node("Gemm", ["flat", "linear", "bias"], ["first"], transB=1),
        helper.make_node("MatMul", ["first", "matrix"], ["second"]),
    ]
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "test",
            [helper.make_tensor_value_info("image", FLOAT, ["batch", 16, 3, 3])],
            [helper.make_tensor_value_info("second", FLOAT, ["batch", WIDTH])],
            [
                numpy_helper.from_array(values.astype(np.float32), name)
                for name, values in weights.items()
            ],
        ),
        opset_imports=[helper.make_opsetid("", 20)],
        ir_version=10,
    )
    return model


def run(model: onnx.ModelProto) -> np.ndarray:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    image = np.random.default_rng(1).standard_normal((64, 16, 3, 3)).astype(np.float32)
    output: np.ndarray = session.run(None, {"image": image})[0]
    return output


@pytest.mark.parametrize(
    ("storage", "share", "error"), [("half", 0.51, 1e-3), ("int8", 0.28, 0.03)]
)
def test_stored_weights_compute_nearly_the_same(storage: str, share: float, error: float) -> None:
    exact, stored = graph(), graph()
    store(stored, storage)  # type: ignore[arg-type]
    onnx.checker.check_model(stored)
    assert stored.ByteSize() < share * exact.ByteSize()
    expected, output = run(exact), run(stored)
    # Column by column, because the rows of the weights differ by three orders of magnitude.
    assert ((output - expected).std(axis=0) < error * expected.std(axis=0)).all()


def test_float32_changes_nothing() -> None:
    stored = graph()
    store(stored, "float32")
    assert stored == graph()


@pytest.mark.parametrize("axis", [0, 1])
def test_rows_keep_half_a_step_of_precision(axis: int) -> None:
    values = np.random.default_rng(2).standard_normal((5, 7)).astype(np.float32)
    values[2] = 0
    integers, scales = quantize_rows(values, axis)
    assert integers.dtype == np.int8
    assert scales.shape == ((5, 1) if axis == 0 else (1, 7))
    assert (np.abs(integers * scales - values) <= scales * 0.501).all()


def test_nothing_for_debuggers_is_left() -> None:
    model = graph()
    model.doc_string = model.graph.node[0].doc_string = "/home/somebody/train.py"
    model.graph.node[1].metadata_props.add(key="stack", value="/home/somebody/train.py")
    model.metadata_props.add(key="path", value="/home/somebody/train.py")
    strip(model)
    assert b"somebody" not in model.SerializeToString()
