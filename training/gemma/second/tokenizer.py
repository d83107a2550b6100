"""Builds the second edition's tokenizer: Gemma's form as before, 4,096 entries.

``python -m training.gemma.second.tokenizer --out DIR`` trains it on chats. Form, special tokens
and chat template are those of `training.gemma.tokenizer`.
"""

from __future__ import annotations

from itertools import islice

from tokenizers import Tokenizer

from training.gemma.tokenizer import PAD, special_tokens, write
from training.language.bpe import BYTES, assemble, learn
from training.language.mixture import GEMMA, Source
from training.tokenizer_files import command

__all__ = ["NAME", "PAD", "VOCABULARY", "train"]

VOCABULARY = 4096
NAME = "Pocket Gemma"


def train(*, texts: int = 60_000, seed: int = 1) -> Tokenizer:
    """Learn the merges on generated chats and assemble the tokenizer."""
    specials = special_tokens()
    reserved = [*specials, *BYTES]
    chats = islice(Source(GEMMA, me=NAME, seed=seed), texts)
    corpus = (message["content"] for chat in chats for message in chat.messages)
    learned, merges = learn(corpus, size=VOCABULARY - len(reserved))
    vocabulary = {token: index for index, token in enumerate(reserved)}
    for token in learned:
        vocabulary.setdefault(token, len(vocabulary))
    return assemble(vocabulary, merges, specials=specials, bos="<bos>")


if __name__ == "__main__":
    command(train, write, what="pocket Gemma")
