"""In which order tests run, when several workers share them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def dealt(
    short: Sequence[Item], long: Sequence[Item], together: Sequence[Item], *, workers: int
) -> list[Item]:
    """All of them, so that every worker begins with long ones.

    With ``--dist worksteal`` each worker starts with a part of its own, and when it has done that,
    takes over the ends of others' parts. A long test that is begun last would go on alone.

    Args:
        short, long: tests of their own.
        together: long ones that share something which takes long to start: one worker gets them.
        workers: how many share the list.
    """
    hands = [list(long[worker::workers]) for worker in range(workers)]
    hands[-1][:0] = together  # the last hand is the smallest
    size = -(-(len(short) + len(long) + len(together)) // workers)
    rest = iter(short)
    for hand in hands:
        hand += [item for _, item in zip(range(size - len(hand)), rest, strict=False)]
    return [item for hand in hands for item in hand]
