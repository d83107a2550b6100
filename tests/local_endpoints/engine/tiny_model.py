"""A very small random Gemma for tests: real graph, real tokenizer, no training and no torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from training.gemma.graph import build

SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"]
EOS, BOS, END_OF_TURN = 1, 2, 5
CONTEXT = 512

TEMPLATE = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}"
    "{% endif %}"
    "{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
)

CORPUS = [
    "the quick brown fox jumps over the lazy dog",
    "a small poem about open source and friendly llamas",
    "what one alone could never do we build together, me and you",
]


def write_tiny_model(folder: Path) -> Path:
    """Write model, tokenizer and configs into ``folder``; returns it."""
    tokenizer = _tokenizer()
    config = tiny_config(vocabulary=tokenizer.get_vocab_size())
    model = build(config, random_weights(config))
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (folder / "tokenizer.json").write_text(_as_gemma(tokenizer), encoding="utf-8")
    documents = {
        "config.json": config,
        "generation_config.json": {"eos_token_id": [EOS, END_OF_TURN]},
        "tokenizer_config.json": {
            "bos_token": "<bos>",
            "eos_token": "<eos>",
            "chat_template": TEMPLATE,
        },
    }
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder


def tiny_config(*, vocabulary: int) -> dict[str, Any]:
    """A ``config.json`` with every field that the graph reads."""
    return {
        "model_type": "gemma",
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 16,
        "intermediate_size": 64,
        "hidden_activation": "gelu_pytorch_tanh",
        "rms_norm_eps": 1e-6,
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
        "max_position_embeddings": CONTEXT,
        "eos_token_id": EOS,
        "tie_word_embeddings": True,
        "attention_bias": False,
    }


def random_weights(config: dict[str, Any]) -> dict[str, npt.NDArray[np.float32]]:
    """Weights by transformers' names, the same on every call."""
    generator = np.random.default_rng(7)

    def normal(scale: float, *shape: int) -> npt.NDArray[np.float32]:
        return generator.normal(0, scale, shape).astype(np.float16).astype(np.float32)

    hidden, mlp = config["hidden_size"], config["intermediate_size"]
    queries = config["num_attention_heads"] * config["head_dim"]
    keys = config["num_key_value_heads"] * config["head_dim"]
    weights = {
        "model.embed_tokens.weight": normal(0.25, config["vocab_size"], hidden),
        "model.norm.weight": normal(0.2, hidden),
    }
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}"
        weights |= {
            f"{prefix}.input_layernorm.weight": normal(0.2, hidden),
            f"{prefix}.post_attention_layernorm.weight": normal(0.2, hidden),
            f"{prefix}.self_attn.q_proj.weight": normal(0.5, queries, hidden),
            f"{prefix}.self_attn.k_proj.weight": normal(0.5, keys, hidden),
            f"{prefix}.self_attn.v_proj.weight": normal(0.5, keys, hidden),
            f"{prefix}.self_attn.o_proj.weight": normal(0.5, hidden, queries),
            f"{prefix}.mlp.gate_proj.weight": normal(0.5, mlp, hidden),
            f"{prefix}.mlp.up_proj.weight": normal(0.5, mlp, hidden),
            f"{prefix}.mlp.down_proj.weight": normal(0.5, hidden, mlp),
        }
    return weights


def _tokenizer() -> Tokenizer:
    """A byte-fallback BPE like Gemma's, with a few hundred tokens."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    every_byte = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=340, special_tokens=SPECIAL + every_byte, show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def _as_gemma(tokenizer: Tokenizer) -> str:
    """The tokenizer's file, with byte tokens as plain ones and BOS put in front."""
    described = json.loads(tokenizer.to_str())
    described["added_tokens"] = [
        token for token in described["added_tokens"] if token["content"] in SPECIAL
    ]
    described["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "<bos>", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [
            {"Sequence": {"id": "A", "type_id": 0}},
            {"Sequence": {"id": "B", "type_id": 1}},
        ],
        "special_tokens": {"<bos>": {"id": "<bos>", "ids": [BOS], "tokens": ["<bos>"]}},
    }
    return json.dumps(described, ensure_ascii=False)
