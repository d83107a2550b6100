"""Turn a trained Idefics2 checkpoint into the files that the engine serves.

``python -m training.idefics2.export --model DIR --tokenizer DIR --out DIR`` writes
``vision.onnx`` (half precision weights) and ``model.onnx`` (8-bit weights), the tokenizer, the
configs and the processor's files. The same checkpoint always gives the same bytes. ``--check``
compares the logits with transformers. Of a served folder, ``model.onnx`` is written anew in the
form of today, and ``vision.onnx`` stays.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from training.files import write_whole
from training.graphs.weights import read_weights
from training.idefics2 import processor, text_graph, vision_graph

MODEL_FILES = ("config.json", "generation_config.json")
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def export(model_dir: Path, tokenizer_dir: Path, out_dir: Path) -> None:
    """Write the served files of one checkpoint, each of them whole or not at all.

    Args:
        model_dir: a transformers checkpoint with one ``model.safetensors``, or a served folder.
        tokenizer_dir: where the tokenizer's training wrote.
        out_dir: where the served files go; created when missing.
    """
    config = json.loads((model_dir / "config.json").read_text(encoding="utf-8"))
    weights = read_weights(model_dir)
    graphs = {"model.onnx": text_graph.build(config, weights)}
    if any(name.startswith(vision_graph.TOWER) for name in weights):
        graphs["vision.onnx"] = vision_graph.build(config, weights)
    out_dir.mkdir(parents=True, exist_ok=True)
    for folder, names in ((model_dir, MODEL_FILES), (tokenizer_dir, TOKENIZER_FILES)):
        for name in names:
            write_whole(out_dir / name, (folder / name).read_bytes())
    processor.write(out_dir)
    for name, graph in graphs.items():
        write_whole(out_dir / name, graph.SerializeToString(deterministic=True))


def logit_error(model_dir: Path, out_dir: Path, image: Image.Image) -> float:
    """How far the engine's logits are from those of transformers, as a share of their spread.

    transformers computes in single precision; what the engine rounds to 8 bits is some hundredths.
    For a prompt with one picture and 24 random tokens around it, prepared by transformers' own
    image processor.
    """
    import torch
    from transformers import AutoImageProcessor, Idefics2ForConditionalGeneration

    from local_endpoints.engine.text.model import TextModel
    from local_endpoints.engine.text.vision import VisionEncoder

    reference = Idefics2ForConditionalGeneration.from_pretrained(
        model_dir, dtype=torch.float32
    ).eval()
    encoder = VisionEncoder(out_dir)
    config = reference.config
    around = np.random.default_rng(0).integers(3, config.text_config.vocab_size - 3, 24)
    places = np.full(encoder.tokens_per_image, config.image_token_id)
    tokens = np.concatenate([around[:4], places, around[4:]]).astype(np.int64)
    prepared = AutoImageProcessor.from_pretrained(out_dir)(image, return_tensors="pt")
    with torch.inference_mode():
        expected = reference(
            input_ids=torch.from_numpy(tokens)[None], pixel_values=prepared["pixel_values"]
        ).logits[0]
    model = TextModel(out_dir, slots=1, max_total_tokens=len(tokens) + 1)
    states = encoder.encode(encoder.tiles(image))
    found = model.prefill([tokens], first_slot=0, every_position=[True], images=[states])[0]
    return float((found - expected.numpy()).std() / expected.numpy().std())


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, export, and print what was written."""
    parser = argparse.ArgumentParser(description="Export an Idefics2 checkpoint for the engine.")
    parser.add_argument("--model", type=Path, required=True, help="transformers checkpoint")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of the tokenizer")
    parser.add_argument("--out", type=Path, required=True, help="folder of the served files")
    parser.add_argument("--check", action="store_true", help="compare logits with transformers")
    options = parser.parse_args(arguments)
    export(options.model, options.tokenizer, options.out)
    sizes = {path.name: path.stat().st_size for path in sorted(options.out.glob("*.onnx"))}
    print(", ".join(f"{name}: {size / 1e6:.2f} MB" for name, size in sizes.items()))
    if options.check:
        noise = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
        error = logit_error(options.model, options.out, Image.fromarray(noise))
        print(f"error against transformers, of the logits' spread: {error:.4f}")


if __name__ == "__main__":
    main()
