"""From chats to tokens, and from tokens to batches of a few fixed lengths."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import AddedToken, Tokenizer

from training.language.chat import Chat
from training.language.templates import Stretch, Template

LENGTHS = (48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 3072)
"""Rows are filled up to one of these; longer chats are left out."""
_SPLIT = "\x01"
"""Put into a word, it keeps the tokenizer from joining what stands on both sides."""


@dataclass(frozen=True)
class Batch:
    """Chats of near-equal length, padded on the right.

    Right padding needs no attention mask: no causal position sees a later one.

    Attributes:
        inputs: token ids, uint16 ``(chats, length)``.
        learned: which tokens are targets, bool ``(chats, length)``.
    """

    inputs: npt.NDArray[np.uint16]
    learned: npt.NDArray[np.bool_]


class Encoder:
    """Encodes chats for training.

    The words of prompts are sometimes cut at a random place before they are encoded, so that the
    model sees the same word in different pieces (dropout of merges); answers are never cut.

    Args:
        tokenizer: a copy of it is used.
        template: writes a chat out.
        seed: of the cuts and of the switch for thinking.
        cut_chats: share of the chats with cut words.
        cut_words: share of the words that are cut in them.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        template: Template,
        *,
        seed: int,
        cut_chats: float = 0.3,
        cut_words: float = 0.2,
    ) -> None:
        self._tokenizer = Tokenizer.from_str(tokenizer.to_str())
        self._tokenizer.add_special_tokens([AddedToken(_SPLIT, normalized=False, special=True)])
        self._split = self._tokenizer.token_to_id(_SPLIT)
        self._template = template
        self._rng = random.Random(seed)
        self._cut_chats, self._cut_words = cut_chats, cut_words

    def encode(self, chats: list[Chat]) -> list[tuple[list[int], list[bool]]]:
        """Ids of each chat, and which of them are learned."""
        written = [self._write(chat) for chat in chats]
        flat = [text for stretches in written for text, _ in stretches]
        encoded = iter(self._tokenizer.encode_batch_fast(flat, add_special_tokens=False))
        rows = []
        for stretches in written:
            ids: list[int] = []
            learned: list[bool] = []
            for _, taught in stretches:
                piece = [number for number in next(encoded).ids if number != self._split]
                ids += piece
                learned += [taught] * len(piece)
            rows.append((ids, learned))
        return rows

    def _write(self, chat: Chat) -> list[Stretch]:
        stretches = self._template(chat, self._rng.random() < 0.5)
        if self._rng.random() >= self._cut_chats:
            return stretches
        return [(text if taught else self._cut(text), taught) for text, taught in stretches]

    def _cut(self, text: str) -> str:
        """Cut some words. Words next to a mark such as ``<|im_end|>`` stay whole."""
        words = text.split(" ")
        for index, word in enumerate(words):
            if len(word) > 2 and word.isalnum() and self._rng.random() < self._cut_words:
                place = self._rng.randrange(1, len(word))
                words[index] = f"{word[:place]}{_SPLIT}{word[place:]}"
        return " ".join(words)


class Batcher:
    """Sorts encoded chats by length and gives a batch whenever one is full.

    Args:
        budget: tokens per batch, padding included.
        pad: the token that fills rows up.
    """

    def __init__(self, *, budget: int, pad: int, lengths: tuple[int, ...] = LENGTHS) -> None:
        self._budget, self._pad, self._lengths = budget, pad, lengths
        self._waiting: dict[int, list[tuple[list[int], list[bool]]]] = {n: [] for n in lengths}

    def add(self, row: tuple[list[int], list[bool]]) -> Iterator[Batch]:
        """Take one chat; yields the batch that it completes, if any."""
        length = next((n for n in self._lengths if n >= len(row[0])), None)
        if length is None:
            return
        waiting = self._waiting[length]
        waiting.append(row)
        if len(waiting) == max(1, self._budget // length):
            yield self._collate(waiting, length)
            self._waiting[length] = []

    def _collate(self, rows: list[tuple[list[int], list[bool]]], length: int) -> Batch:
        inputs = np.full((len(rows), length), self._pad, np.uint16)
        learned = np.zeros((len(rows), length), np.bool_)
        for index, (ids, taught) in enumerate(rows):
            inputs[index, : len(ids)] = ids
            learned[index, : len(ids)] = taught
        return Batch(inputs, learned)
