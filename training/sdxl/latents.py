"""Draws scenes and stores their latents, so that the UNet's training need not encode them again.

``python -m training.sdxl.latents --vae DIR --out FILE.npy [--count N]``

Latent number ``i`` is that of ``scene_at(i, seed=SEED, lessons=True)``, multiplied by the scaling
factor, as float16 ``[count, 8, 16, 16]``.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

from training.feeding import Feed
from training.loop import Worker, in_parallel
from training.sdxl import components
from training.sdxl.examples import Pictures, pictures
from training.sdxl.vae import pixels

SEED = 31
BATCH = 32


def shape(count: int) -> tuple[int, int, int, int]:
    """Of the stored array."""
    return (count, components.LATENT_CHANNELS, components.LATENT_SIZE, components.LATENT_SIZE)


@dataclass(frozen=True)
class Filling:
    """What is to be filled in.

    Attributes:
        vae: folder of the autoencoder.
        path: the array, which exists.
        count: how many latents.
        device: ``cpu`` or ``cuda``.
        feeders: processes that draw ahead, for each worker; 0 draws here.
    """

    vae: Path
    path: Path
    count: int
    device: str = "cpu"
    feeders: int = 0


def fill(worker: Worker, wanted: Filling) -> None:
    """One worker's share of the file."""
    vae = AutoencoderKL.from_pretrained(wanted.vae)
    scale = vae.config.scaling_factor
    vae.to(wanted.device, torch.bfloat16)
    store = np.lib.format.open_memmap(wanted.path, mode="r+")
    given = Pictures(
        seed=SEED,
        batch=BATCH,
        rank=worker.rank,
        count=worker.count,
        lessons=True,
        end=wanted.count,
    )
    with closing(Feed(pictures, given, feeders=wanted.feeders)) as feed:
        for step in count():
            start = given.numbers(step).start
            if start >= wanted.count:
                break
            with torch.no_grad():
                encoded = vae.encode(pixels(feed(step), wanted.device))
            found = (encoded.latent_dist.mode() * scale).float().cpu().numpy()
            store[start : start + len(found)] = found
    store.flush()


def write(filling: Filling, *, workers: int = 1) -> None:
    """Write the file whole or not at all."""
    temporary = filling.path.with_name(f"{filling.path.name}.tmp")
    np.lib.format.open_memmap(
        temporary, mode="w+", dtype=np.float16, shape=shape(filling.count)
    ).flush()
    in_parallel(fill, replace(filling, path=temporary), workers=workers)
    os.replace(temporary, filling.path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Store the latents of drawn scenes.")
    parser.add_argument("--vae", type=Path, required=True, help="folder in diffusers format")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=64_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--device", default=Filling.device, help="cpu or cuda")
    parser.add_argument("--feeders", type=int, default=Filling.feeders, help="draw ahead")
    told = parser.parse_args(arguments)
    filling = Filling(told.vae, told.out, told.count, device=told.device, feeders=told.feeders)
    write(filling, workers=told.workers)


if __name__ == "__main__":
    main()
