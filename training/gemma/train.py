"""Trains the pocket Gemma from scratch on generated chats.

``python -m training.gemma.train --out DIR [--steps N] [--resume]``

Everything is repeatable from the seed and scheduled by step, never by wall time. ``DIR`` receives
``checkpoint.pt`` (to resume), ``log.jsonl`` (one line per 50 steps) and ``latest/`` (the moving
average of the weights in the format of transformers, with the tokenizer).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import GemmaForCausalLM

from local_endpoints.repositories import MODELS_DIR
from training.gemma import model as pocket
from training.gemma.batches import Batch, stream

SHIPPED_TOKENIZER = MODELS_DIR / "gemma" / "tokenizer.json"


@dataclass(frozen=True)
class Recipe:
    """What a training run is made of. Rates are per step."""

    steps: int = 7600
    budget: int = 6144
    """Tokens per batch, padding included."""
    peak_rate: float = 2e-3
    final_rate: float = 2e-5
    warm_up: int = 200
    weight_decay: float = 0.05
    clip: float = 1.0
    average: float = 0.998
    """Share of the old moving average that a step keeps."""
    seed: int = 7
    layers: int = 4
    width: int = 256
    save_every: int = 250

    def rate(self, step: int) -> float:
        """The learning rate of a step: linear warm-up, then a half cosine."""
        if step < self.warm_up:
            return self.peak_rate * (step + 1) / self.warm_up
        done = min(1.0, (step - self.warm_up) / max(1, self.steps - self.warm_up))
        span = self.peak_rate - self.final_rate
        return self.final_rate + span * 0.5 * (1 + math.cos(math.pi * done))


def loss_of(
    model: GemmaForCausalLM, inputs: torch.Tensor, positions: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    """Mean cross-entropy over the learned positions; logits are made for no other position."""
    hidden = model.model(input_ids=inputs, use_cache=False).last_hidden_state
    chosen = hidden.flatten(0, 1)[positions]
    logits = functional.linear(chosen, model.model.embed_tokens.weight)
    return functional.cross_entropy(logits.float(), targets)


class Trainer:
    """One run: model, optimiser, moving average and the place in the data."""

    def __init__(
        self, recipe: Recipe, *, tokenizer: Tokenizer, out: Path, compiled: bool = False
    ) -> None:
        self.recipe = recipe
        self.out = out
        self.tokenizer = tokenizer
        self.model = pocket.build(seed=recipe.seed, layers=recipe.layers, width=recipe.width)
        matrices = [p for p in self.model.parameters() if p.ndim > 1]
        vectors = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": recipe.weight_decay},
                {"params": vectors, "weight_decay": 0.0},
            ],
            lr=recipe.peak_rate,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.average = {name: p.detach().clone() for name, p in self.model.named_parameters()}
        self.loss_of = torch.compile(loss_of, dynamic=True) if compiled else loss_of
        self.step = 0
        self.tokens = 0
        self.seconds = 0.0
        self.place = (0, 0)

    def restore(self) -> None:
        """Continue from ``checkpoint.pt``. Raises ``FileNotFoundError`` when there is none."""
        state = torch.load(self.out / "checkpoint.pt", weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average = state["average"]
        self.step, self.tokens, self.seconds = state["step"], state["tokens"], state["seconds"]
        self.place = (state["place"][0], state["place"][1])

    def save(self) -> None:
        """Write ``checkpoint.pt`` and ``latest/``."""
        self.out.mkdir(parents=True, exist_ok=True)
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average,
            "step": self.step,
            "tokens": self.tokens,
            "seconds": self.seconds,
            "place": list(self.place),
        }
        temporary = self.out / "checkpoint.pt.tmp"
        torch.save(state, temporary)
        os.replace(temporary, self.out / "checkpoint.pt")
        pocket.save(self.model, self.tokenizer, self.out / "latest", weights=self.average)

    def learn(self, batch: Batch) -> float:
        """One step; returns its loss."""
        rate = self.recipe.rate(self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = self.loss_of(self.model, batch.inputs, batch.positions, batch.targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        keep = min(self.recipe.average, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self.average.values()), list(self.model.parameters()), 1 - keep
            )
        return float(loss.detach())

    def run(self) -> None:
        """Train up to the recipe's number of steps, saving on the way and at the end."""
        losses: list[float] = []
        started, tokens_before = time.perf_counter(), self.tokens
        batches = stream(
            self.tokenizer, seed=self.recipe.seed, budget=self.recipe.budget, start=self.place
        )
        for place, batch in batches:
            if self.step >= self.recipe.steps:
                break
            losses.append(self.learn(batch))
            self.place, self.tokens = place, self.tokens + batch.tokens
            if self.step % 50 == 0 or self.step == self.recipe.steps:
                now = time.perf_counter()
                self.seconds += now - started
                self._log(
                    step=self.step,
                    loss=round(sum(losses) / len(losses), 4),
                    rate=self.recipe.rate(self.step),
                    tokens=self.tokens,
                    seconds=round(self.seconds, 1),
                    tokens_per_second=round((self.tokens - tokens_before) / (now - started)),
                )
                losses, started, tokens_before = [], now, self.tokens
            if self.step % self.recipe.save_every == 0:
                self.save()
        self.save()

    def _log(self, **entry: Any) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the pocket Gemma from scratch.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    parser.add_argument("--resume", action="store_true", help="continue from DIR/checkpoint.pt")
    parser.add_argument(
        "--compile", action="store_true", help="torch.compile: needs a C++ compiler"
    )
    parser.add_argument(
        "--tokenizer",
        type=Path,
        default=SHIPPED_TOKENIZER,
        help="tokenizer.json to train with (default: the shipped one)",
    )
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    trainer = Trainer(
        Recipe(steps=arguments.steps),
        tokenizer=Tokenizer.from_file(str(arguments.tokenizer)),
        out=arguments.out,
        compiled=arguments.compile,
    )
    if arguments.resume:
        trainer.restore()
    trainer.run()


if __name__ == "__main__":
    main()
