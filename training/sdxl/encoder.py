"""Trains an encoder for an autoencoder whose decoder stays as it is.

``python -m training.sdxl.encoder --start DIR --out DIR [--steps N] [--resume FILE] [--workers N]``

What is served has no encoder, so whoever trains a served UNet further needs one for its decoder.
``--start`` is a folder of ``served``; ``DIR`` receives ``checkpoint.pt``, ``stable.pt``,
``log.jsonl`` and, at the end, ``vae/`` with the scaling factor of the served one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL

from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.sdxl.pictures import drawn
from training.sdxl.vae import SEED, pixels, reconstruct, use_attention_of
from training.world.scene import held_out_scenes

PARTS = ("encoder", "quant_conv")


@dataclass(frozen=True, kw_only=True)
class EncoderOptions(Options):
    """Also the folder with ``vae/``, whose decoder it is made for."""

    start: Path


def open_vae(folder: Path, device: str) -> AutoencoderKL:
    """The autoencoder of which only the encoder learns, in bf16."""
    vae = AutoencoderKL.from_pretrained(folder / "vae").to(device, torch.bfloat16)
    use_attention_of(device, vae)
    vae.requires_grad_(False)
    for name in PARTS:
        getattr(vae, name).requires_grad_(True)
    return vae


def train(worker: Worker, options: EncoderOptions) -> None:
    """One worker's part."""
    sample = pixels(drawn(held_out_scenes(64, seed=SEED)), options.device)
    vae = open_vae(options.start, options.device)
    torch.manual_seed(SEED + worker.rank)
    loop = Loop(
        {name: getattr(vae, name) for name in PARTS},
        worker=worker,
        schedule=options.schedule(final=2e-5),
        out=options.out,
        average=0.99,
        save_every=100,
        resume=options.resume,
        ends=options.ends,
    )

    reconstruct(loop, vae, sample, batch=options.batch, look_every=100, feeders=options.feeders)
    if worker.rank == 0:
        finish(loop, options)


def finish(loop: Loop, options: EncoderOptions) -> None:
    """Write the served decoder and the averaged encoder in float32."""
    final = AutoencoderKL.from_pretrained(options.start / "vae")
    for name in PARTS:
        getattr(final, name).load_state_dict(loop.averages_of(name))
    final.save_pretrained(options.out / "vae")


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = command(
        "Train an encoder for a served decoder.",
        examples="pictures",
        steps=800,
        batch=8,
        peak=2e-3,
        decay_from=0.5,
    )
    parser.add_argument("--start", type=Path, required=True, metavar="DIR")
    options = told(parser, EncoderOptions, arguments)
    in_parallel(train, options, workers=options.workers)


if __name__ == "__main__":
    main()
