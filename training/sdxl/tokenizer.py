"""Builds the pocket SDXL's tokenizer: CLIP's form, a vocabulary of our own.

``python -m training.sdxl.tokenizer --out DIR`` trains it on generated prompts and
writes ``tokenizer.json``.

As in CLIP (``CLIPTokenizer`` of transformers): NFC, white space collapsed, lower case; words,
single digits and runs of signs apart; byte-level BPE whose last piece of a word ends in ``</w>``;
``<|startoftext|>`` in front and ``<|endoftext|>`` behind. Both text encoders share the file. In
SDXL the second tokenizer pads with "!" (id 0); here both pad with ``<|endoftext|>``.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, trainers
from tokenizers.models import BPE
from tokenizers.processors import RobertaProcessing

from training.files import write_whole
from training.world.prompts import prompt_for
from training.world.prompts_families import LESSON_SENTENCE
from training.world.scene import sample_scene

VOCABULARY = 1536
MAX_LENGTH = 77
START, END = "<|startoftext|>", "<|endoftext|>"
END_OF_WORD = "</w>"
_PRIVATE = 0xE000
WORD = (
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d"
    r"|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
)
"""What CLIP takes for one word."""


def prompts(count: int, seed: int) -> Iterator[str]:
    """Prompts of the generator, and once in a thousand the course's own."""
    rng = random.Random(seed)
    for number in range(count):
        yield prompt_for(sample_scene(rng), rng).text if number % 1000 else LESSON_SENTENCE


def train(*, texts: int = 60_000, seed: int = 1) -> Tokenizer:
    """Train the merges on generated prompts and assemble the tokenizer.

    Returns:
        A tokenizer that gives ``<|startoftext|>`` ... ``<|endoftext|>``, cut to 77 ids and padded
        to 77 with ``<|endoftext|>``. As with CLIP's own file, ``decode`` leaves ``</w>`` in the
        text, for the caller to turn into spaces.
    """
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    # The trainer numbers letters with a suffix in no fixed order, and ties follow the numbers. One
    # private letter for each last letter of a word gives the same merges on every run.
    lasts = {letter: chr(_PRIVATE + index) for index, letter in enumerate(letters)}
    endings = {ord(last): letter + END_OF_WORD for letter, last in lasts.items()}
    learner = Tokenizer(BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - 2,
        initial_alphabet=[*letters, *lasts.values()],
        show_progress=False,
    )
    words = (word[:-1] + lasts[word[-1]] for word in _words(prompts(texts, seed)))
    learner.train_from_iterator(words, trainer)
    learned = json.loads(learner.to_str())["model"]
    # As in CLIP: every byte, every byte at the end of a word, the merges, the two special tokens.
    alphabet = [*letters, *(letter + END_OF_WORD for letter in letters)]
    vocabulary = {token: index for index, token in enumerate(alphabet)}
    for token in sorted(learned["vocab"], key=learned["vocab"].get):
        vocabulary.setdefault(token.translate(endings), len(vocabulary))
    merges = [
        (left.translate(endings), right.translate(endings)) for left, right in learned["merges"]
    ]
    for token in (START, END):
        vocabulary[token] = len(vocabulary)
    tokenizer = Tokenizer(
        BPE(
            vocabulary,
            merges,
            unk_token=END,
            continuing_subword_prefix="",
            end_of_word_suffix=END_OF_WORD,
        )
    )
    _dress(tokenizer)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = RobertaProcessing(
        (END, vocabulary[END]),
        (START, vocabulary[START]),
        trim_offsets=False,
        add_prefix_space=False,
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=True, special=True) for token in (START, END)]
    )
    tokenizer.enable_truncation(MAX_LENGTH)
    tokenizer.enable_padding(length=MAX_LENGTH, pad_id=vocabulary[END], pad_token=END)
    return tokenizer


def _words(texts: Iterator[str]) -> Iterator[str]:
    """The words of all texts, in the letters that stand for bytes."""
    splitter = Tokenizer(BPE())
    _dress(splitter)
    assert splitter.normalizer is not None and splitter.pre_tokenizer is not None
    for text in texts:
        normal = splitter.normalizer.normalize_str(text)
        yield from (word for word, _ in splitter.pre_tokenizer.pre_tokenize_str(normal))


def _dress(tokenizer: Tokenizer) -> None:
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Lowercase(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )


def write(tokenizer: Tokenizer, folder: Path) -> Path:
    """Write ``tokenizer.json`` into a folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tokenizer.json"
    write_whole(path, (tokenizer.to_str(pretty=True) + "\n").encode())
    return path


def lengths(tokenizer: Tokenizer, texts: list[str]) -> list[int]:
    """How many ids each text takes, the two special ones included, before cutting."""
    free = Tokenizer.from_str(tokenizer.to_str())
    free.no_truncation()
    free.no_padding()
    return [len(encoding.ids) for encoding in free.encode_batch(texts)]


def main() -> None:
    """Command line: train and write the tokenizer."""
    parser = argparse.ArgumentParser(description="Train the pocket SDXL's tokenizer.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    arguments = parser.parse_args()
    tokenizer = train()
    path = write(tokenizer, arguments.out)
    counts = lengths(tokenizer, list(prompts(10_000, seed=2)))
    print(
        f"{path.name}: {tokenizer.get_vocab_size()} tokens; prompts take "
        f"{sum(counts) / len(counts):.1f} on average, {max(counts)} at most, the course's "
        f"{lengths(tokenizer, [LESSON_SENTENCE])[0]}; "
        f"{sum(count > MAX_LENGTH for count in counts)} of {len(counts)} are cut at {MAX_LENGTH}"
    )


if __name__ == "__main__":
    main()
