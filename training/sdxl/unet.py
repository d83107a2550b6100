"""Trains the pocket SDXL's UNet on stored latents and freshly worded prompts.

``python -m training.sdxl.unet --latents FILE.npy --text DIR --out DIR
[--steps N] [--resume FILE] [--workers N]``

``DIR`` receives ``checkpoint.pt``, ``stable.pt`` and ``log.jsonl``; ``assemble`` makes a pipeline
of them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.sdxl import components
from training.sdxl.latents import SEED as LATENT_SEED
from training.sdxl.pictures import LESSON_SCENES_FROM, scene_at
from training.sdxl.text import SHIPPED_TOKENIZER, encode, open_tokenizer, token_ids
from training.world.prompts_asked import asked_for

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
        return asked_for(scene, rng).text


@dataclass(frozen=True, kw_only=True)
class UnetOptions(Options):
    """Also what it learns from.

    Attributes:
        latents: file written by ``latents``.
        text: folder written by ``text``.
        tokenizer: the one that the text encoders were trained with.
        start: folder of ``served`` whose ``unet/`` it goes on from.
    """

    latents: Path
    text: Path
    tokenizer: Path = SHIPPED_TOKENIZER
    start: Path | None = None


def open_unet(start: Path | None) -> UNet2DConditionModel:
    """That of a folder in the format of diffusers, or an untrained one."""
    if start is None:
        return components.build_unet()
    return UNet2DConditionModel.from_pretrained(start / "unet")


def train(worker: Worker, options: UnetOptions) -> None:
    """One worker's part."""
    first = CLIPTextModel.from_pretrained(options.text / "text_encoder")
    second = CLIPTextModelWithProjection.from_pretrained(options.text / "text_encoder_2")
    examples = Examples(
        worker=worker,
        batch=options.batch,
        latents=np.load(options.latents, mmap_mode="r"),
        tokenizer=open_tokenizer(options.tokenizer),
        encoders=(first.to(torch.bfloat16).eval(), second.to(torch.bfloat16).eval()),
    )
    torch.manual_seed(SEED)
    unet = open_unet(options.start)
    unet.set_attn_processor(AttnProcessor())
    loop = Loop(
        {"unet": unet},
        worker=worker,
        schedule=options.schedule(final=1e-5, warm_up=500 if options.start is None else 50),
        out=options.out,
        # A model that goes on is trained for few steps: its average must not stay behind.
        average=0.999 if options.start is None else 0.995,
        save_every=250,
        resume=options.resume,
    )
    loop.run(lambda step: examples.loss(unet, step), every=50)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = command(
        "Train the pocket SDXL's UNet.",
        examples="pictures",
        steps=12_000,
        batch=48,
        peak=1e-3,
        decay_from=0.7,
    )
    parser.add_argument("--latents", type=Path, required=True, help="file written by latents")
    parser.add_argument("--text", type=Path, required=True, help="folder written by text")
    parser.add_argument("--tokenizer", type=Path, default=UnetOptions.tokenizer)
    parser.add_argument("--start", type=Path, metavar="DIR", help="UNet to go on from")
    options = told(parser, UnetOptions, arguments)
    in_parallel(train, options, workers=options.workers)


if __name__ == "__main__":
    main()
