"""Builds the pocket Idefics2's tokenizer: Mistral's form, a vocabulary of our own.

``python -m training.idefics2.tokenizer --out DIR`` trains it on generated
questions and answers and writes ``tokenizer.json`` and ``tokenizer_config.json``.

As in idefics2-8b-chatty: BPE with byte fallback, spaces as "▁", ``<unk>`` 0 (which also pads),
``<s>`` 1 put in front by the post-processor, ``</s>`` 2, and at the end of the vocabulary
``<fake_token_around_image>``, ``<image>`` and ``<end_of_utterance>``. Unlike Mistral's, it puts no
space in front of a text.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer

from training.idefics2.pictures import strange_values, values_of
from training.idefics2.questions.mixture import exchange_about, exchange_without_picture
from training.language.bpe import BYTES, assemble, learn
from training.tokenizer_files import command, write_files
from training.world.scene import sample_training_scene

VOCABULARY = 1536
PAD, BOS, EOS = 0, 1, 2
FAKE, IMAGE, END_OF_UTTERANCE = VOCABULARY - 3, VOCABULARY - 2, VOCABULARY - 1
FAKE_TEXT, IMAGE_TEXT = "<fake_token_around_image>", "<image>"
END_OF_UTTERANCE_TEXT = "<end_of_utterance>"
FIRST_TOKENS = ("<unk>", "<s>", "</s>")
LAST_TOKENS = (FAKE_TEXT, IMAGE_TEXT, END_OF_UTTERANCE_TEXT)


def corpus(*, texts: int, seed: int) -> Iterator[str]:
    """Questions and answers as the training has them."""
    rng = random.Random(seed)
    for number in range(texts):
        if number % 20 == 0:
            exchange = exchange_without_picture(rng)
        else:
            values = strange_values() if number % 20 == 1 else values_of(sample_training_scene(rng))
            exchange = exchange_about(values, rng)
        yield f"User: {exchange.question}"
        yield f"\nAssistant: {exchange.answer}"


def train(*, texts: int = 40_000, seed: int = 1) -> Tokenizer:
    """Train the merges on generated texts and assemble the tokenizer."""
    reserved = [*FIRST_TOKENS, *BYTES]
    size = VOCABULARY - len(reserved) - len(LAST_TOKENS)
    learned, merges = learn(corpus(texts=texts, seed=seed), size=size)
    vocabulary = {token: index for index, token in enumerate(reserved)}
    for token in learned:
        vocabulary.setdefault(token, len(vocabulary))
    # Few texts may have fewer pieces than there is room for.
    while len(vocabulary) < FAKE:
        vocabulary[f"<unused{len(vocabulary)}>"] = len(vocabulary)
    vocabulary |= {token: FAKE + place for place, token in enumerate(LAST_TOKENS)}
    return assemble(vocabulary, merges, specials=FIRST_TOKENS + LAST_TOKENS, bos="<s>")


def write(tokenizer: Tokenizer, folder: Path) -> None:
    """Write ``tokenizer.json`` and ``tokenizer_config.json`` into a folder."""
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<unk>",
        "unk_token": "<unk>",
        "additional_special_tokens": list(LAST_TOKENS),
        "clean_up_tokenization_spaces": False,
        "model_max_length": 4096,
    }
    write_files(tokenizer, config, folder)


if __name__ == "__main__":
    command(train, write, what="pocket Idefics2")
