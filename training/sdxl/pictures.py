"""Training pictures by number: the same number is the same scene on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterable

import numpy as np
import torch

from training.world.draw import draw
from training.world.scene import (
    Scene,
    sample_empty_scene,
    sample_lesson_scene,
    sample_training_scene,
)

EMPTY_SHARE = 0.08
"""Share of scenes without an animal: what prompts about unknown subjects show."""
LESSON_SCENES_FROM = 60_000
"""From this number on the UNet's scenes are like that of the lesson's prompt."""


def scene_at(number: int, *, seed: int, lesson_from: int | None = None) -> Scene:
    """The training scene of that number.

    Args:
        number: counted from 0.
        seed: of the series; each training has its own.
        lesson_from: from this number on the scene is like that of the lesson's prompt; by default
            none is.
    """
    rng = random.Random(f"{seed}/{number}")
    if lesson_from is not None and number >= lesson_from:
        return sample_lesson_scene(rng)
    return training_scene(rng)


def training_scene(rng: random.Random) -> Scene:
    """A scene with an animal, or an empty one."""
    return sample_empty_scene(rng) if rng.random() < EMPTY_SHARE else sample_training_scene(rng)


def pixels(scenes: Iterable[Scene]) -> torch.Tensor:
    """Drawn scenes as the autoencoder takes them: bf16 ``[n, 3, 128, 128]`` in [-1, 1]."""
    stacked = torch.from_numpy(np.stack([np.asarray(draw(scene)) for scene in scenes]))
    return (stacked.permute(0, 3, 1, 2).float() / 127.5 - 1).to(torch.bfloat16).contiguous()
