"""Turns trained weights and a tokenizer into the folder that the engine serves. Needs no torch."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto
from safetensors.numpy import load_file

from training.files import write_whole
from training.graphs.nodes import Weights
from training.graphs.served import read_back

Build = Callable[[Mapping[str, Any], Weights], ModelProto]
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def export(
    checkpoint: Path,
    out: Path,
    *,
    build: Build,
    config: Mapping[str, Any],
    generation: Mapping[str, Any],
    tokenizer: Path | None = None,
) -> Path:
    """Write the served files, each of them whole or not at all.

    Args:
        checkpoint: folder with ``model*.safetensors``, whose weights have transformers' names, or
            a served folder, whose graph is then written anew in the form of today.
        out: the folder; created when missing.
        build: makes the graph of config and weights.
        config: content of ``config.json``.
        generation: content of ``generation_config.json``.
        tokenizer: folder that the tokenizer's files are copied from; None leaves those of ``out``.

    Raises:
        KeyError: a weight is missing, or the folder holds none.

    Returns:
        The path of ``model.onnx``.
    """
    model = build(config, _weights(checkpoint))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in (("config.json", config), ("generation_config.json", generation)):
        write_whole(out / name, (json.dumps(content, indent=2) + "\n").encode())
    for name in TOKENIZER_FILES if tokenizer else ():
        assert tokenizer is not None
        write_whole(out / name, (tokenizer / name).read_bytes())
    target = out / "model.onnx"
    write_whole(target, model.SerializeToString(deterministic=True))
    return target


def _weights(folder: Path) -> Weights:
    parts = sorted(folder.glob("model*.safetensors"))
    if not parts and (folder / "model.onnx").exists():
        return read_back(folder)
    return {
        name: array.astype(np.float32) for part in parts for name, array in load_file(part).items()
    }
