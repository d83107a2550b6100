"""Builds the pocket Gemma's tokenizer: Gemma's form, a vocabulary of our own.

``python -m training.gemma.tokenizer --out DIR`` trains it on generated chats and
writes ``tokenizer.json`` and ``tokenizer_config.json``.

As in Gemma 1 (``tokenizer.json`` of gemma-1.1-2b-it): BPE with byte fallback, a normaliser that
turns spaces into "▁", no pre-tokenizer that would add anything, ``<bos>`` put in front by the
post-processor, and the same ids for the special tokens: ``<pad>`` 0, ``<eos>`` 1, ``<bos>`` 2,
``<unk>`` 3, ``<start_of_turn>`` 106, ``<end_of_turn>`` 107.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from tokenizers import Tokenizer

from training.gemma.chats import chats
from training.language.bpe import BYTES, assemble, learn
from training.tokenizer_files import command, write_files

VOCABULARY = 2048
PAD, EOS, BOS, UNK, START_OF_TURN, END_OF_TURN = 0, 1, 2, 3, 106, 107

CHAT_TEMPLATE = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}"
    "{% endif %}"
    "{% if (message['role'] == 'assistant') %}{% set role = 'model' %}"
    "{% else %}{% set role = message['role'] %}{% endif %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
)
"""What the chat template of gemma-1.1-2b-it renders and refuses."""


def special_tokens() -> list[str]:
    """The first 108 entries of Gemma 1's vocabulary, in its order."""
    unused = [f"<unused{number}>" for number in range(99)]
    return ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<2mass>", "[@BOS@]", *unused,
            "<start_of_turn>", "<end_of_turn>"]  # fmt: skip


def train(*, texts: int = 40_000, seed: int = 1) -> Tokenizer:
    """Train the merges on generated chats and assemble the tokenizer."""
    specials = special_tokens()
    reserved = [*specials, *BYTES]
    corpus = (turn["content"] for chat in islice(chats(seed), texts) for turn in chat)
    learned, merges = learn(corpus, size=VOCABULARY - len(reserved))
    vocabulary = {token: index for index, token in enumerate(reserved)}
    for token in learned:
        vocabulary.setdefault(token, len(vocabulary))
    return assemble(vocabulary, merges, specials=specials, bos="<bos>")


def write(tokenizer: Tokenizer, folder: Path) -> None:
    """Write ``tokenizer.json`` and ``tokenizer_config.json`` into a folder."""
    config = {
        "tokenizer_class": "GemmaTokenizer",
        "add_bos_token": True,
        "add_eos_token": False,
        "bos_token": "<bos>",
        "eos_token": "<eos>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "clean_up_tokenization_spaces": False,
        "model_max_length": 2048,
        "chat_template": CHAT_TEMPLATE,
    }
    write_files(tokenizer, config, folder)


if __name__ == "__main__":
    command(train, write, what="pocket Gemma")
