"""Trains the pocket Qwen3, from scratch or from the weights that are served.

``python -m training.qwen3.train --out DIR`` writes ``model.N.safetensors``; on a GPU add
``--compile --workers 7 --budget 32768``, on a processor with AVX512-BF16 ``--compile --workers 1
--budget 1536 --together 8 --bfloat16``: a batch has chats of one length, thus of few tasks, and a
step should see many. With ``--start DIR`` it goes on from weights of this shape, such as those
that `training.qwen3.checkpoint` writes back from the served file.
"""

from __future__ import annotations

from pathlib import Path

from training.language import command
from training.language.feeding import Diet
from training.language.loop import Recipe
from training.language.model import Shape
from training.language.templates import qwen3
from training.qwen3.mixture import QWEN3
from training.qwen3.tokenizer import NAME, PAD, VOCABULARY

TOKENIZER = Path(__file__).parents[2] / "local_endpoints/models/qwen3/tokenizer.json"
SHAPE = Shape(
    vocabulary=VOCABULARY,
    width=320,
    layers=8,
    heads=6,
    kv_heads=3,
    head_dim=64,
    mlp=896,
    theta=1_000_000.0,
    gemma=False,
    head_norms=True,
)


def diet(tokenizer: Path | None = None) -> Diet:
    """What it is fed with."""
    text = (tokenizer or TOKENIZER).read_text(encoding="utf-8")
    return Diet(QWEN3, NAME, qwen3, text, pad=PAD, budget=8192, seed=7, on_poems=False)


if __name__ == "__main__":
    command.train(SHAPE, diet, Recipe(), what="pocket Qwen3")
