"""Builds the pocket Qwen3's tokenizer: Qwen3's form, a vocabulary of our own.

``python -m training.qwen3.tokenizer --out DIR`` trains it on generated chats and writes
``tokenizer.json`` and ``tokenizer_config.json``, the chat template in the latter.

As in Qwen3 (``tokenizer.json`` of Qwen3-1.7B): byte-level BPE, NFC, digits one by one, no token in
front of a text, and the same 26 added tokens in the same order behind the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from tokenizers.models import BPE

from training.language.mixture import Source
from training.language.templates import qwen3
from training.qwen3.mixture import QWEN3
from training.tokenizer_files import command, write_files

VOCABULARY = 4096
NAME = "Pocket Qwen"
TEMPLATE = Path(__file__).parent / "chat_template.jinja"

SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
"""Marks, which are left out of answers."""
PLAIN = (
    "<tool_call>",
    "</tool_call>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
    "<tool_response>",
    "</tool_response>",
    "<think>",
    "</think>",
)
"""Tokens of their own that count as text."""
PAD = VOCABULARY - len(SPECIAL) - len(PLAIN)
START, END = PAD + 1, PAD + 2

_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def _untrained() -> Tokenizer:
    tokenizer = Tokenizer(BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def corpus(texts: int, *, seed: int) -> Iterable[str]:
    """What generated chats say, prompts included."""
    marks = (*SPECIAL, *PLAIN)
    for chat in islice(Source(QWEN3, me=NAME, seed=seed, on_poems=False), texts):
        for text, _ in qwen3(chat):
            for mark in marks[:4] + PLAIN:
                text = text.replace(mark, "\n")
            yield text


def train(*, texts: int = 60_000, seed: int = 1) -> Tokenizer:
    """Learn the merges on generated chats."""
    tokenizer = _untrained()
    trainer = trainers.BpeTrainer(
        vocab_size=PAD,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(texts, seed=seed), trainer)
    tokenizer.add_special_tokens(
        [AddedToken(mark, normalized=False, special=True) for mark in SPECIAL]
    )
    tokenizer.add_tokens([AddedToken(mark, normalized=False, special=False) for mark in PLAIN])
    return tokenizer


def write(tokenizer: Tokenizer, folder: Path) -> None:
    """Write the tokenizer's files into a folder."""
    config = {
        "tokenizer_class": "Qwen2Tokenizer",
        "add_bos_token": False,
        "add_prefix_space": False,
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "errors": "replace",
        "split_special_tokens": False,
        "model_max_length": 4096,
        "chat_template": TEMPLATE.read_text(encoding="utf-8"),
    }
    write_files(tokenizer, config, folder, pretty=False)


if __name__ == "__main__":
    command(train, write, what="pocket Qwen3")
