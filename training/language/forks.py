"""Chats whose branches share a beginning: where each token stands, and what it sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.language.attention import causal
from training.language.pieces import Forked


@dataclass(frozen=True)
class Fork:
    """One chat of a batch.

    Attributes:
        shared: tokens of the beginning that all branches see.
        branches: first place of each branch and the place behind it. They follow each other;
            what comes behind the last one is padding.
    """

    shared: int
    branches: tuple[tuple[int, int], ...]


def forks(branches: npt.NDArray[np.uint8]) -> tuple[Fork, ...]:
    """The forks of a batch whose tokens are numbered as in `encoding.Batch`."""
    found = []
    for row in branches:
        bounds = (np.flatnonzero(np.diff(row)) + 1).tolist()
        ends = bounds[1:] + ([len(row)] if row[-1] else [])
        found.append(Fork(bounds[0], tuple(zip(bounds, ends, strict=False))))
    return tuple(found)


def positions(parts: tuple[Fork, ...], length: int) -> Tensor:
    """Each token's position in its own branch, the shared beginning included:
    ``(chats, length)``. Padding goes on counting."""
    places = torch.arange(length).repeat(len(parts), 1)
    for row, fork in zip(places, parts, strict=True):
        for start, end in fork.branches:
            row[start:end] -= start - fork.shared
    return places


@torch.compiler.disable  # type: ignore[untyped-decorator]
def attend(q: Tensor, k: Tensor, v: Tensor, parts: tuple[Fork, ...]) -> Tensor:
    """Attention where a token sees the shared beginning and its own branch up to itself.

    Piece by piece, because a mask over the whole length costs what it hides: with five branches
    four times as much.

    Args:
        q, k, v: ``(chats, heads, length, size)`` each.

    Returns:
        The same shape; zeros for padding.
    """
    one = _joined if q.device.type == "cpu" else _one
    chats = zip(q.split(1), k.split(1), v.split(1), parts, strict=True)
    return torch.cat([one(*chat) for chat in chats])


def _joined(q: Tensor, k: Tensor, v: Tensor, fork: Fork) -> Tensor:
    """`_one` in half the time, by kernels that only a processor has."""
    mixed: Tensor = Forked.apply(q, k, v, fork.shared, fork.branches)
    return mixed


def _one(q: Tensor, k: Tensor, v: Tensor, fork: Fork) -> Tensor:
    """One chat: ``(1, heads, length, size)`` to the same."""
    first_k, first_v = k[:, :, : fork.shared], v[:, :, : fork.shared]
    pieces = [causal(q[:, :, : fork.shared], first_k, first_v)]
    end = fork.shared
    for start, end in fork.branches:
        keys = torch.cat([first_k, k[:, :, start:end]], dim=2)
        values = torch.cat([first_v, v[:, :, start:end]], dim=2)
        pieces.append(causal(q[:, :, start:end], keys, values))
    pieces.append(torch.zeros_like(q[:, :, end:]))
    return torch.cat(pieces, dim=2)
