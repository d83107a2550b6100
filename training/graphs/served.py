"""The weights in a served text model's graph, by the names that transformers gives them.

Checkpoints are too large for the repository. What is served is enough to write a graph of another
form, or a file for another engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from training.graphs.nodes import Weights

Array = npt.NDArray[np.float32]


def read_back(model_dir: Path) -> Weights:
    """The matrices and norms of a served text model, in single precision.

    Args:
        model_dir: folder with ``model.onnx``, which `decoder.DecoderGraph` wrote in this form or in
            half precision, and ``config.json``.
    """
    whole = json.loads((model_dir / "config.json").read_text(encoding="utf-8"))
    graph = onnx.load(model_dir / "model.onnx").graph
    return dict(
        _named(stored_weights(graph), whole.get("text_config", whole), _scale_is_folded(graph))
    )


def _named(
    folded: Mapping[str, Array], config: Mapping[str, Any], scale_is_folded: bool
) -> Iterator[tuple[str, Array]]:
    heads, kv, head = (
        config[name] for name in ("num_attention_heads", "num_key_value_heads", "head_dim")
    )
    (first,) = (name for name in folded if name.endswith("layers.0.input_layernorm.weight"))
    prefix = first.partition("layers.0.")[0]
    yield f"{prefix}embed_tokens.weight", folded["embedding"]
    for name, values in folded.items():
        if name.startswith(prefix):
            # Gemma stores the distance of the norm's weight from one.
            yield name, values - 1 if config["model_type"] == "gemma" else values
    for layer in range(config["num_hidden_layers"]):
        here, old = f"layer.{layer}", f"{prefix}layers.{layer}"
        cuts = [heads * head, (heads + kv) * head]
        query, key, value = np.split(folded[f"{here}.qkv.weight"].T, cuts)
        if scale_is_folded:
            query = query * np.float32(head**0.5)
        gate, up = np.split(folded[f"{here}.mlp.gate_up.weight"].T, 2)
        parts = {
            "self_attn.q_proj": query, "self_attn.k_proj": key, "self_attn.v_proj": value,
            "self_attn.o_proj": folded[f"{here}.o.weight"].T,
            "mlp.gate_proj": gate, "mlp.up_proj": up,
            "mlp.down_proj": folded[f"{here}.mlp.down.weight"].T,
        }  # fmt: skip
        for part, values in parts.items():
            yield f"{old}.{part}.weight", np.ascontiguousarray(values)


def stored_weights(graph: onnx.GraphProto) -> dict[str, Array]:
    """A graph's weights in single precision, by their names before they were stored: see `nodes`
    and ``sdxl.storage``. What only tells shapes is left out."""
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    found: dict[str, Array] = {}
    for name, values in stored.items():
        base, _, form = name.rpartition(".")
        if form == "half":
            found[base] = values.astype(np.float32)
        elif form == "rows":
            found[base] = values.astype(np.float32) * stored[f"{base}.scales"]
        elif form != "scales" and values.dtype == np.float32:
            found[name] = values
    return found


def _scale_is_folded(graph: Any) -> bool:
    """Whether the queries are scaled by weights rather than by the attention node."""
    attention = next(node for node in graph.node if node.op_type == "GroupQueryAttention")
    return any(attribute.name == "scale" for attribute in attention.attribute)
