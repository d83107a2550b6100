"""An image pipeline small enough to make anew in every test run, with random weights.

Everything that goes in changes the picture, and the graphs take what the shipped ones take: two
text encoders, a UNet of two convolutions and what it is told, a decoder that enlarges.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers
from tokenizers.processors import TemplateProcessing

WORDS = ("fox", "llama", "owl", "red", "hat", "snow", "tea", "a", "in", "the")
CONTEXT = 12
IMAGE_SIZE = 32
LATENT_CHANNELS = 4
WIDTH = 16
POOLED = 8
CHANNELS = 8
START, END = "<|startoftext|>", "<|endoftext|>"
ROWS = ("text_embeds", "time_ids")
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def write_tiny_pipeline(folder: Path) -> Path:
    """Write the files of a pipeline; returns the folder."""
    write_tokenizer(folder / "tokenizer.json")
    for name, graph in (
        ("text_encoders", _text_encoders(len(WORDS) + 3)),
        ("conditions", _conditions()),
        ("unet", _unet()),
        ("vae_decoder", _decoder()),
    ):
        opsets = [helper.make_opsetid("", 20)]
        onnx.save(
            helper.make_model(graph, opset_imports=opsets, ir_version=10), folder / f"{name}.onnx"
        )
    (folder / "config.json").write_text(json.dumps(config()))
    return folder


def config(**changes: Any) -> dict[str, Any]:
    """The pipeline's ``config.json``."""
    return {
        "pipeline": "StableDiffusionXLPipeline",
        "image_size": IMAGE_SIZE,
        "vae_scale_factor": 8,
        "latent_channels": LATENT_CHANNELS,
        "scaling_factor": 0.5,
        "shift_factor": 0.1,
        "context": CONTEXT,
        "start_token": START,
        "end_token": END,
        "force_zeros_for_empty_prompt": False,
        "scheduler": {
            "beta_start": 0.00085,
            "beta_end": 0.012,
            "beta_schedule": "scaled_linear",
            "prediction_type": "v_prediction",
            "rescale_betas_zero_snr": True,
            "timestep_spacing": "trailing",
        },
        **changes,
    }


def write_tokenizer(path: Path) -> None:
    """A tokenizer of whole words between CLIP's two marks."""
    vocabulary = {word: number for number, word in enumerate((*WORDS, "<unk>", START, END))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_special_tokens([START, END])
    tokenizer.post_processor = TemplateProcessing(
        single=f"{START} $A {END}",
        special_tokens=[(mark, vocabulary[mark]) for mark in (START, END)],
    )
    tokenizer.save(str(path))


class _Graph:
    """Collects nodes and random weights."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._random = np.random.default_rng(len(name))

    def weight(self, name: str, *shape: int, scale: float = 1.0) -> str:
        values = self._random.standard_normal(shape) * scale
        return self.constant(name, values.astype(np.float32))

    def constant(self, name: str, values: Any) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def make(self, inputs: dict[str, Any], outputs: dict[str, Any]) -> Any:
        infos = [
            [helper.make_tensor_value_info(name, *info) for name, info in part.items()]
            for part in (inputs, outputs)
        ]
        return helper.make_graph(self.nodes, self.name, *infos, self.weights)


def _text_encoders(vocabulary: int) -> Any:
    graph = _Graph("text_encoders")
    half = WIDTH // 2
    tables = [graph.weight(f"table.{number}", vocabulary, half) for number in (1, 2)]
    first = graph.node("Gather", [tables[0], "input_ids"], "first")
    second = graph.node("Gather", [tables[1], "input_ids_2"], "second")
    graph.node("Concat", [first, second], "prompt_embeds", axis=2)
    axes = graph.constant("axes", np.asarray([1], np.int64))
    graph.node("ReduceMean", [second, axes], "pooled_prompt_embeds", keepdims=0)
    tokens = (INT64, ["batch", CONTEXT])
    return graph.make(
        {"input_ids": tokens, "input_ids_2": tokens},
        {
            "prompt_embeds": (FLOAT, ["batch", CONTEXT, WIDTH]),
            "pooled_prompt_embeds": (FLOAT, ["batch", POOLED]),
        },
    )


def _conditions() -> Any:
    graph = _Graph("conditions")
    first, last = (graph.constant(f"axis.{axis}", np.asarray([axis])) for axis in (0, 1))
    mean = graph.node("ReduceMean", ["encoder_hidden_states", first], "mean", keepdims=1)
    rows = [graph.node("Unsqueeze", [name, first], f"{name}.row") for name in ROWS]
    parts = [
        graph.node("MatMul", [mean, graph.weight("w.text", WIDTH, CHANNELS)], "by_text"),
        graph.node("MatMul", [rows[0], graph.weight("w.pooled", POOLED, CHANNELS)], "by_pooled"),
        graph.node("MatMul", [rows[1], graph.weight("w.ids", 6, CHANNELS, scale=0.02)], "by_ids"),
    ]
    graph.node("Sum", parts, "told")
    column = graph.node("Unsqueeze", ["timesteps", last], "column")
    graph.node("MatMul", [column, graph.weight("w.time", 1, CHANNELS, scale=0.002)], "shifts")
    return graph.make(
        {
            "sample": (FLOAT, [LATENT_CHANNELS, "height", "width"]),
            "timesteps": (FLOAT, ["steps"]),
            "encoder_hidden_states": (FLOAT, [CONTEXT, WIDTH]),
            "text_embeds": (FLOAT, [POOLED]),
            "time_ids": (FLOAT, [6]),
        },
        {"shifts": (FLOAT, ["steps", CHANNELS]), "told": (FLOAT, [1, CHANNELS])},
    )


def _unet() -> Any:
    graph = _Graph("unet")
    first = graph.constant("first", np.asarray([0]))
    column = graph.constant("column", np.asarray([1, -1, 1, 1]))
    both = graph.node("Add", ["told", "shifts"], "both")
    condition = graph.node("Reshape", [both, column], "condition")
    batch = graph.node("Unsqueeze", ["sample", first], "batch")
    kernel = graph.weight("w.in", CHANNELS, LATENT_CHANNELS, 3, 3, scale=0.3)
    hidden = graph.node("Conv", [batch, kernel], "hidden", pads=[1, 1, 1, 1])
    active = graph.node("Tanh", [graph.node("Add", [hidden, condition], "sum")], "active")
    kernel = graph.weight("w.out", LATENT_CHANNELS, CHANNELS, 3, 3, scale=0.3)
    last = graph.node("Conv", [active, kernel], "last", pads=[1, 1, 1, 1])
    graph.node("Squeeze", [last, first], "prediction")
    latents = (FLOAT, [LATENT_CHANNELS, "height", "width"])
    return graph.make(
        {"sample": latents, "shifts": (FLOAT, [CHANNELS]), "told": (FLOAT, [1, CHANNELS])},
        {"prediction": latents},
    )


def _decoder() -> Any:
    graph = _Graph("vae_decoder")
    scales = graph.constant("scales", np.asarray([1, 1, 8, 8], np.float32))
    large = graph.node("Resize", ["latents", "", scales], "large", mode="nearest")
    kernel = graph.weight("w", 3, LATENT_CHANNELS, 3, 3, scale=0.1)
    graph.node("Conv", [large, kernel], "pixels", pads=[1, 1, 1, 1])
    graph.node("Tanh", ["pixels"], "sample")
    return graph.make(
        {"latents": (FLOAT, ["batch", LATENT_CHANNELS, "height", "width"])},
        {"sample": (FLOAT, ["batch", 3, "image height", "image width"])},
    )
