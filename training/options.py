"""What the command line of a training asks for, as one typed thing that goes to its processes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from training.schedule import Schedule

BORN = psutil.Process().create_time()
"""When this process began; imports and compiling count against a limit of seconds."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What every training that runs in a ``Loop`` is told. A training that needs more adds fields.

    Attributes:
        out: folder that receives checkpoints, log and result.
        steps: of the whole training, those before ``resume`` included.
        batch: examples per worker and step.
        peak: the highest learning rate.
        decay_from: share of the steps after which the rate decays.
        resume: name of a checkpoint in ``out`` to continue from.
        workers: processes of one thread each.
        device: ``cpu`` or ``cuda``; several workers share a processor, never a GPU.
        feeders: processes that draw examples ahead of the training; see ``Feed``.
        seconds: life of this process to which the number of steps is fitted.
    """

    out: Path
    steps: int
    batch: int
    peak: float
    decay_from: float
    resume: str | None = None
    workers: int = 2
    device: str = "cpu"
    feeders: int = 0
    seconds: float | None = None

    @property
    def ends(self) -> float | None:
        """When the training must be over, as ``time.time`` counts; None where steps decide."""
        return None if self.seconds is None else BORN + self.seconds

    def schedule(self, *, final: float, warm_up: int = Schedule.warm_up) -> Schedule:
        """The learning rates, ending at ``final``."""
        return Schedule(
            steps=self.steps,
            peak=self.peak,
            final=final,
            warm_up=warm_up,
            decay_from=self.decay_from,
        )


Told = TypeVar("Told", bound=Options)


def command(
    description: str, *, examples: str, steps: int, batch: int, peak: float, decay_from: float
) -> argparse.ArgumentParser:
    """A command line with an option for every field of ``Options``, and these defaults.

    Args:
        description: what the command does.
        examples: what a batch consists of: "pictures".
        steps, batch, peak, decay_from: see ``Options``.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch", type=int, default=batch, help=f"{examples} per worker and step")
    parser.add_argument("--peak", type=float, default=peak, help="the highest learning rate")
    parser.add_argument(
        "--decay-from",
        type=float,
        default=decay_from,
        help="share of the steps after which the rate decays",
    )
    parser.add_argument("--resume", metavar="FILE", help="checkpoint.pt or stable.pt in --out")
    parser.add_argument("--workers", type=int, default=Options.workers, help="processes")
    parser.add_argument("--device", default=Options.device, help="cpu or cuda")
    parser.add_argument("--feeders", type=int, default=Options.feeders, help="draw ahead")
    parser.add_argument("--seconds", type=float, help="fit the steps to a life so long")
    return parser


def told(
    parser: argparse.ArgumentParser, kind: type[Told], arguments: Sequence[str] | None = None
) -> Told:
    """What a command line says, those of this process by default.

    ``parser`` must have an option for every field of ``kind``, and no other.
    """
    return kind(**vars(parser.parse_args(arguments)))
