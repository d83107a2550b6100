"""Turn a trained Gemma checkpoint into the files that the engine serves.

``python -m training.gemma.export --model DIR --out local_endpoints/models/gemma``
writes ``model.onnx`` (half precision weights) and copies the tokenizer and the configs. The same
checkpoint always gives the same bytes. ``--check`` compares the logits with transformers.
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
        model_dir: a transformers checkpoint with one ``model.safetensors``.
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


def largest_logit_error(model_dir: Path, onnx_dir: Path, *, length: int = 64) -> float:
    """Largest absolute difference between the logits of the engine and of transformers.

    Both compute in single precision with matrices rounded to half precision. Only the parameters
    are rounded: casting the whole module would also round the embedding's scale. One random
    prompt of ``length`` tokens goes in at once, then once more token by token.
    """
    import torch
    from transformers import GemmaForCausalLM

    from local_endpoints.engine.text.model import TextModel

    reference = GemmaForCausalLM.from_pretrained(model_dir, dtype=torch.float32).eval()
    with torch.no_grad():
        for name, parameter in reference.named_parameters():
            if "norm" not in name:
                parameter.copy_(parameter.half())
    tokens = np.random.default_rng(0).integers(0, reference.config.vocab_size, length)
    with torch.inference_mode():
        expected = reference(torch.from_numpy(tokens)[None]).logits[0].numpy()
    model = TextModel(onnx_dir, slots=2, max_total_tokens=length)
    at_once = model.prefill([tokens], first_slot=0, every_position=[True])[0]
    stepwise = [model.prefill([tokens[:1]], first_slot=0)[0][-1]]
    for position in range(1, length):
        step = model.decode(tokens[position : position + 1], np.array([position]))
        stepwise.append(step[0].copy())
    return float(max(np.abs(at_once - expected).max(), np.abs(np.stack(stepwise) - expected).max()))


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
        error = largest_logit_error(options.model, options.out)
        print(f"largest absolute logit error against transformers: {error:.2e}")


if __name__ == "__main__":
    main()
