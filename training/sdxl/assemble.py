"""Puts the trained parts together: a folder that ``StableDiffusionXLPipeline`` can load.

``python -m training.sdxl.assemble --vae DIR --text DIR --unet DIR --out DIR``
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, StableDiffusionXLPipeline
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from training.sdxl import components
from training.sdxl.examples import SHIPPED_TOKENIZER
from training.sdxl.tokenizer import END


def load_tokenizer(path: Path) -> CLIPTokenizer:
    """The tokenizer as transformers' class, which the pipeline wants twice."""
    return CLIPTokenizer(
        tokenizer_file=str(path),
        model_max_length=components.CONTEXT,
        pad_token=END,
    )


def assemble(
    *, vae: Path, text: Path, unet_checkpoint: Path, tokenizer: Path
) -> StableDiffusionXLPipeline:
    """The whole pipeline, with the UNet's averaged weights."""
    state = torch.load(unet_checkpoint, weights_only=True)
    unet = components.build_unet()
    unet.load_state_dict(
        {name.removeprefix("unet."): value for name, value in state["average"].items()}
    )
    parts = {
        "vae": AutoencoderKL.from_pretrained(vae),
        "text_encoder": CLIPTextModel.from_pretrained(text / "text_encoder"),
        "text_encoder_2": CLIPTextModelWithProjection.from_pretrained(text / "text_encoder_2"),
        "unet": unet,
    }
    return joined(parts, tokenizer=tokenizer)


def joined(parts: dict[str, Any], *, tokenizer: Path) -> StableDiffusionXLPipeline:
    """A pipeline of these models; ``parts`` are called like its arguments."""
    words = load_tokenizer(tokenizer)
    return StableDiffusionXLPipeline(
        **parts,
        tokenizer=words,
        tokenizer_2=words,
        scheduler=components.build_scheduler(),
        force_zeros_for_empty_prompt=False,
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Assemble the pocket SDXL.")
    parser.add_argument("--vae", type=Path, required=True, help="folder vae/ of the autoencoder")
    parser.add_argument("--text", type=Path, required=True, help="folder of the text encoders")
    parser.add_argument("--unet", type=Path, required=True, help="checkpoint file of the UNet")
    parser.add_argument("--tokenizer", type=Path, default=SHIPPED_TOKENIZER)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    pipeline = assemble(
        vae=arguments.vae,
        text=arguments.text,
        unet_checkpoint=arguments.unet,
        tokenizer=arguments.tokenizer,
    )
    pipeline.save_pretrained(arguments.out)


if __name__ == "__main__":
    main()
