"""Turns the served pocket Qwen3 back into a checkpoint that transformers and vLLM load.

``python -m training.qwen3.checkpoint --out DIR``

The weights are those of the ONNX file, its 8-bit integers times their scales, so that an answer of
another engine can be compared with the service's own token by token.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from training.graphs.served import read_back

SERVED = Path(__file__).parents[2] / "local_endpoints/models/qwen3"
COPIED = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json")


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
    found = dict(read_back(options.model))
    save_file(found, options.out / "model.safetensors", {"format": "pt"})
    print(f"{options.out}: {sum(array.size for array in found.values()):,} parameters")


if __name__ == "__main__":
    main()
