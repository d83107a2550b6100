"""Means of two checkpoints of one run: a longer-trained one forgets less (Wortsman et al., 2022).

``python -m training.language.blend BEFORE AFTER --share 0.65 --out DIR``

Where AFTER was trained from BEFORE, the weights between them often keep what BEFORE could do and
have most of what AFTER has learned. The share decides, and a measure has to say which one is best.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

Weights = Mapping[str, npt.NDArray[np.floating]]


def blend(before: Weights, after: Weights, *, share: float) -> dict[str, npt.NDArray[np.float16]]:
    """The weights at ``share`` of the way from one to the other, in half precision.

    Raises:
        ValueError: the two are not of one shape.
    """
    if {name: w.shape for name, w in before.items()} != {n: w.shape for n, w in after.items()}:
        raise ValueError("these are of two shapes: give two checkpoints of one training")
    return {
        name: (
            (1 - share) * before[name].astype(np.float32) + share * weight.astype(np.float32)
        ).astype(np.float16)
        for name, weight in after.items()
    }


def read(folder: Path) -> Weights:
    """The weights of a checkpoint.

    Raises:
        FileNotFoundError: the folder holds none.
    """
    parts = sorted(folder.glob("model*.safetensors"))
    if not parts:
        raise FileNotFoundError(f"no model*.safetensors in {folder}")
    return {name: weight for part in parts for name, weight in load_file(part).items()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Blend two checkpoints of one run.")
    parser.add_argument("before", type=Path, help="folder of the weights that were trained on")
    parser.add_argument("after", type=Path, help="folder of the weights that came of it")
    parser.add_argument("--share", type=float, required=True, help="0: before, 1: after")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    blended = blend(read(options.before), read(options.after), share=options.share)
    save_file(blended, options.out / "model.safetensors", {"format": "pt"})


if __name__ == "__main__":
    main()
