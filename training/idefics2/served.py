"""The weights of served files, by the names that transformers gives them: the export, backwards.

``python -m training.idefics2.served --served local_endpoints/models/idefics2 --out DIR`` writes a
checkpoint that transformers opens. A language model is trained further from what is shipped, where
the run that made it is gone. What comes back is as exact as it is stored: of what sees in half
precision, of what speaks in 8 bits.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

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


def served_weights(folder: Path) -> dict[str, Any]:
    """The weights of ``vision.onnx`` and ``model.onnx`` as tensors of torch in float32.

    Raises ``FileNotFoundError`` where a file is missing.
    """
    import torch

    found = {**served_vision(folder), **read_back(folder)}
    return {
        name: torch.from_numpy(np.array(values, np.float32, order="C"))
        for name, values in found.items()
    }


def served_vision(folder: Path) -> dict[str, Array]:
    """The weights of ``vision.onnx``, vision tower and connector, in float32.

    Raises ``FileNotFoundError`` where a file is missing.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    perceiver = config["perceiver_config"]
    copies = perceiver["resampler_n_heads"] // perceiver["num_key_value_heads"]
    found: dict[str, Array] = {}
    for name, values in stored_weights(onnx.load(folder / "vision.onnx").graph).items():
        if name.startswith((TOWER, CONNECTOR)):
            found |= _of_vision(name, values, copies=copies, head=perceiver["resampler_head_dim"])
    return found


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


def write_checkpoint(served: Path, out: Path) -> None:
    """The served weights in the format of transformers.

    Raises ``FileNotFoundError`` where a file is missing.
    """
    from safetensors.torch import save_file

    weights = served_weights(served)
    out.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "generation_config.json"):
        shutil.copy(served / name, out)
    save_file(weights, out / "model.safetensors", {"format": "pt"})


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write served weights in transformers' format.")
    parser.add_argument("--served", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    write_checkpoint(options.served, options.out)


if __name__ == "__main__":
    main()
