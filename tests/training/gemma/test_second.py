"""The second edition's tokenizer: Gemma's form, and of the size that the model has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("pronouncing")

from tokenizers import Tokenizer

from training.gemma.second import tokenizer, train
from training.gemma.second.export import config
from training.gemma.tokenizer import BOS, END_OF_TURN, EOS, PAD, START_OF_TURN


def test_special_tokens_have_gemmas_ids() -> None:
    read = Tokenizer.from_file(str(train.TOKENIZER))
    assert read.get_vocab_size() == tokenizer.VOCABULARY == config(train.SHAPE)["vocab_size"]
    wanted = {"<pad>": PAD, "<eos>": EOS, "<bos>": BOS}
    wanted |= {"<start_of_turn>": START_OF_TURN, "<end_of_turn>": END_OF_TURN}
    assert {token: read.token_to_id(token) for token in wanted} == wanted


def test_the_tokenizer_is_the_one_that_the_command_trains(tmp_path: Path) -> None:
    first, second = (tokenizer.train(texts=300).to_str() for _ in range(2))
    assert first == second
    shipped = json.loads(train.TOKENIZER.read_text(encoding="utf-8"))
    found = json.loads(first)
    for part in ("normalizer", "pre_tokenizer", "post_processor", "decoder", "added_tokens"):
        assert found[part] == shipped[part]
