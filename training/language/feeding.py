"""Processes that draw, encode and batch chats while a training runs."""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from queue import Empty

from tokenizers import Tokenizer

from training.language.encoding import Batch, Batcher, Encoder
from training.language.mixture import Source, Task
from training.language.templates import Template

_CHUNK = 512
"""Chats that are encoded together."""


@dataclass(frozen=True)
class Diet:
    """What a model is fed with.

    Attributes:
        shares: of the tasks.
        me: the model's own name.
        template: how a chat is written out.
        tokenizer: its JSON.
        pad: the token that fills rows up.
        budget: tokens per batch, padding included.
        seed: of everything that is drawn.
        on_poems: whether the model is measured on poems, see `Source`.
    """

    shares: dict[Task, float]
    me: str
    template: Template
    tokenizer: str
    pad: int
    budget: int
    seed: int
    on_poems: bool = True

    def batches(self, worker: int = 0) -> Iterator[Batch]:
        """Batches without end; every worker has chats of its own, the same in every run."""
        seed = self.seed * 1_000_003 + worker
        source = iter(Source(self.shares, me=self.me, seed=seed, on_poems=self.on_poems))
        encoder = Encoder(Tokenizer.from_str(self.tokenizer), self.template, seed=seed)
        batcher = Batcher(budget=self.budget, pad=self.pad)
        while True:
            for row in encoder.encode(list(islice(source, _CHUNK))):
                yield from batcher.add(row)


def _work(diet: Diet, worker: int, queue: mp.Queue[Batch]) -> None:
    for batch in diet.batches(worker):
        queue.put(batch)


class Feed:
    """Batches from several processes, or from this one where ``workers`` is 0.

    With more than one worker the order of batches depends on their speed.
    """

    def __init__(self, diet: Diet, *, workers: int) -> None:
        self._diet = diet
        context = mp.get_context("spawn")
        self._queue: mp.Queue[Batch] = context.Queue(maxsize=max(8, workers * 4))
        self._workers = [
            context.Process(target=_work, args=(diet, index, self._queue), daemon=True)
            for index in range(workers)
        ]
        for process in self._workers:
            process.start()

    def __iter__(self) -> Iterator[Batch]:
        if not self._workers:
            yield from self._diet.batches()
        while True:
            try:
                yield self._queue.get(timeout=120)
            except Empty:
                raise RuntimeError(
                    "no batch came for two minutes: have the workers died?"
                ) from None

    def close(self) -> None:
        """End the workers."""
        for process in self._workers:
            process.terminate()
