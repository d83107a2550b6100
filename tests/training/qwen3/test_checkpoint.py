"""The served model becomes a checkpoint again, without loss."""

from __future__ import annotations

import json

import onnx
from onnx import numpy_helper

from training.graphs.nodes import Weights
from training.graphs.served import read_back
from training.qwen3.checkpoint import SERVED
from training.qwen3.graph import build


def integers(model: onnx.ModelProto) -> Weights:
    """The matrices as they lie in the file."""
    stored = model.graph.initializer
    return {each.name: numpy_helper.to_array(each) for each in stored if "rows" in each.name}


def test_the_checkpoint_makes_the_served_file_again() -> None:
    config = json.loads((SERVED / "config.json").read_text(encoding="utf-8"))
    served = integers(onnx.load(SERVED / "model.onnx"))
    again = integers(build(config, read_back(SERVED)))
    assert list(again) == list(served)
    assert all((again[name] == served[name]).all() for name in served)


def test_every_layer_has_the_names_of_transformers() -> None:
    config = json.loads((SERVED / "config.json").read_text(encoding="utf-8"))
    found = read_back(SERVED)
    layers = [name for name in found if name.startswith("model.layers.0.")]
    assert len(found) == len(layers) * config["num_hidden_layers"] + 2
    assert found["model.layers.0.self_attn.k_proj.weight"].shape == (192, 320)
    assert found["model.layers.7.mlp.down_proj.weight"].shape == (320, 896)
