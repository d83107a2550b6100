"""Turn a trained Gemma checkpoint into the files that the engine serves.

``python -m training.gemma.export --model DIR --out local_endpoints/models/gemma``
writes ``model.onnx`` (8-bit weights) and copies the tokenizer and the configs. The same
checkpoint always gives the same bytes. ``--check`` compares the logits with transformers. DIR may
be a served folder, too: its graph is then written anew in the form of today.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training.files import write_whole
from training.gemma.graph import build
from training.graphs.weights import read_weights

COPIED = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
    "special_tokens_map.json",
)
"""Files taken over as they are, where the checkpoint has them."""


def export(model_dir: Path, out_dir: Path) -> Path:
    """Write the served files of one checkpoint.

    Every file is written beside its target and then moved over it, so that a reader sees the old
    file or the new one and never a part.

    Args:
        model_dir: a transformers checkpoint with one ``model.safetensors``, or a served folder.
        out_dir: where the served files go; created when missing.

    Returns:
        The path of ``model.onnx``.
    """
    config = json.loads((model_dir / "config.json").read_text(encoding="utf-8"))
    model = build(config, read_weights(model_dir))
    out_dir.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        if (model_dir / name).exists():
            write_whole(out_dir / name, (model_dir / name).read_bytes())
    target = out_dir / "model.onnx"
    write_whole(target, model.SerializeToString(deterministic=True))
    return target


def logit_error(model_dir: Path, onnx_dir: Path, *, length: int = 64) -> float:
    """How far the engine's logits are from those of transformers, as a share of their spread.

    transformers computes in single precision; what the engine rounds to 8 bits is some hundredths.
    One random prompt of ``length`` tokens goes in at once, then once more token by token.
    """
    import torch
    from transformers import GemmaForCausalLM

    from local_endpoints.engine.text.model import TextModel

    reference = GemmaForCausalLM.from_pretrained(model_dir, dtype=torch.float32).eval()
    tokens = np.random.default_rng(0).integers(0, reference.config.vocab_size, length)
    with torch.inference_mode():
        expected = reference(torch.from_numpy(tokens)[None]).logits[0].numpy()
    model = TextModel(onnx_dir, slots=2, max_total_tokens=length)
    at_once = model.prefill([tokens], first_slot=0, every_position=[True])[0]
    stepwise = [model.prefill([tokens[:1]], first_slot=0)[0][-1]]
    for position in range(1, length):
        step = model.decode(tokens[position : position + 1], np.array([position]))
        stepwise.append(step[0].copy())
    return max(
        float((found - expected).std() / expected.std()) for found in (at_once, np.stack(stepwise))
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, export, and print what was written."""
    parser = argparse.ArgumentParser(description="Export a Gemma checkpoint for the engine.")
    parser.add_argument("--model", type=Path, required=True, help="transformers checkpoint")
    parser.add_argument("--out", type=Path, required=True, help="folder of the served files")
    parser.add_argument("--check", action="store_true", help="compare logits with transformers")
    options = parser.parse_args(arguments)
    target = export(options.model, options.out)
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB")
    if options.check:
        error = logit_error(options.model, options.out)
        print(f"error against transformers, of the logits' spread: {error:.4f}")


if __name__ == "__main__":
    main()
