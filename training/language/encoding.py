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

LENGTHS = (
    *range(24, 128, 8),
    *range(128, 256, 16),
    *range(256, 512, 32),
    *range(512, 1024, 64),
    *range(1024, 2048, 128),
    2048,
    3072,
)
"""Rows are filled up to one of these, by 7 % on average; longer chats are left out."""
_SPLIT = "\x01"
"""Put into a word, it keeps the tokenizer from joining what stands on both sides."""


@dataclass(frozen=True)
class Batch:
    """Chats of near-equal length, padded on the right.

    Right padding needs no attention mask: no causal position sees a later one.

    Attributes:
        inputs: token ids, uint16 ``(chats, length)``.
        learned: which tokens are targets, bool ``(chats, length)``.
        branches: where chats have branches, the branch of each token, uint8 ``(chats, length)``:
            0 is the beginning that all of them share.
    """

    inputs: npt.NDArray[np.uint16]
    learned: npt.NDArray[np.bool_]
    branches: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Row:
    """One encoded chat: its tokens, which of them are learned, and their branches, if any."""

    ids: list[int]
    learned: list[bool]
    branches: list[int]


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

    def encode(self, chats: list[Chat]) -> list[Row]:
        """The rows of chats, in order."""
        written = [self._branches(chat) for chat in chats]
        flat = [text for branches in written for stretches in branches for text, _ in stretches]
        encoded = iter(self._tokenizer.encode_batch_fast(flat, add_special_tokens=False))
        rows = []
        for branches in written:
            row = Row([], [], [])
            for branch, stretches in enumerate(branches):
                for _, taught in stretches:
                    piece = [number for number in next(encoded).ids if number != self._split]
                    row.ids.extend(piece)
                    row.learned.extend([taught] * len(piece))
                    row.branches.extend([branch] * (len(branches) > 1) * len(piece))
            rows.append(row)
        return rows

    def _branches(self, chat: Chat) -> list[list[Stretch]]:
        """The whole chat; of one with branches the beginning that they share, and then each."""
        if not chat.beside:
            return [self._write(chat)]
        shared, *rest = self._write(chat)
        system = tuple(message for message in chat.messages[:1] if message["role"] == "system")
        others = [
            self._template(Chat((*system, *messages), chat.tools), self._rng.random() < 0.25)[1:]
            for messages in chat.beside
        ]
        return [[shared], rest, *others]

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
        self._waiting: dict[tuple[int, bool], list[Row]] = {}

    def add(self, row: Row) -> Iterator[Batch]:
        """Take one chat; yields the batch that it completes, if any."""
        length = next((n for n in self._lengths if n >= len(row.ids)), None)
        if length is None:
            return
        waiting = self._waiting.setdefault((length, bool(row.branches)), [])
        waiting.append(row)
        if len(waiting) == max(1, self._budget // length):
            yield self._collate(waiting, length)
            waiting.clear()

    def _collate(self, rows: list[Row], length: int) -> Batch:
        inputs = np.full((len(rows), length), self._pad, np.uint16)
        learned = np.zeros((len(rows), length), np.bool_)
        branches = np.zeros((len(rows), length), np.uint8) if rows[0].branches else None
        for index, row in enumerate(rows):
            inputs[index, : len(row.ids)] = row.ids
            learned[index, : len(row.ids)] = row.learned
            if branches is not None:
                branches[index, : len(row.ids)] = row.branches
        return Batch(inputs, learned, branches)
