"""Trains the pocket Gemma on generated chats.

``python -m training.gemma.train --out DIR`` writes ``model.N.safetensors``, from nothing or with
``--start DIR`` from weights of this shape, such as `training.gemma.grow` writes. On a GPU add
``--workers 3 --budget 16384``, on a processor with AVX512-BF16 or AMX ``--bfloat16``.
"""

from __future__ import annotations

from pathlib import Path

from training.gemma.mixture import GEMMA
from training.gemma.tokenizer import PAD, VOCABULARY
from training.language import command
from training.language.feeding import Diet
from training.language.loop import Recipe
from training.language.model import Shape
from training.language.templates import gemma

NAME = "Pocket Gemma"
TOKENIZER = Path(__file__).parents[2] / "local_endpoints/models/gemma/tokenizer.json"
SHAPE = Shape(
    vocabulary=VOCABULARY,
    width=256,
    layers=5,
    heads=4,
    kv_heads=2,
    head_dim=64,
    mlp=768,
    theta=10_000.0,
    gemma=True,
    head_norms=False,
)


def diet(tokenizer: Path | None = None) -> Diet:
    """What it is fed with."""
    text = (tokenizer or TOKENIZER).read_text(encoding="utf-8")
    return Diet(GEMMA, NAME, gemma, text, pad=PAD, budget=8192, seed=7)


if __name__ == "__main__":
    command.train(SHAPE, diet, Recipe(together=1, average=0.998), what="pocket Gemma")
