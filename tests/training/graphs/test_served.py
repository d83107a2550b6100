"""The weights in a graph are those that it was made of, up to what 8 bits cannot hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")

from onnx import ModelProto

from tests.local_endpoints.engine.tiny_model import random_weights, tiny_config
from training.gemma import graph as gemma
from training.graphs.nodes import PAIR, Weights, quantize_product
from training.graphs.served import read_back
from training.qwen3 import graph as qwen3

Build = Callable[[dict[str, object], Weights], ModelProto]


def qwen3_like() -> tuple[dict[str, object], dict[str, np.ndarray]]:
    config = {**tiny_config(vocabulary=300), "model_type": "qwen3", "hidden_act": "silu"}
    weights = random_weights(config)
    for layer in range(2):
        for part in "qk":
            name = f"model.layers.{layer}.self_attn.{part}_norm.weight"
            weights[name] = np.linspace(0.5, 2, 16, dtype=np.float32)
    return config, weights


@pytest.mark.parametrize("kind", ["gemma", "qwen3"])
def test_weights_are_read_back(kind: str, tmp_path: Path) -> None:
    config = tiny_config(vocabulary=300)
    made: tuple[dict[str, object], dict[str, np.ndarray]] = (config, random_weights(config))
    config, weights = made if kind == "gemma" else qwen3_like()
    build: Build = gemma.build if kind == "gemma" else qwen3.build
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "model.onnx").write_bytes(build(config, weights).SerializeToString())
    found = read_back(tmp_path)
    assert found.keys() == weights.keys()
    for name, values in weights.items():
        rows = np.abs(values).max(axis=-1, keepdims=True)
        # Half a step, of which there are at least half of 127.
        assert (np.abs(found[name] - values) <= rows / PAIR + 1e-6).all(), name


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("inputs", [1, 7, 32])
def test_no_two_neighbours_are_cut_off_in_sixteen_bits(axis: int, inputs: int) -> None:
    values = np.random.default_rng(0).standard_t(3, (50, inputs)).astype(np.float32)
    values[3] = 0
    values[4] = 5  # All alike: the worst case.
    integers, scales = quantize_product(values if axis == 0 else values.T, axis)
    rows = integers.astype(int) if axis == 0 else integers.astype(int).T
    padded = np.pad(rows, ((0, 0), (0, inputs % 2))).reshape(50, -1, 2)
    for sign in (1, -1):
        assert (255 * np.maximum(sign * padded, 0).sum(axis=2)).max() < 2**15
    restored = integers * scales if axis == 0 else (integers * scales).T
    assert np.abs(restored - values).max() <= scales.max() / 2 + 1e-6
