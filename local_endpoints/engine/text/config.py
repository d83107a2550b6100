"""What the engine reads from a model folder: shapes, rotary base, tokens that end a text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ModelConfig:
    """The part of ``config.json`` and ``generation_config.json`` that serving needs.

    Attributes:
        layers: number of decoder layers.
        width: numbers per token between the layers.
        heads: heads of the queries.
        kv_heads: heads of the stored keys and values.
        head_dim: numbers per head.
        vocabulary: number of tokens that a logit exists for.
        context: tokens the model was trained to see at once (``max_position_embeddings``).
        rope_theta: base of the rotary position angles.
        eos_ids: tokens that end a text.
        image_token: the token in whose places the pictures of a prompt stand; None for a model
            that sees none.
    """

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    context: int
    rope_theta: float
    eos_ids: frozenset[int]
    image_token: int | None = None

    @property
    def bytes_per_token(self) -> int:
        """Memory of one token's keys and values over all layers, in bytes (single precision)."""
        return self.layers * 2 * self.kv_heads * self.head_dim * 4

    @classmethod
    def load(cls, model_dir: Path) -> ModelConfig:
        """Read the configs of a model folder.

        A model that sees pictures describes its text model under ``text_config``.

        Raises:
            FileNotFoundError: there is no ``config.json``.
            KeyError: it lacks a shape.
        """
        whole = read_json(model_dir / "config.json")
        config = whole.get("text_config", whole)
        generation_path = model_dir / "generation_config.json"
        generation = read_json(generation_path) if generation_path.exists() else {}
        heads = int(config["num_attention_heads"])
        rope = config.get("rope_parameters") or {}
        return cls(
            layers=int(config["num_hidden_layers"]),
            width=int(config["hidden_size"]),
            heads=heads,
            kv_heads=int(config.get("num_key_value_heads") or heads),
            head_dim=int(config.get("head_dim") or config["hidden_size"] // heads),
            vocabulary=int(config["vocab_size"]),
            context=int(config["max_position_embeddings"]),
            rope_theta=float(rope.get("rope_theta") or config.get("rope_theta") or 10000.0),
            eos_ids=_token_ids(generation.get("eos_token_id"), config.get("eos_token_id")),
            image_token=whole.get("image_token_id"),
        )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _token_ids(*candidates: int | list[int] | None) -> frozenset[int]:
    """The first candidate that is set: ``generation_config.json`` wins, as in TGI."""
    for candidate in candidates:
        if isinstance(candidate, int):
            return frozenset({candidate})
        if candidate:
            return frozenset(candidate)
    return frozenset()
