"""Chats with branches: each is learned as if it stood alone after the beginning they share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from tokenizers import Tokenizer  # noqa: E402

from training.language.chat import Chat, turns  # noqa: E402
from training.language.encoding import Batch, Batcher, Encoder, Row  # noqa: E402
from training.language.loop import Recipe, Trainer  # noqa: E402
from training.language.templates import qwen3  # noqa: E402
from training.qwen3.train import SHAPE, TOKENIZER  # noqa: E402

CHAT = replace(
    turns("My name is Ada.", "Hello Ada!", "Who am I?", "You are Ada.", system="Be kind."),
    beside=(turns("hey", "Hello!").messages, turns("What is 2 + 3?", "2 + 3 = 5").messages),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    return Encoder(tokenizer, lambda chat, _: qwen3(chat), seed=1, cut_chats=0)


def alone() -> list[Chat]:
    system = CHAT.messages[0]
    return [replace(CHAT, beside=()), *(Chat((system, *turns)) for turns in CHAT.beside)]


def batch(row: Row) -> Batch:
    (found,) = Batcher(budget=1, pad=0).add(row)
    return found


def test_branches_are_encoded_like_chats_of_their_own(encoder: Encoder) -> None:
    (row,) = encoder.encode([CHAT])
    rows = encoder.encode(alone())
    shared = row.branches.count(0)
    assert sum(row.learned) == sum(sum(each.learned) for each in rows)
    assert len(row.ids) == shared + sum(len(each.ids) - shared for each in rows)
    assert not any(each.branches for each in rows)


def test_their_loss_is_the_sum_of_the_chats(encoder: Encoder, tmp_path: Path) -> None:
    small = dict(width=32, layers=2, heads=4, kv_heads=2, head_dim=16, mlp=48)
    trainer = Trainer(replace(SHAPE, **small), Recipe(), out=tmp_path, device="cpu")

    def loss(chats: list[Chat]) -> float:
        moved = [trainer._move(batch(row)) for row in encoder.encode(chats)]
        with torch.no_grad():
            return sum(float(trainer.model.loss(*each)) for each in moved)

    assert loss([CHAT]) == pytest.approx(loss(alone()), rel=1e-4)
