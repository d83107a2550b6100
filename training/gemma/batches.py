"""Turns the stream of chats into batches of near-equal length, repeatably."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from tokenizers import Tokenizer

from training.gemma.chats import chats
from training.gemma.tokenizer import PAD, encode_chat

POOL = 4096
"""Chats that are drawn together and sorted by length, so that little is lost to padding."""


@dataclass(frozen=True)
class Batch:
    """Chats of near-equal length, padded on the right.

    Right padding needs no attention mask: no causal position sees a later one.
    """

    inputs: torch.Tensor
    """Token ids, (chats, length)."""
    positions: torch.Tensor
    """Indices into the flattened inputs whose next token is learned, (targets,)."""
    targets: torch.Tensor
    """Those next tokens, (targets,)."""

    @property
    def tokens(self) -> int:
        """Tokens without padding."""
        return int((self.inputs != PAD).sum())


def _collate(rows: list[tuple[list[int], list[bool]]]) -> Batch:
    # Multiples of 8 keep the number of different shapes, and with it the memory, small.
    length = -(-max(len(ids) for ids, _ in rows) // 8) * 8
    inputs = torch.full((len(rows), length), PAD)
    learned = torch.zeros((len(rows), length), dtype=torch.bool)
    for index, (ids, flags) in enumerate(rows):
        inputs[index, : len(ids)] = torch.tensor(ids)
        learned[index, : len(ids)] = torch.tensor(flags)
    positions = learned[:, 1:].nonzero()
    flat = positions[:, 0] * length + positions[:, 1]
    return Batch(inputs, flat, inputs[learned])


def pool(tokenizer: Tokenizer, *, seed: int, number: int, budget: int) -> list[Batch]:
    """The batches of one pool, shuffled; the same seed and number give the same batches.

    ``budget`` is the number of tokens, padding included, that a batch may hold.
    """
    stream = chats(seed * 1_000_003 + number)
    rows = [encode_chat(tokenizer, chat) for chat in islice(stream, POOL)]
    rows.sort(key=lambda row: len(row[0]))
    batches: list[Batch] = []
    current: list[tuple[list[int], list[bool]]] = []
    for row in rows:
        if current and -(-len(row[0]) // 8) * 8 * (len(current) + 1) > budget:
            batches.append(_collate(current))
            current = []
        current.append(row)
    batches.append(_collate(current))
    random.Random(f"{seed}/{number}").shuffle(batches)
    return batches


def stream(
    tokenizer: Tokenizer, *, seed: int, budget: int, start: tuple[int, int] = (0, 0)
) -> Iterator[tuple[tuple[int, int], Batch]]:
    """Batches without end, each with the place to resume at after it: (pool, batch)."""
    number, skip = start
    while True:
        batches = pool(tokenizer, seed=seed, number=number, budget=budget)
        for index, batch in enumerate(batches):
            if index >= skip:
                last = index + 1 == len(batches)
                yield ((number + 1, 0) if last else (number, index + 1)), batch
        number, skip = number + 1, 0
