"""Trains the pocket SDXL further from what is served, every stage in one go.

``python -m training.sdxl.further --start DIR --out DIR --device cuda --seconds 540``

``--start`` is a folder of ``served``. First the text encoders learn in a process of their own,
while this one trains an encoder for the served decoder and stores latents; then the UNet learns
until the time is over. ``DIR/packed`` receives what ``packed`` makes a pipeline of; beside it are
the folders of the stages.

Nothing heavy is imported above: the processes that draw ahead import this module, too.
"""

from __future__ import annotations

import argparse
import multiprocessing as mp
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

TIDYING = 20.0
"""Seconds that are kept for writing the result."""
PREPARING = {"encoder": 0.14, "text": 0.21}
"""Shares of the time after which these stages are over, by the name of the stage."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is told to the stages.

    Attributes:
        start: folder of ``served``.
        out: folder for everything.
        seconds: life of this process.
        device: ``cpu`` or ``cuda``.
        feeders: processes that draw ahead.
        count: how many latents are stored.
        batch: pictures per step of the UNet.
        prompts: prompts per step of the text encoders.
        pictures: pictures per step of the encoder.
        steps: of the UNet, as long as its speed is unknown; those of the others follow.
        peak: highest learning rate of the UNet.
    """

    start: Path
    out: Path
    seconds: float
    device: str = "cuda"
    feeders: int = 4
    count: int = 96_000
    batch: int = 192
    prompts: int = 256
    pictures: int = 48
    steps: int = 6000
    peak: float = 8e-4

    def command(self, stage: str, *, feeders: int, **more: object) -> list[str]:
        """What a stage's own command line would say."""
        told = {"out": self.out / stage, "device": self.device, "feeders": feeders, "workers": 1}
        return [word for name, value in (told | more).items()
                for word in (f"--{name.replace('_', '-')}", str(value))]  # fmt: skip


def read(plan: Plan) -> None:
    """Train the text encoders; the process of its own."""
    from training.sdxl import packed, text

    half = max(1, plan.feeders // 2)
    told = plan.command(
        "text",
        feeders=half,
        start=plan.start,
        batch=plan.prompts,
        steps=plan.steps,
        peak=1.5e-3,
        seconds=PREPARING["text"] * plan.seconds,
    )
    text.main(told)
    packed.pack_text(plan.out / "text", plan.out / "packed")


def see(plan: Plan) -> None:
    """Train the encoder and store latents."""
    from training.sdxl import encoder, latents

    most = max(1, plan.feeders - 1)
    told = plan.command(
        "vae",
        feeders=most,
        start=plan.start,
        batch=plan.pictures,
        steps=max(2, plan.steps // 4),
        seconds=PREPARING["encoder"] * plan.seconds,
    )
    encoder.main(told)
    filled = plan.command("latents.npy", feeders=most, vae=plan.out / "vae" / "vae")
    latents.main([*filled, "--count", str(plan.count)])


def paint(plan: Plan) -> None:
    """Train the UNet to the end."""
    from training.sdxl import packed, unet

    told = plan.command(
        "unet",
        feeders=plan.feeders,
        start=plan.start,
        latents=plan.out / "latents.npy",
        text=plan.out / "text",
        batch=plan.batch,
        steps=plan.steps,
        peak=plan.peak,
        decay_from=0.5,
        seconds=plan.seconds - TIDYING,
    )
    unet.main(told)
    packed.pack_unet(plan.out / "unet" / "checkpoint.pt", plan.out / "packed")


def run(plan: Plan) -> None:
    """All stages.

    Raises:
        RuntimeError: the text encoders' process failed.
    """
    started = time.monotonic()
    plan.out.mkdir(parents=True, exist_ok=True)
    reader = mp.get_context("spawn").Process(target=read, args=(plan,))
    reader.start()
    try:
        see(plan)
        print(f"latents after {time.monotonic() - started:.0f} s", flush=True)
        reader.join()
    finally:
        if reader.is_alive():
            reader.terminate()
    if reader.exitcode:
        raise RuntimeError("The text encoders were not trained; the message is above.")
    print(f"text encoders after {time.monotonic() - started:.0f} s", flush=True)
    paint(plan)
    print(f"all after {time.monotonic() - started:.0f} s", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the served pocket SDXL further.")
    parser.add_argument("--start", type=Path, required=True, metavar="DIR", help="of served")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seconds", type=float, required=True, help="life of this process")
    parser.add_argument("--device", default=Plan.device, help="cpu or cuda")
    for field in fields(Plan):
        if field.name in ("feeders", "count", "batch", "prompts", "pictures", "steps", "peak"):
            kind = float if field.name == "peak" else int
            parser.add_argument(f"--{field.name}", type=kind, default=field.default)
    run(Plan(**vars(parser.parse_args(arguments))))


if __name__ == "__main__":
    main()
