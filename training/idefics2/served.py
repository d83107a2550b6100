"""The weights of served files, by the names that transformers gives them: the export, backwards.

A language model is trained further from what is shipped, where the run that made it is gone. What
comes back is as exact as it is stored: of what sees in half precision, of what speaks in 8 bits.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch

from training.graphs.served import read_back, stored_weights
from training.idefics2.vision_graph import CONNECTOR, TOWER

EMBEDDINGS = f"{TOWER}.embeddings"
LATENTS = f"{CONNECTOR}.perceiver_resampler.latents"
RENAMED = {
    f"{EMBEDDINGS}.kernel": f"{EMBEDDINGS}.patch_embedding.weight",
    f"{EMBEDDINGS}.bias": f"{EMBEDDINGS}.patch_embedding.bias",
    f"{EMBEDDINGS}.places": f"{EMBEDDINGS}.position_embedding.weight",
}
"""What lies in the files as it is, under another name."""

Array = npt.NDArray[Any]


def served_weights(folder: Path) -> dict[str, torch.Tensor]:
    """The weights of ``vision.onnx`` and ``model.onnx`` in float32.

    Raises ``FileNotFoundError`` where a file is missing.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    perceiver = config["perceiver_config"]
    copies = perceiver["resampler_n_heads"] // perceiver["num_key_value_heads"]
    found: dict[str, Array] = {}
    for name, values in stored_weights(onnx.load(folder / "vision.onnx").graph).items():
        found |= _of_vision(name, values, copies=copies, head=perceiver["resampler_head_dim"])
    found |= read_back(folder)
    return {
        name: torch.from_numpy(np.array(values, np.float32, order="C"))
        for name, values in found.items()
    }


def _of_vision(name: str, values: Array, *, copies: int, head: int) -> dict[str, Array]:
    if name in RENAMED:
        return {RENAMED[name]: values}
    if name == LATENTS:
        return {name: values[0]}
    stem, kind = name.rsplit(".", 1)
    if kind in ("scale", "shift"):
        return {f"{stem}.{'weight' if kind == 'scale' else 'bias'}": values}
    if kind == "bias":
        return {name: values}
    rows = values.T
    if stem.startswith(CONNECTOR) and stem.endswith(("k_proj", "v_proj")):
        # The export gives every head of queries a copy of its keys and values.
        rows = rows.reshape(-1, head, rows.shape[1])[::copies].reshape(-1, rows.shape[1])
    return {name: rows}
