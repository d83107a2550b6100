"""What the trainings learn from, by step and as plain data.

No torch: processes that draw ahead of a training start fast.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from local_endpoints.repositories import MODELS_DIR
from training.sdxl.pictures import drawn, scene_at, training_scene
from training.sdxl.tokenizer import END, MAX_LENGTH
from training.world import scene as world
from training.world.prompts import Prompt
from training.world.prompts_asked import asked_for

SHIPPED_TOKENIZER = MODELS_DIR / "sdxl" / "tokenizer.json"
YES_NO = ("yes", "no")
VALUES: dict[str, tuple[str, ...]] = {
    "animal": (*world.ANIMALS, world.NOTHING),
    "background": world.BACKGROUNDS,
    "clothing": (*world.CLOTHING, world.NOTHING),
    "clothing_color": world.COLORS,
    "hat": (*world.HATS, world.NOTHING),
    "hat_color": world.COLORS,
    "held": (*world.HELD, world.NOTHING),
    "held_color": world.COLORS,
    "glasses": YES_NO,
    "flowers": YES_NO,
    "treats": YES_NO,
    "tea": YES_NO,
}
UNSAID = 0
"""The class of an attribute that the prompt does not mention; its values count from 1."""
EMPTY_PROMPT_SHARE = 0.1
"""Share of pictures of animals shown without their prompt: what guidance steers away from. An
empty prompt never shows an empty place, so that guidance leads there with all its weight."""
UNKNOWN_SHARE, MISSPELT_SHARE = 0.25, 0.2
"""Shares of what text encoders find hardest, among the prompts that they learn from."""

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Share:
    """One worker's share of a series that all workers walk along together.

    Attributes:
        seed: of the series.
        batch: examples per step.
        rank: which worker it is.
        count: how many there are.
    """

    seed: int
    batch: int
    rank: int = 0
    count: int = 1

    def numbers(self, step: int) -> range:
        """The numbers of a step."""
        first = (step * self.count + self.rank) * self.batch
        return range(first, first + self.batch)


@dataclass(frozen=True, kw_only=True)
class Pictures(Share):
    """Drawn scenes.

    Attributes:
        lessons: see ``scene_at``.
        end: number of the series' first scene that is not drawn; by default it has no end.
    """

    lessons: bool = False
    end: int | None = None


def pictures(given: Pictures, step: int) -> npt.NDArray[np.uint8]:
    """The pictures of a step: bytes ``[n, 128, 128, 3]``."""
    numbers = given.numbers(step)
    if given.end is not None:
        # Processes that draw ahead come to steps that nobody asks for.
        first = min(numbers.start, given.end - 1)
        numbers = range(first, max(first + 1, min(numbers.stop, given.end)))
    return drawn(scene_at(number, seed=given.seed, lessons=given.lessons) for number in numbers)


@dataclass(frozen=True, kw_only=True)
class Prompts(Share):
    """Prompts with what they say; ``tokenizer`` is a file."""

    tokenizer: Path


def prompts(given: Prompts, step: int) -> tuple[Integers, Integers]:
    """The prompts of a step: ids ``[n, 77]`` and what they say, see ``classes_of``."""
    found = [prompt_at(number, seed=given.seed) for number in given.numbers(step)]
    return ids_of(given.tokenizer, [prompt.text for prompt in found]), classes_of(found)


@dataclass(frozen=True, kw_only=True)
class Pairs(Share):
    """Stored pictures with fresh prompts.

    Attributes:
        scenes: seed of the stored pictures' scenes.
        stored: how many there are.
        tokenizer: a file.
    """

    scenes: int
    stored: int
    tokenizer: Path


def pairs(given: Pairs, step: int) -> tuple[Integers, Integers, int]:
    """The pictures' numbers ``[n]``, their prompts' ids ``[n, 77]``, and a seed for noise."""
    rng = random.Random(f"{given.seed}/{step}/{given.rank}")
    noise = rng.getrandbits(63)
    numbers = [rng.randrange(given.stored) for _ in range(given.batch)]
    texts = []
    for number in numbers:
        scene = scene_at(number, seed=given.scenes, lessons=True)
        hidden = scene.animal != world.NOTHING and rng.random() < EMPTY_PROMPT_SHARE
        texts.append("" if hidden else asked_for(scene, rng).text)
    return np.array(numbers, np.int64), ids_of(given.tokenizer, texts), noise


def prompt_at(number: int, *, seed: int) -> Prompt:
    """The training prompt of that number for text encoders."""
    rng = random.Random(f"{seed}/{number}")
    scene = training_scene(rng, empty_share=UNKNOWN_SHARE)
    return asked_for(scene, rng, misspelt_share=MISSPELT_SHARE)


def classes_of(prompts: Sequence[Prompt]) -> Integers:
    """Class numbers ``[n, attributes]``."""
    return np.array(
        [
            [
                values.index(prompt.said[name]) + 1 if name in prompt.said else UNSAID
                for name, values in VALUES.items()
            ]
            for prompt in prompts
        ],
        np.int64,
    )


@cache
def open_tokenizer(path: Path = SHIPPED_TOKENIZER) -> Tokenizer:
    """The CLIP tokenizer, set to give exactly 77 ids."""
    tokenizer = Tokenizer.from_file(str(path))
    end = tokenizer.token_to_id(END)
    tokenizer.enable_truncation(MAX_LENGTH)
    tokenizer.enable_padding(length=MAX_LENGTH, pad_id=end, pad_token=END)
    return tokenizer


def ids_of(tokenizer: Path, texts: Sequence[str]) -> Integers:
    """Ids ``[n, 77]`` of some prompts."""
    opened = open_tokenizer(tokenizer)
    return np.array([opened.encode(text).ids for text in texts], np.int64)
