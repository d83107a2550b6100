"""Trains the pocket SDXL's UNet on stored latents and freshly worded prompts.

``python -m training.sdxl.unet --latents FILE.npy --text DIR --out DIR
[--steps N] [--resume FILE] [--workers N]``

``DIR`` receives ``checkpoint.pt``, ``stable.pt`` and ``log.jsonl``; ``assemble`` makes a pipeline
of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from training.feeding import Feed
from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.sdxl import components
from training.sdxl.examples import SHIPPED_TOKENIZER, Integers, Pairs, pairs
from training.sdxl.latents import SEED as LATENT_SEED
from training.sdxl.text import encode

SEED = 41
FITTED_FROM = 3000
"""A model that goes on for fewer steps is averaged over fewer."""


def cumulative_alphas() -> torch.Tensor:
    """Share of the signal's variance that is left at each of the 1000 timesteps; 0 at the last."""
    return components.build_scheduler().alphas_cumprod.double()


class Lessons:
    """What a UNet is taught of some stored pictures and their prompts.

    Args:
        latents: all the stored pictures, scaled.
        encoders: of the prompts, as they stay.
        device: where the UNet is, and where everything else goes.
    """

    def __init__(
        self,
        latents: torch.Tensor,
        encoders: tuple[CLIPTextModel, CLIPTextModelWithProjection],
        *,
        device: str,
    ) -> None:
        self.device = device
        self.latents = latents.to(device)
        first, second = (each.to(device, torch.bfloat16).eval() for each in encoders)
        self.encoders = (first, second)
        self.noise = torch.Generator(device=device)
        self.alphas = cumulative_alphas().to(device)
        self.time_ids = torch.tensor([components.TIME_IDS], dtype=torch.bfloat16, device=device)

    def loss(
        self, unet: UNet2DConditionModel, drawn: tuple[Integers, Integers, int]
    ) -> torch.Tensor:
        """Mean squared error of the predicted velocity, timesteps spread evenly over the batch."""
        numbers, ids = (
            torch.from_numpy(part).to(self.device, non_blocking=True) for part in drawn[:2]
        )
        self.noise.manual_seed(drawn[2])
        count, last = len(numbers), len(self.alphas) - 1
        clean = self.latents.index_select(0, numbers).float()
        noise, offset = (
            torch.randn(clean.shape, generator=self.noise, device=self.device),
            torch.rand(1, generator=self.noise, device=self.device),
        )
        spread = (torch.arange(count, device=self.device) + offset) / count
        timesteps = (spread * len(self.alphas)).long().clamp(max=last)
        alpha = self.alphas.index_select(0, timesteps).view(-1, 1, 1, 1)
        signal, noisiness = alpha.sqrt().float(), (1 - alpha).sqrt().float()
        velocity = signal * noise - noisiness * clean
        with torch.no_grad():
            encoded = encode(*self.encoders, ids)
        conditions = {"text_embeds": encoded.pooled, "time_ids": self.time_ids.expand(count, -1)}
        predicted = unet(
            (signal * clean + noisiness * noise).to(torch.bfloat16),
            timesteps,
            encoded.states,
            added_cond_kwargs=conditions,
            return_dict=False,
        )[0]
        return functional.mse_loss(predicted.float(), velocity)


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
    torch.backends.cudnn.benchmark = True  # all batches are alike
    latents = np.load(options.latents, mmap_mode="c" if options.device == "cpu" else None)
    encoders = (
        CLIPTextModel.from_pretrained(options.text / "text_encoder"),
        CLIPTextModelWithProjection.from_pretrained(options.text / "text_encoder_2"),
    )
    lessons = Lessons(torch.from_numpy(latents), encoders, device=options.device)
    torch.manual_seed(SEED)
    unet = open_unet(options.start).to(options.device)
    if options.device == "cpu":
        # On a GPU diffusers' own choice, the fused attention, is the faster one.
        unet.set_attn_processor(AttnProcessor())
    few = options.start is not None and options.steps < FITTED_FROM
    loop = Loop(
        {"unet": unet},
        worker=worker,
        schedule=options.schedule(final=1e-5, warm_up=500 if options.start is None else 50),
        out=options.out,
        average=0.995 if few else 0.999,
        save_every=250 if options.device == "cpu" else 2000,
        resume=options.resume,
        ends=options.ends,
    )
    given = Pairs(
        seed=SEED,
        batch=options.batch,
        rank=worker.rank,
        count=worker.count,
        scenes=LATENT_SEED,
        stored=len(latents),
        tokenizer=options.tokenizer,
    )
    with closing(Feed(pairs, given, feeders=options.feeders, first=loop.step)) as feed:
        loop.run(lambda step: lessons.loss(unet, feed(step)), every=50)


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
