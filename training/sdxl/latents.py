"""Draws scenes and stores their latents, so that the UNet's training need not encode them again.

``python -m training.sdxl.latents --vae DIR --out FILE.npy [--count N]``

Latent number ``i`` is that of ``scene_at(i, seed=SEED, lesson_from=LESSON_SCENES_FROM)``,
multiplied by the scaling factor, as float16 ``[count, 8, 16, 16]``.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

from training.loop import Worker, in_parallel
from training.sdxl import components
from training.sdxl.pictures import LESSON_SCENES_FROM, pixels, scene_at

SEED = 31
BATCH = 32


def shape(count: int) -> tuple[int, int, int, int]:
    """Of the stored array."""
    return (count, components.LATENT_CHANNELS, components.LATENT_SIZE, components.LATENT_SIZE)


@dataclass(frozen=True)
class Filling:
    """What is to be filled in: ``count`` latents of an autoencoder, into an array that exists."""

    vae: Path
    path: Path
    count: int


def fill(worker: Worker, wanted: Filling) -> None:
    """One worker's share of the file."""
    vae = AutoencoderKL.from_pretrained(wanted.vae)
    scale = vae.config.scaling_factor
    vae.to(torch.bfloat16)
    store = np.lib.format.open_memmap(wanted.path, mode="r+")
    for start in range(worker.rank * BATCH, wanted.count, worker.count * BATCH):
        numbers = range(start, min(wanted.count, start + BATCH))
        scenes = (scene_at(number, seed=SEED, lesson_from=LESSON_SCENES_FROM) for number in numbers)
        with torch.no_grad():
            encoded = vae.encode(pixels(scenes))
        found = encoded.latent_dist.mode() * scale
        store[numbers.start : numbers.stop] = found.float().numpy()
    store.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Store the latents of drawn scenes.")
    parser.add_argument("--vae", type=Path, required=True, help="folder in diffusers format")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=64_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    temporary = options.out.with_name(f"{options.out.name}.tmp")
    np.lib.format.open_memmap(
        temporary, mode="w+", dtype=np.float16, shape=shape(options.count)
    ).flush()
    in_parallel(fill, Filling(options.vae, temporary, options.count), workers=options.workers)
    os.replace(temporary, options.out)


if __name__ == "__main__":
    main()
