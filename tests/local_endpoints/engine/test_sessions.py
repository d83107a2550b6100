from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from local_endpoints.engine.sessions import RowSession


@pytest.fixture
def doubling(tmp_path: Path) -> Path:
    """A graph that gives a row twice its value plus that of a second input."""
    two = helper.make_tensor("two", TensorProto.FLOAT, [], [2.0])
    graph = helper.make_graph(
        [
            helper.make_node("Mul", ["a", "two"], ["twice"]),
            helper.make_node("Add", ["twice", "b"], ["sum"]),
        ],
        "doubling",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [3]) for name in ("a", "b")],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, [3])],
        [two],
    )
    path = tmp_path / "doubling.onnx"
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.save(model, path)
    return path


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("rows", [1, 2, 3, 8])
def test_rows_come_back_in_their_order(doubling: Path, threads: int, rows: int) -> None:
    a = np.arange(rows * 3, dtype=np.float32).reshape(rows, 3)
    given = [{"a": row, "b": np.full(3, 0.5, np.float32)} for row in a]
    found = RowSession(doubling, threads=threads).run(given)
    assert np.array_equal([outputs["sum"] for outputs in found], 2 * a + np.float32(0.5))
