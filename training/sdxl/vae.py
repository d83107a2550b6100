"""Trains the pocket SDXL's autoencoder on drawn scenes.

``python -m training.sdxl.vae --out DIR [--steps N] [--resume FILE] [--workers N]``

``DIR`` receives ``checkpoint.pt``, ``stable.pt`` (the last one before the rate decays),
``log.jsonl`` and, at the end, ``vae/`` in the format of diffusers, with the scaling factor that
gives latents unit variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from diffusers import AutoencoderKL
from diffusers.models.attention_processor import AttnProcessor
from torch.nn import functional

from training.feeding import Feed
from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.sdxl import components
from training.sdxl.examples import Pictures, pictures
from training.sdxl.pictures import drawn
from training.world.scene import held_out_scenes

SEED = 11
KL_WEIGHT = 2e-4

Bytes = npt.NDArray[np.uint8]


def pixels(pictures: Bytes, device: torch.device | str) -> torch.Tensor:
    """Pictures ``[n, 128, 128, 3]`` as the autoencoder takes them: bf16 ``[n, 3, 128, 128]`` in
    [-1, 1]."""
    moved = torch.from_numpy(pictures).to(device, non_blocking=True)
    return (moved.permute(0, 3, 1, 2).float() / 127.5 - 1).to(torch.bfloat16).contiguous()


def use_attention_of(device: str, vae: AutoencoderKL) -> None:
    """On a processor the plain attention is faster, on a GPU the fused one, diffusers' own."""
    if device == "cpu":
        vae.set_attn_processor(AttnProcessor())


def loss_of(vae: AutoencoderKL, wanted: torch.Tensor) -> torch.Tensor:
    """Absolute and squared error of the reconstruction, and a light pull of the latents towards
    a unit normal distribution."""
    posterior = vae.encode(wanted).latent_dist
    decoded = vae.decode(posterior.sample()).sample.float()
    error = functional.l1_loss(decoded, wanted.float())
    error = error + 2 * functional.mse_loss(decoded, wanted.float())
    mean, log_variance = posterior.mean.float(), posterior.logvar.float()
    divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean()
    return error + KL_WEIGHT * divergence


def quality(vae: AutoencoderKL, wanted: torch.Tensor) -> tuple[float, float]:
    """PSNR in dB (mean over pictures, from the posterior mean) and the latents' deviation."""
    with torch.no_grad():
        latents = vae.encode(wanted).latent_dist.mode()
        decoded = vae.decode(latents).sample.float().clamp(-1, 1)
    error = ((decoded - wanted.float()) / 2).square().mean(dim=(1, 2, 3))
    return float((-10 * error.log10()).mean()), float(latents.float().std())


def reconstruct(
    loop: Loop,
    vae: AutoencoderKL,
    sample: torch.Tensor,
    *,
    batch: int,
    look_every: int,
    feeders: int = 0,
) -> None:
    """Learn to reconstruct drawn scenes, to the schedule's end.

    Args:
        loop: of what learns of the autoencoder, or of all of it.
        vae: the autoencoder.
        sample: pictures whose quality is logged, where the models are.
        batch: pictures per worker and step.
        look_every: steps between two looks at the quality.
        feeders: processes that draw ahead; 0 draws here.
    """
    worker = loop.worker
    given = Pictures(seed=SEED, batch=batch, rank=worker.rank, count=worker.count)
    with closing(Feed(pictures, given, feeders=feeders, first=loop.step)) as feed:

        def losses(step: int) -> torch.Tensor:
            if step % look_every == 0 and worker.rank == 0:
                with loop.averaged():
                    psnr, deviation = quality(vae, sample)
                loop.log(step=step, psnr=round(psnr, 2), deviation=round(deviation, 3))
            return loss_of(vae, pixels(feed(step), sample.device))

        loop.run(losses)


def finish(loop: Loop, vae: AutoencoderKL, sample: torch.Tensor, folder: Path) -> None:
    """Write the averaged weights as float32 and log their PSNR."""
    with loop.averaged():
        psnr, deviation = quality(vae, sample)
    final = components.build_vae()
    final.load_state_dict(loop.averages_of("vae"))
    final.register_to_config(scaling_factor=round(1 / deviation, 4))
    final.save_pretrained(folder)
    loop.log(psnr=round(psnr, 2), deviation=round(deviation, 4))


def train(worker: Worker, options: Options) -> None:
    """One worker's part."""
    sample = pixels(drawn(held_out_scenes(64, seed=SEED)), options.device)
    torch.manual_seed(SEED)
    vae = components.build_vae().to(options.device)
    use_attention_of(options.device, vae)
    torch.manual_seed(SEED + worker.rank)
    loop = Loop(
        {"vae": vae},
        worker=worker,
        schedule=options.schedule(final=2e-5),
        out=options.out,
        average=0.995,
        resume=options.resume,
        ends=options.ends,
    )

    reconstruct(loop, vae, sample, batch=options.batch, look_every=500, feeders=options.feeders)
    if worker.rank == 0:
        finish(loop, vae, sample, options.out / "vae")


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = command(
        "Train the pocket SDXL's autoencoder.",
        examples="pictures",
        steps=2600,
        batch=8,
        peak=2e-3,
        decay_from=0.5,
    )
    options = told(parser, Options, arguments)
    in_parallel(train, options, workers=options.workers)


if __name__ == "__main__":
    main()
