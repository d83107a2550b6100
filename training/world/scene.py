"""What can be in a picture of the pocket world, and how often."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, replace

NOTHING = "nothing"
ANIMALS = ("llama", "fox", "cat", "penguin", "bear", "owl", "rabbit", "frog")
BACKGROUNDS = ("rustic wood", "starry night", "field", "snow", "beach", "sky")
COLORS = ("red", "blue", "green", "yellow", "purple", "orange", "pink", "white")
CLOTHING = ("sweater", "scarf", "bow tie")
HATS = ("top hat", "party hat", "beanie", "straw hat")
HELD = ("cookbook", "cup of tea", "flower", "balloon", "laptop")
COLORED_HATS = ("top hat", "party hat", "beanie")
COLORED_HELD = ("flower", "balloon")
HELD_OUT_SHARE = 20
"""One in so many combinations of animal, clothing, its colour and the held object is never used
in training."""


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        animal, background: one of ``ANIMALS`` (or ``NOTHING``: a place where nobody is), one of
            ``BACKGROUNDS``.
        clothing, hat, held: one of ``CLOTHING``, ``HATS``, ``HELD``, or ``NOTHING``.
        clothing_color, hat_color, held_color: one of ``COLORS``; empty where there is nothing to
            colour (a straw hat is straw-coloured, a laptop is grey).
        glasses: round spectacles on the nose.
        flowers: flowers grow on the ground.
        treats: baked treats lie on the ground.
        tea: a cup of tea stands on the ground (never when the animal holds one).
        seed: everything the words do not say: place, size, tint, mood, stars, waves.
    """

    animal: str
    background: str
    clothing: str = NOTHING
    clothing_color: str = ""
    hat: str = NOTHING
    hat_color: str = ""
    held: str = NOTHING
    held_color: str = ""
    glasses: bool = False
    flowers: bool = False
    treats: bool = False
    tea: bool = False
    seed: int = 0

    @property
    def held_out(self) -> bool:
        """Whether the combination belongs to evaluation, the same on every machine."""
        combination = "|".join((self.animal, self.clothing, self.clothing_color, self.held))
        return zlib.crc32(combination.encode()) % HELD_OUT_SHARE == 0


def sample_scene(rng: random.Random) -> Scene:
    """Draw a scene; every combination of attributes is possible."""
    clothing = _one_or_nothing(rng, CLOTHING, chance=0.8)
    hat = _one_or_nothing(rng, HATS, chance=0.5)
    held = _one_or_nothing(rng, HELD, chance=0.75)
    return Scene(
        animal=rng.choice(ANIMALS),
        background=rng.choice(BACKGROUNDS),
        clothing=clothing,
        clothing_color=rng.choice(COLORS) if clothing != NOTHING else "",
        hat=hat,
        hat_color=rng.choice(COLORS) if hat in COLORED_HATS else "",
        held=held,
        held_color=rng.choice(COLORS) if held in COLORED_HELD else "",
        glasses=rng.random() < 0.25,
        flowers=rng.random() < 0.3,
        treats=rng.random() < 0.25,
        tea=held != "cup of tea" and rng.random() < 0.2,
        seed=rng.getrandbits(32),
    )


def sample_training_scene(rng: random.Random) -> Scene:
    """Draw a scene whose combination is not held out."""
    while (scene := sample_scene(rng)).held_out:
        pass
    return scene


def sample_lesson_scene(rng: random.Random) -> Scene:
    """Draw a scene like the one that the course's own prompt describes, never a held-out one.

    A dressed animal, mostly a llama, with flowers, treats and tea around it: all of that together
    comes about once in 10,000 scenes of ``sample_scene``.
    """
    while (scene := _like_the_lesson(sample_scene(rng), rng)).held_out:
        pass
    return scene


def sample_empty_scene(rng: random.Random) -> Scene:
    """Draw a place where nobody is, sometimes with something on the ground."""
    return Scene(
        animal=NOTHING,
        background=rng.choice(BACKGROUNDS),
        flowers=rng.random() < 0.1,
        treats=rng.random() < 0.1,
        tea=rng.random() < 0.1,
        seed=rng.getrandbits(32),
    )


def _like_the_lesson(scene: Scene, rng: random.Random) -> Scene:
    hat = rng.choice(HATS)
    usual = rng.random() < 0.6
    held = "cookbook" if usual else rng.choice(HELD)
    return replace(
        scene,
        animal="llama" if usual else scene.animal,
        background="rustic wood" if usual else scene.background,
        clothing=rng.choice(CLOTHING),
        clothing_color=rng.choice(COLORS),
        hat=hat,
        hat_color=rng.choice(COLORS) if hat in COLORED_HATS else "",
        held=held,
        held_color=rng.choice(COLORS) if held in COLORED_HELD else "",
        flowers=True,
        treats=True,
        tea=held != "cup of tea",
    )


def sample_held_out_scene(rng: random.Random) -> Scene:
    """Draw a scene whose combination no training has seen."""
    while not (scene := sample_scene(rng)).held_out:
        pass
    return scene


def held_out_scenes(count: int, *, seed: int) -> list[Scene]:
    """Scenes that no training has seen, the same on every machine."""
    rng = random.Random(seed)
    return [sample_held_out_scene(rng) for _ in range(count)]


def _one_or_nothing(rng: random.Random, values: tuple[str, ...], *, chance: float) -> str:
    return rng.choice(values) if rng.random() < chance else NOTHING
