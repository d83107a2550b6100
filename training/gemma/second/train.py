"""Trains the pocket Gemma's second edition from scratch.

``python -m training.gemma.second.train --out DIR`` writes ``model.N.safetensors``; on a GPU add
``--workers 3 --budget 16384``.
"""

from __future__ import annotations

from pathlib import Path

from training.gemma.second.tokenizer import NAME, PAD, VOCABULARY
from training.language import command
from training.language.feeding import Diet
from training.language.loop import Recipe
from training.language.mixture import GEMMA
from training.language.model import Shape
from training.language.templates import gemma

TOKENIZER = Path(__file__).parent / "vocabulary/tokenizer.json"
SHAPE = Shape(
    vocabulary=VOCABULARY,
    width=256,
    layers=5,
    heads=4,
    kv_heads=2,
    head_dim=64,
    mlp=704,
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
