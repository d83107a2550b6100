"""Exchanges drawn once for all tests of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

from tests.training.idefics2.truth import sampled_values
from training.idefics2.pictures import values_of
from training.idefics2.questions.mixture import meant_about
from training.idefics2.questions.phrases import NO_TELLING, NOT_MY_WORLD, NOT_SEEN, WHO, Exchange
from training.idefics2.questions.several import exchange_about_several
from training.world.scene import Scene

COUNT = 6000
SAYS_NOTHING = (NO_TELLING, NOT_MY_WORLD, NOT_SEEN, WHO)
FOX = Scene("fox", "snow", clothing="scarf", clothing_color="red", hat="straw hat", held="balloon",
            held_color="orange", glasses=True, tea=True, flowers=True)  # fmt: skip
BARE = Scene("owl", "starry night")


@cache
def drawn() -> list[tuple[dict[str, str], Exchange]]:
    """Pictures of every kind, each with a question, as it was meant, and its answer."""
    rng = random.Random(17)
    pictures = [sampled_values(rng) for _ in range(COUNT)]
    return [(values, meant_about(values, rng)) for values in pictures]


def about_pictures() -> Iterator[tuple[dict[str, str], Exchange]]:
    """Those that say something about the picture."""
    return ((values, each) for values, each in drawn() if each.answer not in SAYS_NOTHING)


@cache
def asked(scene: Scene) -> set[tuple[str, str]]:
    """What is asked about one scene, and what is said about it."""
    rng = random.Random(6)
    exchanges = (meant_about(values_of(scene), rng) for _ in range(4000))
    return {(each.question.lower(), each.answer) for each in exchanges
            if each.answer not in SAYS_NOTHING}  # fmt: skip


def several(count: int = 3000) -> Iterator[tuple[list[dict[str, str]], Exchange | None]]:
    """Two or three pictures each with a question about all."""
    rng = random.Random(9)
    for _ in range(count):
        pictures = [sampled_values(rng) for _ in range(rng.choice((2, 3)))]
        if rng.random() < 0.2:
            pictures = [{**pictures[0]} for _ in pictures]
        yield pictures, exchange_about_several(pictures, rng)
