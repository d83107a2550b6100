"""Turns the served pocket Qwen3 back into a checkpoint that transformers and vLLM load.

``python -m training.qwen3.checkpoint --out DIR``

The weights are those of the ONNX file, its 8-bit integers times their scales, so that an answer of
another engine can be compared with the service's own token by token.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from training.graphs.nodes import Weights

SERVED = Path(__file__).parents[2] / "local_endpoints/models/qwen3"
COPIED = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json")


def weights(model: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays by the names that transformers gives them, in single precision."""
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    graph = onnx.load(model / "model.onnx").graph
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    head = int(config["head_dim"])
    queries, keys = (int(config[f"num_{kind}_heads"]) * head for kind in ("attention", "key_value"))
    found = {name: values for name, values in stored.items() if name.endswith("norm.weight")}
    found["model.embed_tokens.weight"] = _matrix(stored, "embedding")
    for layer in range(int(config["num_hidden_layers"])):
        source, target = f"layer.{layer}", f"model.layers.{layer}"
        packed = _matrix(stored, f"{source}.qkv.weight").T
        q, k, v = np.split(packed, [queries, queries + keys])
        gate, up = np.split(_matrix(stored, f"{source}.mlp.gate_up.weight").T, 2)
        found |= {
            f"{target}.self_attn.q_proj.weight": q,
            f"{target}.self_attn.k_proj.weight": k,
            f"{target}.self_attn.v_proj.weight": v,
            f"{target}.self_attn.o_proj.weight": _matrix(stored, f"{source}.o.weight").T,
            f"{target}.mlp.gate_proj.weight": gate,
            f"{target}.mlp.up_proj.weight": up,
            f"{target}.mlp.down_proj.weight": _matrix(stored, f"{source}.mlp.down.weight").T,
        }
    return {name: np.ascontiguousarray(values, np.float32) for name, values in found.items()}


def _matrix(stored: Weights, name: str) -> npt.NDArray[Any]:
    return stored[f"{name}.rows"].astype(np.float32) * stored[f"{name}.scales"]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write a served model as a checkpoint.")
    parser.add_argument("--model", type=Path, default=SERVED, help="folder of the served files")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    options = parser.parse_args()
    from safetensors.numpy import save_file

    options.out.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        shutil.copy(options.model / name, options.out / name)
    found = weights(options.model)
    save_file(found, options.out / "model.safetensors", {"format": "pt"})
    print(f"{options.out}: {sum(array.size for array in found.values()):,} parameters")


if __name__ == "__main__":
    main()
