"""Between text and tokens: encoding, and decoding one token at a time.

The text of a token may depend on its neighbours: a character can be spread over several byte
tokens. `IncrementalText` follows TGI (text_generation_server/models/model.py, ``decode_token``):
decode a short window with and without the new token, and hold the difference back while it ends in
an unfinished character.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

REPLACEMENT = "\ufffd"
"""What a decoder writes for bytes that are no character, or not one yet."""

PROMPT_WINDOW = 5
"""Tokens of the prompt in the first window, as in TGI."""
MOST_CONTEXT = 4
"""Tokens before one that vLLM looks at: no character has more bytes."""

_JOINING_DECODERS = {"Replace", "ByteFallback", "ByteLevel", "Fuse", "Metaspace", "Strip"}
"""Decoders under which a whole-character token reads the same after any finished text."""


class TextCodec:
    """A model's tokenizer.

    Args:
        model_dir: folder with ``tokenizer.json``.

    Attributes:
        file: the tokenizer's file.
        special_ids: tokens that are marks, not text.
    """

    def __init__(self, model_dir: Path) -> None:
        self.file = model_dir / "tokenizer.json"
        text = self.file.read_text(encoding="utf-8")
        described = json.loads(text)
        self._tokenizer = Tokenizer.from_str(text)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.special_ids = frozenset(
            int(token["id"]) for token in described.get("added_tokens", []) if token["special"]
        )
        self._pieces = self._context_free_pieces(described.get("decoder"))

    def encode(self, text: str, *, add_special_tokens: bool) -> npt.NDArray[np.int64]:
        """The tokens of a text; with ``add_special_tokens`` a Gemma tokenizer puts BOS first.

        Raises:
            UnicodeEncodeError: the text has half of a surrogate pair.
        """
        text.encode()  # The library would say so in riddles.
        # A batch of one: only for batches the library gives Python's lock away, and a text may
        # take seconds.
        (encoding,) = self._tokenizer.encode_batch_fast(
            [text], add_special_tokens=add_special_tokens
        )
        return np.array(encoding.ids, np.int64)

    def placed(self, text: str, *, add_special_tokens: bool) -> list[tuple[int, int, int]]:
        """The tokens of a text, each with the bytes where it starts and stops."""
        (encoding,) = self._tokenizer.encode_batch([text], add_special_tokens=add_special_tokens)
        bytes_before = [0, *accumulate(len(character.encode()) for character in text)]
        return [
            (token, bytes_before[start], bytes_before[stop])
            for token, (start, stop) in zip(encoding.ids, encoding.offsets, strict=True)
        ]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, special ones included."""
        decoded: str = self._tokenizer.decode(ids, skip_special_tokens=False)
        return decoded

    def in_context(self, token: int, before: Sequence[int]) -> str:
        """The text of one token as vLLM tells it (v1/engine/logprobs.py, 0.30).

        A token that ends in the middle of a character has none; the one that completes the
        character has all of it.

        Args:
            before: tokens that came before; only the last four matter.
        """
        text = self.decode([token])
        if not text.endswith(REPLACEMENT):
            return text
        for count in range(1, min(MOST_CONTEXT, len(before)) + 1):
            context = list(before[-count:])
            whole = self.decode([*context, token])
            if whole.endswith(REPLACEMENT):
                continue
            while context and self.decode(context[-1:]).endswith(REPLACEMENT):
                context.pop()
            told = self.decode(context) if context else ""
            same = takewhile(lambda pair: pair[0] == pair[1], zip(told, whole, strict=False))
            return whole[sum(1 for _ in same) :]
        return ""

    def id_of(self, token: str) -> int | None:
        """The number of a token by its name in the vocabulary, None for an unknown one."""
        found: int | None = self._tokenizer.token_to_id(token)
        return found

    def name(self, token: int) -> str | None:
        """The name of a token in the vocabulary, None for an unknown number."""
        found: str | None = self._tokenizer.id_to_token(token)
        return found

    @property
    def longest_token(self) -> int:
        """Characters of the longest name in the vocabulary."""
        return max(map(len, self._tokenizer.get_vocab()))

    def piece(self, token: int) -> str | None:
        """The text of a token where it does not depend on what comes before, else None."""
        return self._pieces[token] if token < len(self._pieces) else None

    def _context_free_pieces(self, decoder: dict[str, Any] | None) -> list[str | None]:
        """Each token's text, found by decoding it after a finished one."""
        if not decoder or not set(_decoder_types(decoder)) <= _JOINING_DECODERS:
            return []
        size = self._tokenizer.get_vocab_size()
        anchor = self._tokenizer.encode("a", add_special_tokens=False).ids[-1:]
        start = len(self.decode(anchor))
        decoded = self._tokenizer.decode_batch(
            [[*anchor, token] for token in range(size)], skip_special_tokens=False
        )
        pieces = (text[start:] for text in decoded)
        return [piece if piece and REPLACEMENT not in piece else None for piece in pieces]


def _decoder_types(decoder: dict[str, Any]) -> list[str]:
    if decoder["type"] == "Sequence":
        return [name for part in decoder["decoders"] for name in _decoder_types(part)]
    return [decoder["type"]]


class IncrementalText:
    """The text of one growing sequence.

    Args:
        codec: the model's tokenizer.
        prompt: tokens that came before; only the last few matter.
    """

    def __init__(self, codec: TextCodec, prompt: Sequence[int]) -> None:
        self._codec = codec
        self._ids = list(prompt[-PROMPT_WINDOW:])
        self._window = 0
        self._emitted = len(self._ids)

    def push(self, token: int) -> str:
        """Add a token; returns the characters it completes, never a part of one."""
        nothing_held_back = self._emitted == len(self._ids)
        self._ids.append(token)
        piece = self._codec.piece(token)
        if piece is None or not nothing_held_back:
            piece = self._difference()
            if not piece:
                return ""
        self._window, self._emitted = self._emitted, len(self._ids)
        return piece

    def _difference(self) -> str:
        before = self._codec.decode(self._ids[self._window : self._emitted])
        after = self._codec.decode(self._ids[self._window :])
        if len(after) <= len(before) or after.endswith(REPLACEMENT):
            return ""
        return after[len(before) :]


class StopStrings:
    """Notices when a growing text ends with one of the given strings.

    TGI matches ``re.escape(stop) + "$"`` (text_generation_server/utils/tokens.py), and ``$`` also
    matches before a final line break; so does this.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._endings = tuple(ending for stop in stops for ending in (stop, f"{stop}\n"))
        self._longest = max(map(len, self._endings), default=0)
        self._tail = ""

    def push(self, text: str) -> bool:
        """Add text; True when all text so far ends with a stop string."""
        if not self._endings:
            return False
        self._tail = (self._tail + text)[-self._longest :]
        return self._tail.endswith(self._endings)
