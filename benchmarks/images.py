"""Text to image: seconds per picture beside diffusers, pictures per minute over HTTP, memory.

    python benchmarks/images.py                  # the engine and the service alone
    python benchmarks/images.py --diffusers      # and diffusers, on the same weights

The weights that diffusers draws with are written from those that are served; it needs the
``training`` extra. Each side runs in a process of its own; they are measured in one run, turn by
turn, and the medians are printed as a Markdown table; start and memory are measured once. The
service is reached as a learner reaches it: gateway, token, replica.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import aiohttp
from common import Figure, at_once, comparison, local_service, markdown, resident_mb

from local_endpoints.repositories import REPOSITORIES

REPOSITORY_ID = "stabilityai/stable-diffusion-xl-base-1.0"
PROMPT = "A llama in a red sweater in front of a rustic wooden wall"
NEGATIVE_PROMPT = "a hat"
GUIDANCE_SCALE = 8.0
THREADS = min(2, os.cpu_count() or 1)
"""Of both sides; the engine takes as many by itself."""


@dataclass
class Side:
    """One way of drawing, in a process of its own.

    Attributes:
        start_seconds: from starting the process to its first picture.
        seconds: per picture, one value per repeat.
        megabytes: resident memory after the last picture.
    """

    name: str
    process: BaseProcess
    orders: Connection
    start_seconds: float = 0.0
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    def draw(self, seed: int, steps: int) -> float:
        """Seconds that one picture took."""
        self.orders.send((seed, steps))
        return float(self.orders.recv())


def engine_worker(orders: Connection, folder: str) -> None:
    """Draw with this project's engine until there are no more orders."""
    from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
    from local_endpoints.engine.diffusion.request import ImageRequest

    pipeline = DiffusionPipeline(Path(folder), threads=THREADS)

    def draw(seed: int, steps: int) -> None:
        pipeline.generate(
            [
                ImageRequest(
                    PROMPT,
                    negative_prompt=NEGATIVE_PROMPT,
                    num_inference_steps=steps,
                    guidance_scale=GUIDANCE_SCALE,
                    seed=seed,
                )
            ]
        )

    answer(orders, draw)


def diffusers_worker(orders: Connection, folder: str) -> None:
    """Draw with diffusers until there are no more orders."""
    import torch
    from diffusers import StableDiffusionXLPipeline

    torch.set_num_threads(THREADS)
    pipeline: Any = StableDiffusionXLPipeline.from_pretrained(folder, add_watermarker=False)
    pipeline.set_progress_bar_config(disable=True)

    def draw(seed: int, steps: int) -> None:
        pipeline(
            PROMPT,
            negative_prompt=NEGATIVE_PROMPT,
            num_inference_steps=steps,
            guidance_scale=GUIDANCE_SCALE,
            generator=torch.Generator().manual_seed(seed),
        )

    answer(orders, draw)


def write_pipeline(folder: Path) -> None:
    """The served weights for diffusers, written by a process that does not count."""
    served = REPOSITORIES[REPOSITORY_ID].path
    command = [sys.executable, "-m", "training.sdxl.served", "--served", str(served)]
    root = Path(__file__).parents[1]
    subprocess.run([*command, "--out", str(folder), "--whole"], check=True, cwd=root)


def answer(orders: Connection, draw: Any) -> None:
    """Time every order; the pipe's end is the end."""
    with contextlib.suppress(EOFError):
        while True:
            seed, steps = orders.recv()
            start = time.perf_counter()
            draw(seed, steps)
            orders.send(time.perf_counter() - start)


@contextlib.contextmanager
def running(name: str, worker: Any, folder: Path, steps: int) -> Iterator[Side]:
    """A side that has drawn its first picture."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    start = time.perf_counter()
    process = context.Process(target=worker, args=(theirs, str(folder)), daemon=True)
    process.start()
    theirs.close()
    side = Side(name, process, ours)
    try:
        side.draw(0, steps)
        side.start_seconds = time.perf_counter() - start
        yield side
    finally:
        ours.close()
        process.join(10)


async def pictures_per_minute(
    url: str, headers: dict[str, str], *, waiting: int, rounds: int, steps: int
) -> float:
    """Pictures per minute when so many clients ask at once, each several times in a row."""

    async def client(session: aiohttp.ClientSession, number: int) -> None:
        for turn in range(rounds):
            body = {
                "inputs": PROMPT,
                "parameters": {
                    "negative_prompt": NEGATIVE_PROMPT,
                    "num_inference_steps": steps,
                    "guidance_scale": GUIDANCE_SCALE,
                    "seed": rounds * number + turn,
                },
            }
            async with session.post(url, json=body, headers=headers) as response:
                response.raise_for_status()
                assert (await response.read()).startswith(b"\x89PNG")

    seconds, _ = await at_once(waiting, client)
    return 60 * waiting * rounds / seconds


def measure_sides(options: argparse.Namespace) -> list[Side]:
    """Draw in turn with every side."""
    with contextlib.ExitStack() as stack:
        engine = running("engine", engine_worker, REPOSITORIES[REPOSITORY_ID].path, options.steps)
        sides = [stack.enter_context(engine)]
        if options.diffusers:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            write_pipeline(folder)
            peer = running("diffusers", diffusers_worker, folder, options.steps)
            sides.append(stack.enter_context(peer))
        for repeat in range(options.repeats):
            for side in sides:
                side.seconds.append(side.draw(repeat + 1, options.steps))
        for side in sides:
            side.megabytes = resident_mb(side.process.pid or 0)
        return sides


def table(sides: list[Side], steps: int) -> str:
    """Medians as a Markdown table, with the ratio of the two sides."""
    medians = [statistics.median(side.seconds) for side in sides]
    figures = [
        Figure(f"s per picture, {steps} steps with guidance", medians, digits=3),
        Figure(
            "process start to first picture, s (once)",
            [side.start_seconds for side in sides],
            digits=2,
        ),
        Figure("resident memory, MB (once)", [side.megabytes for side in sides], digits=0),
    ]
    return comparison([side.name for side in sides], figures)


def measure_service(options: argparse.Namespace) -> str:
    """Pictures per minute over HTTP as a Markdown table."""
    rates: dict[int, list[float]] = {waiting: [] for waiting in options.waiting}
    with local_service(REPOSITORY_ID, task="text-to-image") as service:
        headers = {"Authorization": f"Bearer {service.token}", "Accept": "image/png"}
        for _ in range(options.repeats):
            for waiting in options.waiting:
                rate = pictures_per_minute(
                    service.url,
                    headers,
                    waiting=waiting,
                    rounds=options.rounds,
                    steps=options.steps,
                )
                rates[waiting].append(asyncio.run(rate))
        megabytes = resident_mb(service.pid)
    rows = [["requests at once", "pictures per minute"]]
    rows += [[str(count), f"{statistics.median(rate):.1f}"] for count, rate in rates.items()]
    return f"{markdown(rows)}\n\nService and replica: {megabytes:.0f} MB resident."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diffusers", action="store_true", help="draw with diffusers, too")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--waiting", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--rounds", type=int, default=2, help="pictures per client and repeat")
    options = parser.parse_args()
    if REPOSITORY_ID not in REPOSITORIES:
        raise SystemExit(f"no pocket model of {REPOSITORY_ID} is installed")
    print(table(measure_sides(options), options.steps))
    print()
    print(measure_service(options))


if __name__ == "__main__":
    main()
