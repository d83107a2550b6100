"""Makes a served pocket Gemma larger without changing what it says, as a start for more training.

``python -m training.gemma.grow --model SERVED --out DIR`` made the start of today's weights from
the first edition's. With ``--after --heads 1`` nothing grows: what is served becomes a checkpoint.

Key and value heads are copied, so that each query head finds what it found before; a new layer is
a copy of the one before it that adds nothing yet, because its last matrices are zero.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.graphs.served import read_back

Weights = Mapping[str, npt.NDArray[np.float32]]
_LAST = ("self_attn.o_proj.weight", "mlp.down_proj.weight")


def grow(weights: Weights, *, after: tuple[int, ...], heads: int, head_dim: int) -> Weights:
    """The weights of a larger model that computes the same.

    Args:
        weights: by the names that transformers gives them.
        after: the layers, counted from 0, that each get a new one behind them.
        heads: copies of each key and value head.
        head_dim: rows of one head.
    """
    grown = {name: array for name, array in weights.items() if ".layers." not in name}
    layers = 1 + max(int(name.split(".")[2]) for name in weights if ".layers." in name)
    order = [old for layer in range(layers) for old in (layer,) * (1 + (layer in after))]
    for new, old in enumerate(order):
        added = new > 0 and order[new - 1] == old
        start = f"model.layers.{old}."
        for name, array in weights.items():
            if not name.startswith(start):
                continue
            part = name.removeprefix(start)
            if part.endswith(("k_proj.weight", "v_proj.weight")):
                split = array.reshape(-1, head_dim, array.shape[1])
                array = np.repeat(split, heads, axis=0).reshape(-1, array.shape[1])
            if added and part in _LAST:
                array = np.zeros_like(array)
            grown[f"model.layers.{new}.{part}"] = np.ascontiguousarray(array)
    return grown


def main() -> None:
    """Command line."""
    from safetensors.numpy import save_file

    parser = argparse.ArgumentParser(description="Write a served Gemma as a larger checkpoint.")
    parser.add_argument("--model", type=Path, required=True, help="folder of the served files")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument(
        "--after", type=int, nargs="*", default=[1], help="layers that get one behind"
    )
    parser.add_argument("--heads", type=int, default=2, help="copies of each key and value head")
    options = parser.parse_args()
    config = json.loads((options.model / "config.json").read_text(encoding="utf-8"))
    weights, head_dim = read_back(options.model), config["head_dim"]
    grown = grow(weights, after=tuple(options.after), heads=options.heads, head_dim=head_dim)
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(dict(grown), options.out / "model.safetensors", {"format": "pt"})
    print(f"{options.out}: {sum(array.size for array in grown.values()):,} parameters")


if __name__ == "__main__":
    main()
