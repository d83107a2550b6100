"""Processes that draw examples while a training learns from earlier ones."""

from __future__ import annotations

import multiprocessing as mp
import pickle
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from queue import Empty
from typing import Generic, TypeVar

Given = TypeVar("Given")
Drawn = TypeVar("Drawn")
AHEAD = 4
"""Steps that each process draws ahead."""
PATIENCE = 5.0
"""Seconds between two looks whether the process still lives."""


class Feed(Generic[Given, Drawn]):
    """What ``draw(given, step)`` returns, step after step, the same for any number of processes.

    Args:
        draw: a function of a module.
        given: what it is told beside the step; it goes to the processes once.
        feeders: how many processes draw; with 0 it happens in this one, when asked for.
        first: the step that is asked for first. Steps follow each other without a gap.
    """

    def __init__(
        self,
        draw: Callable[[Given, int], Drawn],
        given: Given,
        *,
        feeders: int = 0,
        first: int = 0,
    ) -> None:
        self._draw, self._given, self._first = draw, given, first
        context = mp.get_context("spawn")
        # As bytes: tensors would be shared through files, of which there are only so many.
        self._queues: list[mp.Queue[bytes]] = [context.Queue(AHEAD) for _ in range(feeders)]
        self._processes: list[BaseProcess] = [
            context.Process(
                target=_feed, args=(queue, draw, given, first + number, feeders), daemon=True
            )
            for number, queue in enumerate(self._queues)
        ]
        for process in self._processes:
            process.start()

    def __call__(self, step: int) -> Drawn:
        """What is learned from in this step.

        Raises:
            RuntimeError: the process that should draw it has died.
        """
        if not self._processes:
            return self._draw(self._given, step)
        number = (step - self._first) % len(self._processes)
        while True:
            try:
                drawn: Drawn = pickle.loads(self._queues[number].get(timeout=PATIENCE))
                return drawn
            except Empty:
                if not self._processes[number].is_alive():
                    raise RuntimeError(
                        f"The process that draws step {step} has died; its message is above."
                    ) from None

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()


def _feed(
    queue: mp.Queue[bytes],
    draw: Callable[[Given, int], Drawn],
    given: Given,
    first: int,
    stride: int,
) -> None:
    step = first
    while True:
        queue.put(pickle.dumps(draw(given, step), protocol=5))
        step += stride
