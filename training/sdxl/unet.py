"""Trains the pocket SDXL's UNet on stored latents and freshly worded prompts.

``python -m training.sdxl.unet --latents FILE.npy --text DIR --out DIR
[--steps N] [--resume FILE] [--workers N]``

``DIR`` receives ``checkpoint.pt``, ``stable.pt`` and ``log.jsonl``; ``assemble`` makes a pipeline
of them.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from training.loop import Loop, Schedule, Worker, in_parallel
from training.sdxl import components
from training.sdxl.latents import SEED as LATENT_SEED
from training.sdxl.pictures import LESSON_SCENES_FROM, scene_at
from training.sdxl.text import SHIPPED_TOKENIZER, encode, open_tokenizer, token_ids
from training.world.prompts import prompt_for

SEED = 41
EMPTY_SHARE = 0.1
"""Share of pictures shown without their prompt: what classifier-free guidance steers away from."""


def cumulative_alphas() -> torch.Tensor:
    """Share of the signal's variance that is left at each of the 1000 timesteps; 0 at the last."""
    return components.build_scheduler().alphas_cumprod.double()


class Examples:
    """What one worker learns from, in an order that only the step decides."""

    def __init__(
        self,
        *,
        worker: Worker,
        batch: int,
        latents: np.ndarray,
        tokenizer: Tokenizer,
        encoders: tuple[CLIPTextModel, CLIPTextModelWithProjection],
    ) -> None:
        self.worker = worker
        self.batch = batch
        self.latents = latents
        self.tokenizer = tokenizer
        self.encoders = encoders
        self.alphas = cumulative_alphas()
        self.time_ids = torch.tensor([components.TIME_IDS] * batch, dtype=torch.bfloat16)

    def loss(self, unet: UNet2DConditionModel, step: int) -> torch.Tensor:
        """Mean squared error of the predicted velocity, timesteps spread evenly over the batch."""
        rng = random.Random(f"{SEED}/{step}/{self.worker.rank}")
        noise_of = torch.Generator().manual_seed(rng.getrandbits(63))
        numbers = [rng.randrange(len(self.latents)) for _ in range(self.batch)]
        clean = torch.from_numpy(np.stack([self.latents[number] for number in numbers])).float()
        noise = torch.randn(clean.shape, generator=noise_of)
        offset = torch.rand(1, generator=noise_of)
        spread = (torch.arange(self.batch) + offset) / self.batch
        timesteps = (spread * len(self.alphas)).long().clamp(max=len(self.alphas) - 1)
        alpha = self.alphas[timesteps].view(-1, 1, 1, 1)
        signal, noisiness = alpha.sqrt().float(), (1 - alpha).sqrt().float()
        velocity = signal * noise - noisiness * clean
        with torch.no_grad():
            prompts = [self._prompt(number, rng) for number in numbers]
            encoded = encode(*self.encoders, token_ids(self.tokenizer, prompts))
        predicted = unet(
            (signal * clean + noisiness * noise).to(torch.bfloat16),
            timesteps,
            encoded.states,
            added_cond_kwargs={"text_embeds": encoded.pooled, "time_ids": self.time_ids},
            return_dict=False,
        )[0]
        return functional.mse_loss(predicted.float(), velocity)

    def _prompt(self, number: int, rng: random.Random) -> str:
        if rng.random() < EMPTY_SHARE:
            return ""
        scene = scene_at(number, seed=LATENT_SEED, lesson_from=LESSON_SCENES_FROM)
        return prompt_for(scene, rng).text


def train(worker: Worker, arguments: argparse.Namespace) -> None:
    """One worker's part."""
    first = CLIPTextModel.from_pretrained(arguments.text / "text_encoder")
    second = CLIPTextModelWithProjection.from_pretrained(arguments.text / "text_encoder_2")
    examples = Examples(
        worker=worker,
        batch=arguments.batch,
        latents=np.load(arguments.latents, mmap_mode="r"),
        tokenizer=open_tokenizer(arguments.tokenizer),
        encoders=(first.to(torch.bfloat16).eval(), second.to(torch.bfloat16).eval()),
    )
    torch.manual_seed(SEED)
    unet = components.build_unet()
    unet.set_attn_processor(AttnProcessor())
    loop = Loop(
        {"unet": unet},
        worker=worker,
        schedule=Schedule(
            steps=arguments.steps,
            peak=arguments.peak,
            final=1e-5,
            warm_up=500,
            decay_from=arguments.decay_from,
        ),
        out=arguments.out,
        average=0.999,
        save_every=250,
    )
    if arguments.resume:
        loop.restore(arguments.resume)
    loop.run(lambda step: examples.loss(unet, step), every=50)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the pocket SDXL's UNet.")
    parser.add_argument("--latents", type=Path, required=True, help="file written by latents")
    parser.add_argument("--text", type=Path, required=True, help="folder written by text")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, default=SHIPPED_TOKENIZER)
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--batch", type=int, default=48, help="pictures per worker and step")
    parser.add_argument("--peak", type=float, default=1e-3)
    parser.add_argument("--decay-from", type=float, default=0.7)
    parser.add_argument("--resume", metavar="FILE", help="checkpoint.pt or stable.pt in --out")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    in_parallel(train, arguments, workers=arguments.workers)


if __name__ == "__main__":
    main()
