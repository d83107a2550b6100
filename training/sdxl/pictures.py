"""Training scenes by number: the same number is the same scene on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from training.world.draw import draw
from training.world.scene import (
    COLORED_HATS,
    COLORS,
    NOTHING,
    Scene,
    sample_empty_scene,
    sample_lesson_scene,
    sample_scene,
    sample_training_scene,
)

EMPTY_SHARE = 0.12
"""Share of scenes without an animal: what prompts about unknown subjects show."""
BARE_SHARE = 0.08
"""Share of scenes whose animal wears and holds little or nothing: what lists of "no" show."""
HATTED_SHARE = 0.12
"""Share of scenes that are sure to have a colored hat: small, and harder to draw than the rest."""
LESSON_SHARE = 0.06
"""Share of scenes like that of the lesson's prompt, where they are wanted."""

Changed = Callable[[Scene, random.Random], Scene]


def scene_at(number: int, *, seed: int, lessons: bool = False) -> Scene:
    """The training scene of that number.

    Args:
        number: counted from 0.
        seed: of the series; each training has its own.
        lessons: whether some scenes are like that of the lesson's prompt.
    """
    rng = random.Random(f"{seed}/{number}")
    if lessons and rng.random() < LESSON_SHARE:
        return sample_lesson_scene(rng)
    return training_scene(rng)


def training_scene(rng: random.Random, *, empty_share: float = EMPTY_SHARE) -> Scene:
    """A scene with an animal, never a held-out one, or an empty one."""
    if rng.random() < empty_share:
        return sample_empty_scene(rng)
    draw = rng.random()
    if draw < BARE_SHARE:
        return _until_free(rng, _bared)
    if draw < BARE_SHARE + HATTED_SHARE:
        return _until_free(rng, _hatted)
    return sample_training_scene(rng)


def drawn(scenes: Iterable[Scene]) -> npt.NDArray[np.uint8]:
    """Drawn scenes: bytes ``[n, 128, 128, 3]``."""
    return np.stack([np.asarray(draw(scene)) for scene in scenes])


def _until_free(rng: random.Random, changed: Changed) -> Scene:
    while (scene := changed(sample_scene(rng), rng)).held_out:
        pass
    return scene


def _bared(scene: Scene, rng: random.Random) -> Scene:
    """With every thing on the animal taken away in four cases of five."""
    if rng.random() < 0.8:
        scene = replace(scene, clothing=NOTHING, clothing_color="")
    if rng.random() < 0.8:
        scene = replace(scene, hat=NOTHING, hat_color="")
    if rng.random() < 0.8:
        scene = replace(scene, held=NOTHING, held_color="")
    return scene


def _hatted(scene: Scene, rng: random.Random) -> Scene:
    return replace(scene, hat=rng.choice(COLORED_HATS), hat_color=rng.choice(COLORS))
