"""A trained UNet and text encoders as two small files, which travel well.

``python -m training.sdxl.packed --packed DIR --start DIR --out DIR`` makes a pipeline in the format
of diffusers of them; the autoencoder is that of ``--start``, a folder of ``served``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from training.sdxl import components
from training.sdxl.examples import SHIPPED_TOKENIZER
from training.sdxl.text import load_weights

UNET, TEXT = "unet.safetensors", "text_encoders.safetensors"
ENCODERS = ("text_encoder", "text_encoder_2")


def pack_text(text: Path, out: Path) -> None:
    """Write the text encoders of a folder of ``text`` into one file, in float32."""
    weights = {
        f"{name}/{key}": value
        for name in ENCODERS
        for key, value in load_file(text / name / "model.safetensors").items()
    }
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / TEXT)


def pack_unet(checkpoint: Path, out: Path) -> None:
    """Write the averaged weights of a UNet's checkpoint in half precision."""
    average = torch.load(checkpoint, weights_only=True, map_location="cpu")["average"]
    weights = {
        name.removeprefix("unet."): value.half().contiguous() for name, value in average.items()
    }
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / UNET)


def unpacked(packed: Path, start: Path, *, tokenizer: Path = SHIPPED_TOKENIZER) -> Any:
    """The pipeline of packed weights and another one's autoencoder, in float32.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: the weights are of other classes or sizes.
    """
    # Imports all pipelines of diffusers, which packing does not need.
    from training.sdxl.assemble import joined

    stored = load_file(packed / TEXT)
    encoders = components.build_text_encoders(Tokenizer.from_file(str(tokenizer)))
    for name, encoder in zip(ENCODERS, encoders, strict=True):
        prefix = f"{name}/"
        mine = {
            key.removeprefix(prefix): value.float()
            for key, value in stored.items()
            if key.startswith(prefix)
        }
        load_weights(encoder, mine)
    unet = components.build_unet()
    load_weights(unet, {key: value.float() for key, value in load_file(packed / UNET).items()})
    parts = {
        "vae": AutoencoderKL.from_pretrained(start / "vae"),
        "unet": unet,
        **dict(zip(ENCODERS, encoders, strict=True)),
    }
    return joined(parts, tokenizer=tokenizer)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Make a pipeline of packed weights.")
    parser.add_argument("--packed", type=Path, required=True, metavar="DIR")
    parser.add_argument("--start", type=Path, required=True, metavar="DIR", help="with vae/")
    parser.add_argument("--tokenizer", type=Path, default=SHIPPED_TOKENIZER)
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args(arguments)
    unpacked(told.packed, told.start, tokenizer=told.tokenizer).save_pretrained(told.out)


if __name__ == "__main__":
    main()
