"""Write a pocket language model as a GGUF file, which llama.cpp serves.

``python -m training.gguf_export --model local_endpoints/models/qwen3 --out qwen3-pocket.gguf``
reads the served graph: no checkpoint and no torch is needed. Its matrices are 8-bit integers with
scales, whose products are rounded once more: to half precision, or to what ``--type`` says. The
tokenizer's merges go along, so that a text has the same tokens. Needs the packages ``gguf`` and
``onnx``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType, TokenType
from gguf.quants import quantize

from training.graphs.served import read_back

Array = npt.NDArray[Any]

TOKENIZERS = {"gemma": ("gemma4", "gemma4"), "qwen3": ("gpt2", "qwen2")}
"""By the model's type: what llama.cpp calls an algorithm of tokenizing, and of splitting before.
Gemma's of ``tokenizer.json`` merges whole characters by rank, like Gemma 4's in llama.cpp."""
TYPES = {
    "f32": (LlamaFileType.ALL_F32, GGMLQuantizationType.F32),
    "f16": (LlamaFileType.MOSTLY_F16, GGMLQuantizationType.F16),
    "q8_0": (LlamaFileType.MOSTLY_Q8_0, GGMLQuantizationType.Q8_0),
}
"""How matrices may lie in the file."""
MATRICES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}  # fmt: skip
NORMS = {
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
    "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
}  # fmt: skip
"""By GGUF's names, transformers'."""


def export(model_dir: Path, target: Path, *, kind_of_matrix: str = "f16") -> None:
    """Write the file.

    Args:
        model_dir: folder of a served Gemma or Qwen3.
        target: the file; replaced if it exists.
        kind_of_matrix: one of `TYPES`.

    Raises:
        ValueError: a model of another type.
    """
    config = json.loads((model_dir / "config.json").read_text(encoding="utf-8"))
    kind = config["model_type"]
    if kind not in TOKENIZERS:
        raise ValueError(f"expected one of {', '.join(TOKENIZERS)}, not {kind!r}")
    writer = GGUFWriter(target, kind)
    writer.add_name(f"pocket {kind}")
    writer.add_description("A pocket model of the Inference Endpoints course")
    writer.add_license("apache-2.0")
    file_type, matrix_type = TYPES[kind_of_matrix]
    writer.add_file_type(file_type)
    _write_shapes(writer, config)
    _write_tokenizer(writer, model_dir, config)
    for name, values in tensors(model_dir, config):
        if values.ndim > 1:
            writer.add_tensor(name, quantize(values, matrix_type), raw_dtype=matrix_type)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_shapes(writer: GGUFWriter, config: Mapping[str, Any]) -> None:
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]
    writer.add_rope_freq_base(theta)


def _write_tokenizer(writer: GGUFWriter, model_dir: Path, config: Mapping[str, Any]) -> None:
    tokenizer = json.loads((model_dir / "tokenizer.json").read_text(encoding="utf-8"))
    settings = json.loads((model_dir / "tokenizer_config.json").read_text(encoding="utf-8"))
    generation = json.loads((model_dir / "generation_config.json").read_text(encoding="utf-8"))
    texts = {number: text for text, number in tokenizer["model"]["vocab"].items()}
    types = dict.fromkeys(texts, TokenType.NORMAL)
    for number, text in texts.items():
        if len(text) == 6 and text.startswith("<0x"):
            types[number] = TokenType.BYTE
    for token in tokenizer["added_tokens"]:
        texts[token["id"]] = token["content"]
        kind = TokenType.CONTROL if token["special"] else TokenType.USER_DEFINED
        types[token["id"]] = kind
    numbers = range(config["vocab_size"])
    model, pre = TOKENIZERS[config["model_type"]]
    writer.add_tokenizer_model(model)
    writer.add_tokenizer_pre(pre)
    writer.add_token_list([texts[number] for number in numbers])
    writer.add_token_types([types[number] for number in numbers])
    writer.add_token_merges([" ".join(pair) for pair in tokenizer["model"]["merges"]])
    writer.add_add_space_prefix(False)
    writer.add_add_bos_token(bool(settings.get("add_bos_token")))
    writer.add_bos_token_id(config["bos_token_id"])
    end, *others = generation["eos_token_id"]
    writer.add_eos_token_id(end)
    if others and config["model_type"] == "gemma":
        writer.add_eot_token_id(others[0])
    writer.add_pad_token_id(generation["pad_token_id"])
    writer.add_chat_template(settings["chat_template"])


def tensors(model_dir: Path, config: Mapping[str, Any]) -> Iterator[tuple[str, Array]]:
    """The weights of a served model by the names that GGUF gives them, in single precision."""
    weights = read_back(model_dir)
    # llama.cpp multiplies by what it finds; Gemma's checkpoints have the distance from one.
    distance = 1 if config["model_type"] == "gemma" else 0
    yield "token_embd.weight", weights["model.embed_tokens.weight"]
    for layer in range(config["num_hidden_layers"]):
        here, old = f"blk.{layer}", f"model.layers.{layer}"
        for part, name in MATRICES.items():
            yield f"{here}.{part}.weight", weights[f"{old}.{name}.weight"]
        for part, name in NORMS.items():
            if (norm := f"{old}.{name}.weight") in weights:
                yield f"{here}.{part}.weight", weights[norm] + distance
    yield "output_norm.weight", weights["model.norm.weight"] + distance


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, export, and print what was written."""
    parser = argparse.ArgumentParser(description="Write a pocket language model as GGUF.")
    parser.add_argument("--model", type=Path, required=True, help="folder of a served model")
    parser.add_argument("--out", type=Path, required=True, help="the file")
    parser.add_argument("--type", choices=TYPES, default="f16", help="of matrices")
    options = parser.parse_args(arguments)
    export(options.model, options.out, kind_of_matrix=options.type)
    print(f"{options.out.name}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
