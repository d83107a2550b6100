"""The command line that both trainings share."""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import torch

from training.language.feeding import Diet, Feed
from training.language.loop import Recipe, Trainer
from training.language.model import Shape


def train(shape: Shape, diet: Callable[[Path | None], Diet], recipe: Recipe, *, what: str) -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=f"Train the {what} from scratch.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--steps", type=int, default=recipe.steps)
    parser.add_argument(
        "--seconds",
        type=float,
        help="fit the number of steps to a life of the process of this many seconds",
    )
    parser.add_argument("--start", type=Path, help="folder of weights to go on from")
    parser.add_argument("--rate", type=float, default=recipe.peak_rate, help="peak learning rate")
    parser.add_argument("--average", type=float, default=recipe.average)
    parser.add_argument("--warm-up", type=int, default=recipe.warm_up)
    parser.add_argument("--seed", type=int, default=recipe.seed)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw chats")
    parser.add_argument("--budget", type=int, default=8192, help="tokens per batch")
    parser.add_argument(
        "--together",
        type=int,
        default=recipe.together,
        help="batches per step: each has chats of one length, so small ones want company",
    )
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json (default: the shipped one)")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--compile",
        action="store_true",
        help="needs a compiler; a quarter faster on a processor, too",
    )
    parser.add_argument(
        "--bfloat16",
        action="store_true",
        help="products in bfloat16 on a processor, too: more than twice as fast with AVX512-BF16",
    )
    options = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    left = None
    if options.seconds is not None:
        left = options.seconds - (time.time() - psutil.Process().create_time())
    recipe = dataclasses.replace(
        recipe,
        steps=options.steps,
        seconds=left,
        together=options.together,
        peak_rate=options.rate,
        average=options.average,
        warm_up=options.warm_up,
        seed=options.seed,
    )
    food = dataclasses.replace(diet(options.tokenizer), budget=options.budget, seed=options.seed)
    feed = Feed(food, workers=options.workers)
    trainer = Trainer(
        shape,
        recipe,
        out=options.out,
        device=options.device,
        compiled=options.compile,
        halved=options.bfloat16,
    )
    if options.start:
        trainer.start_from(options.start)
    try:
        trainer.run(iter(feed))
    finally:
        feed.close()
