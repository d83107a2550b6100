"""What the trainings share: workers, bf16 work over float32 weights, checkpoints."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import distributed, multiprocessing

from training.schedule import Schedule

Given = TypeVar("Given")
"""What a worker is told beside its place: something typed that can be pickled."""


@dataclass(frozen=True)
class Worker:
    """One of the processes that share a training, each with one thread.

    On two cores, two such workers made twice as many pictures per second as one process with two
    threads: the layers are too small to be split.
    """

    rank: int
    count: int

    def numbers(self, step: int, batch: int) -> range:
        """This worker's numbers in a step, of a series that all workers walk along together."""
        first = (step * self.count + self.rank) * batch
        return range(first, first + batch)


def in_parallel(work: Callable[[Worker, Given], None], given: Given, *, workers: int) -> None:
    """Call ``work(worker, given)`` in that many processes whose gradients are averaged.

    ``work`` must be a function of a module; an exception in one process ends all. A single worker
    runs in this process.
    """
    if workers == 1:
        torch.set_num_threads(1)
        work(Worker(0, 1), given)
        return
    with tempfile.TemporaryDirectory() as folder:
        meeting = (Path(folder) / "meeting").as_uri()
        multiprocessing.spawn(_enter, (workers, meeting, work, given), nprocs=workers)


def _enter(
    rank: int, workers: int, meeting: str, work: Callable[[Worker, Given], None], given: Given
) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=workers)
    try:
        work(Worker(rank, workers), given)
    finally:
        distributed.destroy_process_group()


PLANNED_AFTER = 50
"""Steps after which the speed is believed."""
PLAN_SHARE = 0.6
"""Share of the steps after which their number stays as it is."""


class Loop:
    """Trains models in bf16 while their weights live in float32.

    Args:
        worker: which of the processes this is; only the first one logs and saves.
        models: trained together, on the device where they are; each is cast to bf16 in place and
            serves as the working copy.
        schedule: rates and number of steps.
        out: folder for ``checkpoint.pt``, ``stable.pt`` (before the decay) and ``log.jsonl``.
        average: share of the old moving average that a step keeps.
        resume: name of a checkpoint in ``out`` to continue from; see ``restore``.
        ends: time of ``clock`` by which the run is over: the number of steps follows from their
            speed, so that the rate has fallen to its end by then. For one worker alone.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        models: dict[str, torch.nn.Module],
        *,
        worker: Worker,
        schedule: Schedule,
        out: Path,
        average: float,
        weight_decay: float = 0.01,
        save_every: int = 500,
        resume: str | None = None,
        ends: float | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if ends is not None and worker.count > 1:
            raise ValueError("Several workers must agree on the number of steps: give steps.")
        self.worker = worker
        self.ends, self._clock = ends, clock
        self.schedule = schedule
        self.out = out
        self.keep = average
        self.save_every = save_every
        named = {
            f"{label}.{name}": parameter
            for label, model in models.items()
            for name, parameter in model.named_parameters()
        }
        self.master = {
            name: torch.nn.Parameter(parameter.detach().float().clone())
            for name, parameter in named.items()
        }
        self.average = {name: value.detach().clone() for name, value in self.master.items()}
        for model in models.values():
            model.to(torch.bfloat16)
        self._working = [parameter for model in models.values() for parameter in model.parameters()]
        self._masters = list(self.master.values())
        self._gradients = torch.zeros(
            sum(master.numel() for master in self._masters), device=self._masters[0].device
        )
        sizes = [master.numel() for master in self._masters]
        for master, part in zip(self._masters, self._gradients.split(sizes), strict=True):
            master.grad = part.view_as(master)
        self.optimizer = torch.optim.AdamW(
            self._masters,
            lr=schedule.peak,
            weight_decay=weight_decay,
            betas=(0.9, 0.99),
            fused=True,
        )
        self.step = 0
        self.seconds = 0.0
        if resume:
            self.restore(resume)

    def learn(self, loss: torch.Tensor) -> None:
        """Back-propagate, average the gradients of all workers and take one step."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(self.step)
        loss.backward()
        self._collect()
        if self.worker.count > 1:
            distributed.all_reduce(self._gradients)
            self._gradients /= self.worker.count
        # Clipped without asking for the norm, so that a GPU need not be waited for.
        self._gradients *= self._gradients.norm().clamp(min=1.0).reciprocal()
        self.optimizer.step()
        self.step += 1
        keep = min(self.keep, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_copy_(self._working, self._masters)
            torch._foreach_lerp_(list(self.average.values()), self._masters, 1 - keep)

    def _collect(self) -> None:
        """Move the gradients from the working copies to the float32 weights."""
        self._gradients.zero_()
        pairs = [
            (master.grad, working.grad)
            for master, working in zip(self._masters, self._working, strict=True)
            if working.grad is not None
        ]
        torch._foreach_copy_([wide for wide, _ in pairs], [narrow for _, narrow in pairs])
        for working in self._working:
            working.grad = None

    def run(self, losses: Callable[[int], torch.Tensor], *, every: int = 100) -> None:
        """Train up to the schedule's end, calling ``losses`` with the step for each loss."""
        seen: list[torch.Tensor] = []
        first, started = self.step, self._clock()
        noted = started
        while self.step < self.schedule.steps:
            if self.ends is not None and self._clock() > self.ends:
                break
            loss = losses(self.step)
            self.learn(loss)
            seen.append(loss.detach())
            if self.step % every == 0 or self.step == self.schedule.steps:
                mean = float(torch.stack(seen).mean())
                now = self._clock()
                self.seconds += now - noted
                noted = now
                self.log(
                    step=self.step,
                    steps=self.schedule.steps,
                    loss=round(mean, 5),
                    rate=round(self.schedule.rate(self.step), 7),
                    seconds=round(self.seconds, 1),
                )
                seen = []
                if self.step - first >= PLANNED_AFTER:
                    self._plan((now - started) / (self.step - first), now)
            if self.step % self.save_every == 0:
                self.save()
        self.save()

    def _plan(self, seconds_per_step: float, now: float) -> None:
        """Fit the number of steps to the time that is left."""
        if self.ends is None or self.step > PLAN_SHARE * self.schedule.steps:
            return
        left = int((self.ends - now) / seconds_per_step)
        self.schedule = dataclasses.replace(self.schedule, steps=self.step + max(1, left))

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The models hold the averaged weights inside the block."""
        with torch.no_grad():
            torch._foreach_copy_(self._working, list(self.average.values()))
        try:
            yield
        finally:
            with torch.no_grad():
                torch._foreach_copy_(self._working, self._masters)

    def averages_of(self, label: str) -> dict[str, torch.Tensor]:
        """The averaged float32 weights of one model, by its own parameter names."""
        prefix = f"{label}."
        return {
            name.removeprefix(prefix): value
            for name, value in self.average.items()
            if name.startswith(prefix)
        }

    def save(self) -> None:
        """Write the checkpoint in one move (the first worker does)."""
        if self.worker.rank:
            return
        self.out.mkdir(parents=True, exist_ok=True)
        state = {
            "master": {name: value.detach() for name, value in self.master.items()},
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        stable = self.step <= self.schedule.decay_from * self.schedule.steps
        for name in ("checkpoint.pt", "stable.pt") if stable else ("checkpoint.pt",):
            temporary = self.out / f"{name}.tmp"
            torch.save(state, temporary)
            os.replace(temporary, self.out / name)

    def restore(self, name: str = "checkpoint.pt") -> None:
        """Continue from a checkpoint. Raises ``FileNotFoundError`` when there is none."""
        state = torch.load(self.out / name, weights_only=True, map_location=self._gradients.device)
        with torch.no_grad():
            for key, value in self.master.items():
                value.copy_(state["master"][key])
            torch._foreach_copy_(self._working, self._masters)
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]

    def log(self, **entry: Any) -> None:
        """One line of JSON in ``log.jsonl`` and on standard output (the first worker does)."""
        if self.worker.rank:
            return
        self.out.mkdir(parents=True, exist_ok=True)
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)
