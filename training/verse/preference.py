"""Favorites: of several fitting wordings, a writer takes some more often than others.

Were all of them equally likely, a model that has learned them would vary as much at a low
temperature as at a high one. With favorites, a low temperature brings them out, and a higher one
the others as well.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeVar

Option = TypeVar("Option")

STEEPNESS = 0.45
"""The k-th favorite is chosen ``k ** -STEEPNESS`` times as often as the first."""


@cache
def _weights(count: int, first: int) -> tuple[float, ...]:
    return tuple(((index - first) % count + 1) ** -STEEPNESS for index in range(count))


def favored(rng: random.Random, options: Sequence[Option], *, first: int = 0) -> Option:
    """One of the options; the favorites are those from number ``first`` on, in their order."""
    return rng.choices(options, _weights(len(options), first % len(options)))[0]


def in_turn(rng: random.Random, options: Sequence[Option], *, first: int = 0) -> Iterator[Option]:
    """All options, each once, the favorites mostly early."""
    left = list(options)
    weights = list(_weights(len(left), first % len(left))) if left else []
    while left:
        index = rng.choices(range(len(left)), weights)[0]
        weights.pop(index)
        yield left.pop(index)
