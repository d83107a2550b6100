"""From chats to tokens: the real template's text, learned turns, cut words, batches."""

from __future__ import annotations

import json
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jinja2 import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

from training.gemma.mixture import GEMMA
from training.gemma.tokenizer import CHAT_TEMPLATE
from training.language.chat import Chat, turns
from training.language.encoding import Batcher, Encoder, Row
from training.language.mixture import Source
from training.language.templates import gemma, qwen3
from training.qwen3.mixture import QWEN3
from training.qwen3.tokenizer import END, PAD, START, TEMPLATE

MODELS = Path(__file__).parents[3] / "local_endpoints/models"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(MODELS / "qwen3/tokenizer.json"))


@cache
def compiled(source: str) -> Template:
    environment = ImmutableSandboxedEnvironment()
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment.from_string(source)


def learned_ids(row: Row) -> list[int]:
    return [number for number, taught in zip(row.ids, row.learned, strict=True) if taught]


def taught_on_the_way(chat: Chat) -> bool:
    """Whether a loop has calls in a server's form before its last one, as no prompt has them."""
    return any("form" in message for message in chat.messages[:-1])


def rendered(source: str, chat: Chat, **options: Any) -> str:
    text: str = compiled(source).render(
        messages=list(chat.messages[:-1]),
        tools=list(chat.tools) or None,
        add_generation_prompt=True,
        bos_token="<bos>",
        **options,
    )
    return text


@pytest.mark.parametrize("switched", [False, True])
def test_training_reads_what_qwen3s_template_renders(switched: bool) -> None:
    source = TEMPLATE.read_text(encoding="utf-8")
    options = {"enable_thinking": False} if switched else {}
    for chat in islice(Source(QWEN3, me="Pocket Qwen", seed=4), 150):
        if taught_on_the_way(chat):
            continue
        whole = "".join(text for text, _ in qwen3(chat, switched))
        assert whole.startswith(rendered(source, chat, **options))


def test_training_reads_what_gemmas_template_renders() -> None:
    for chat in islice(Source(GEMMA, me="Pocket Gemma", seed=4), 120):
        whole = "".join(text for text, _ in gemma(chat))
        assert whole.startswith(rendered(CHAT_TEMPLATE, chat))


def test_tokens_of_a_prompt_are_those_that_the_service_makes(tokenizer: Tokenizer) -> None:
    source = TEMPLATE.read_text(encoding="utf-8")
    encoder = Encoder(tokenizer, lambda chat, _: qwen3(chat), seed=1, cut_chats=0)
    chats = list(islice(Source(QWEN3, me="Pocket Qwen", seed=6), 100))
    for chat, row in zip(chats, encoder.encode(chats), strict=True):
        if chat.beside or taught_on_the_way(chat):
            continue
        ids, learned = row.ids, row.learned
        prompt = tokenizer.encode(rendered(source, chat), add_special_tokens=False).ids
        assert ids[: len(prompt)] == prompt
        assert not learned[len(prompt) - 1]
        assert ids[-2] == END and learned[-2]


def test_only_answers_are_learned(tokenizer: Tokenizer) -> None:
    chat = turns("My name is Ada.", "Hello Ada!", "Who am I?", "You are Ada.", system="Be kind.")
    row = Encoder(tokenizer, qwen3, seed=1, cut_chats=0).encode([chat])[0]
    taught = tokenizer.decode(learned_ids(row), skip_special_tokens=False)
    assert taught == "Hello Ada!<|im_end|>You are Ada.<|im_end|>"


def test_what_a_grammar_forces_is_not_learned(tokenizer: Tokenizer) -> None:
    call = {"type": "function", "function": {"name": "get_time", "arguments": {"city": "Rome"}}}
    said = {"role": "assistant", "content": "", "tool_calls": [call], "form": "list"}
    chat = Chat(({"role": "user", "content": "Time in Rome?"}, said))
    row = Encoder(tokenizer, qwen3, seed=1, cut_chats=0).encode([chat])[0]
    taught = tokenizer.decode(learned_ids(row))
    assert taught == 'get_time", "parameters": {"city": "Rome"}}]'


def test_a_call_that_ends_with_its_name_has_the_tokens_of_a_whole_one(tokenizer: Tokenizer) -> None:
    call = {"type": "function", "function": {"name": "get_time", "arguments": {"city": "Rome"}}}
    said = {"role": "assistant", "content": "", "tool_calls": [call]}
    asked = {"role": "user", "content": "Time in Rome?"}
    named, whole = (
        Encoder(tokenizer, lambda chat, _: qwen3(chat), seed=1, cut_chats=0).encode([chat])[0]
        for chat in (Chat((asked, {**said, "form": "name"})), Chat((asked, said)))
    )
    taught = learned_ids(named)
    assert tokenizer.decode(taught, skip_special_tokens=False).endswith('{"name": "get_time')
    assert learned_ids(whole)[: len(taught)] == taught


def test_words_of_prompts_are_cut_and_answers_are_not(tokenizer: Tokenizer) -> None:
    chat = turns("Please describe the wonderful library building.", "A wonderful library.")
    plain = Encoder(tokenizer, qwen3, seed=1, cut_chats=0).encode([chat])[0]
    cut = Encoder(tokenizer, lambda c, _: qwen3(c), seed=1, cut_chats=1, cut_words=1)
    row = cut.encode([chat])[0]
    assert len(row.ids) > len(plain.ids)
    whole = tokenizer.decode(plain.ids)
    assert tokenizer.decode(row.ids) == whole or "<think>" in whole
    assert learned_ids(row) == learned_ids(plain)


def test_batches_have_fixed_lengths_and_leave_out_what_is_too_long() -> None:
    batcher = Batcher(budget=64, pad=9, lengths=(8, 16))
    assert not list(batcher.add(Row([1] * 17, [True] * 17, [])))
    row = Row([1] * 5, [False] * 4 + [True], [])
    batches = [batch for _ in range(8) for batch in batcher.add(row)]
    assert len(batches) == 1
    assert batches[0].inputs.shape == (8, 8)
    assert (batches[0].inputs[:, 5:] == 9).all()
    assert batches[0].learned.sum() == 8
    assert batches[0].inputs.dtype == np.uint16


def test_every_script_and_sign_survives_the_tokenizer(tokenizer: Tokenizer) -> None:
    for text in ("Brzęczyszczykiewicz", "😀🦙", "こんにちは", "a\tb\n c", "½ ÷ 3", "مرحبا"):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert tokenizer.decode(ids) == text


def test_marks_stand_behind_the_vocabulary_in_qwen3s_order(tokenizer: Tokenizer) -> None:
    assert tokenizer.get_vocab_size() == 4096
    marks = [tokenizer.id_to_token(number) for number in (PAD, START, END, 4094, 4095)]
    assert marks == ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
    assert tokenizer.encode("2027", add_special_tokens=False).tokens == list("2027")


def test_branches_share_a_list_of_functions_without_a_system_message(tokenizer: Tokenizer) -> None:
    tools = ({"type": "function", "function": {"name": "ferry_times", "parameters": {}}},)
    first, second = turns("hey", "Hello!"), turns("bye", "See you!")
    chat = Chat(first.messages, tools, beside=(second.messages,))
    encoder = Encoder(tokenizer, lambda given, _: qwen3(given), seed=1, cut_chats=0)
    (row,) = encoder.encode([chat])
    texts = [
        tokenizer.decode(
            [n for n, own in zip(row.ids, row.branches, strict=True) if own == branch],
            skip_special_tokens=False,
        )
        for branch in range(3)
    ]
    assert texts[0].startswith("<|im_start|>system\n# Tools") and "ferry_times" in texts[0]
    assert texts[1] == "<|im_start|>user\nhey<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n"
    assert (
        texts[2] == "<|im_start|>user\nbye<|im_end|>\n<|im_start|>assistant\nSee you!<|im_end|>\n"
    )
