"""The training loop of the pocket language models, on a processor or a GPU."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.language.encoding import Batch
from training.language.forks import Fork, forks
from training.language.model import Decoder, Shape
from training.language.muon import Muon


@dataclass(frozen=True)
class Recipe:
    """How a run goes. Rates are per step.

    Attributes:
        steps: how many; with ``seconds``, only the first guess.
        seconds: time that the whole run may take; the number of steps follows from the speed.
        together: batches per step.
        peak_rate, final_rate: of Muon and Adam; half a cosine leads from one to the other.
        warm_up: steps of linear rise.
        average: share of the old moving average of the weights that a step keeps.
        save_every: seconds between checkpoints.
    """

    steps: int = 4000
    seconds: float | None = None
    together: int = 2
    peak_rate: float = 4e-3
    final_rate: float = 4e-5
    warm_up: int = 200
    weight_decay: float = 0.05
    clip: float = 1.0
    average: float = 0.995
    save_every: float = 60.0
    seed: int = 7

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of a step."""
        if step < self.warm_up:
            return self.peak_rate * (step + 1) / self.warm_up
        done = min(1.0, (step - self.warm_up) / max(1, steps - self.warm_up))
        span = self.peak_rate - self.final_rate
        return self.final_rate + span * 0.5 * (1 + math.cos(math.pi * done))


class Trainer:
    """One run: model, optimisers and moving average.

    Args:
        shape: of the model.
        recipe: of the run.
        out: folder of ``model.N.safetensors`` (the average, in half precision) and ``log.jsonl``.
        device: ``cpu`` or ``cuda``.
        compiled: compile the layers first; needs a compiler.
        halved: products in bfloat16, also on a processor.
    """

    def __init__(
        self,
        shape: Shape,
        recipe: Recipe,
        *,
        out: Path,
        device: str,
        compiled: bool = False,
        halved: bool = False,
    ) -> None:
        self.recipe, self.out, self.device = recipe, out, device
        self._halved = halved or device == "cuda"
        self.started = time.perf_counter()
        self.model = Decoder(shape, seed=recipe.seed).to(device)
        inner = list(self.model.model.layers.named_parameters())
        matrices = [p for _, p in inner if p.ndim > 1]
        chosen = {id(p) for p in matrices}
        others = [p for p in self.model.parameters() if id(p) not in chosen]
        self.muon = Muon(matrices, weight_decay=recipe.weight_decay, halved=self._halved)
        self.adam = torch.optim.AdamW(
            others, lr=recipe.peak_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True
        )
        self.average = {name: p.detach().clone() for name, p in self.model.named_parameters()}
        self.step, self.tokens, self.steps = 0, 0, recipe.steps
        out.mkdir(parents=True, exist_ok=True)
        if compiled:
            # A processor compiles for a minute; for every length anew it would take an hour.
            dynamic = None if device == "cuda" else True
            torch._dynamo.config.recompile_limit = 256
            for layer in self.model.model.layers:
                layer.compile(dynamic=dynamic)

    def start_from(self, folder: Path) -> None:
        """Begin with the weights of an earlier run.

        Raises:
            KeyError: the folder holds no weights of this shape.
        """
        stored: dict[str, Tensor] = {}
        for part in sorted(folder.glob("model*.safetensors")):
            stored |= load_file(part)
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(stored[name])
                self.average[name].copy_(stored[name])

    def learn(self, batches: list[Batch]) -> Tensor:
        """One step over several batches; returns the mean loss per learned token."""
        moved = [self._move(batch) for batch in batches]
        count = sum(len(targets) for _, _, targets, _ in moved)
        total = torch.zeros((), device=self.device)
        for tokens, positions, targets, parts in moved:
            with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self._halved):
                loss = self.model.loss(tokens, positions, targets, parts) / count
            loss.backward()
            total += loss.detach()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip)
        rate = self.recipe.rate(self.step, self.steps)
        for group in self.adam.param_groups:
            group["lr"] = rate
        self.muon.step(rate)
        self.adam.step()
        self.model.zero_grad(set_to_none=True)
        self.step += 1
        keep = min(self.recipe.average, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self.average.values()), list(self.model.parameters()), 1 - keep
            )
        return total

    def _move(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor, tuple[Fork, ...]]:
        """Tokens, flat places whose next token is learned, those next tokens, and forks."""
        tokens = torch.from_numpy(batch.inputs.astype("int64"))
        learned = torch.from_numpy(batch.learned)
        places = learned[:, 1:].nonzero()
        flat = places[:, 0] * tokens.shape[1] + places[:, 1]
        targets = tokens[:, 1:][learned[:, 1:]]
        self.tokens += int(batch.inputs.size)
        return (
            tokens.to(self.device, non_blocking=True),
            flat.to(self.device, non_blocking=True),
            targets.to(self.device, non_blocking=True),
            () if batch.branches is None else forks(batch.branches),
        )

    def run(self, batches: Iterator[Batch]) -> None:
        """Train to the end, saving on the way and at the end."""
        losses: list[Tensor] = []
        begun = time.perf_counter()
        marked, saved = (time.perf_counter(), self.step, self.tokens), time.perf_counter()
        while self.step < self.steps and not self._late():
            losses.append(self.learn([next(batches) for _ in range(self.recipe.together)]))
            if self.step % 50 == 0 or self.step in (1, 10, self.steps):
                loss = float(torch.stack(losses).mean())
                now = time.perf_counter()
                if self.step >= 100:
                    self._plan(self.step / (now - begun))
                self._log(
                    step=self.step,
                    steps=self.steps,
                    loss=round(loss, 4),
                    rate=self.recipe.rate(self.step, self.steps),
                    tokens=self.tokens,
                    seconds=round(now - self.started, 1),
                    tokens_per_second=round((self.tokens - marked[2]) / (now - marked[0])),
                )
                losses, marked = [], (now, self.step, self.tokens)
                if now - saved > self.recipe.save_every:
                    self.save()
                    saved = time.perf_counter()
        self.save()

    def _late(self) -> bool:
        limit = self.recipe.seconds
        return limit is not None and time.perf_counter() - self.started > limit

    def _plan(self, speed: float) -> None:
        """Fit the number of steps to the time: up to step 500, and until two thirds are done."""
        if self.recipe.seconds is None or (self.step > self.steps * 0.67 and self.step > 500):
            return
        left = self.recipe.seconds - (time.perf_counter() - self.started)
        self.steps = self.step + max(1, int(left * speed * 0.985))

    def save(self) -> None:
        """Write the moving average; an old file stays until the new one is whole."""
        # Half precision is what is shipped, and norms keep three digits.
        halves = {name: p.detach().half().cpu().contiguous() for name, p in self.average.items()}
        for number, part in enumerate(_parts(halves), start=1):
            temporary = self.out / "part.tmp"
            save_file(part, temporary, metadata={"format": "pt"})
            os.replace(temporary, self.out / f"model.{number}.safetensors")

    def _log(self, **entry: Any) -> None:
        line = json.dumps(entry)
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        print(self.out.name, line, flush=True)


def _parts(weights: dict[str, Tensor], *, limit: int = 12_000_000) -> list[dict[str, Tensor]]:
    """The weights in files of at most ``limit`` bytes, where no single one is larger."""
    parts: list[dict[str, Tensor]] = [{}]
    size = 0
    for name, tensor in weights.items():
        if parts[-1] and size + tensor.nbytes > limit:
            parts.append({})
            size = 0
        parts[-1][name] = tensor
        size += tensor.nbytes
    return parts
