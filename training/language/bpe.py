"""Tokenizers of the form that Gemma and Mistral have: BPE with byte fallback, spaces as "▁"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, trainers
from tokenizers.models import BPE
from tokenizers.processors import TemplateProcessing

BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
"""What stands for a byte of a character that the vocabulary does not have."""

Merges = list[tuple[str, str]]


def learn(corpus: Iterable[str], *, size: int) -> tuple[list[str], Merges]:
    """Learn up to ``size`` tokens; returns them, the most useful first, and their merges.

    Merges stay inside one word, its leading space, or one sign, so that a word has the same pieces
    wherever it stands. The final tokenizer needs no such split: the merges imply it.
    """
    learner = Tokenizer(BPE())
    learner.normalizer = normalizers.Replace(" ", "▁")
    learner.pre_tokenizer = pre_tokenizers.Split(
        Regex(r"▁?\p{L}+|▁?\p{N}|▁?[^\p{L}\p{N}▁\n]|\n|▁"), "isolated"
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=sorted({chr(code) for code in range(33, 127)} | {"\n", "▁"}),
        show_progress=False,
    )
    learner.train_from_iterator(corpus, trainer)
    learned = json.loads(learner.to_str())["model"]
    tokens = sorted(learned["vocab"], key=learned["vocab"].get)
    return tokens, [tuple(merge) for merge in learned["merges"]]


def assemble(
    vocabulary: dict[str, int], merges: Merges, *, specials: Sequence[str], bos: str
) -> Tokenizer:
    """The tokenizer. Needs ``<unk>`` and ``BYTES`` in the vocabulary; puts ``bos`` in front."""
    tokenizer = Tokenizer(
        BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.post_processor = TemplateProcessing(
        single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, vocabulary[bos])]
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=False, special=True) for token in specials]
    )
    return tokenizer
