"""The pipeline's modules as graphs for onnxruntime: what goes in, what comes out, what may vary."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import torch

from local_endpoints.engine.runtime import ort
from training.sdxl.storage import strip

OPSET = 20
IR_VERSION = 10
"""The newest of these two that onnxruntime 1.23.2 and 1.32 both read."""
TOLERANCE = 1e-3
"""Largest difference allowed between onnxruntime and torch, as a share of the output's spread."""
LARGEST_SIDE = 512
"""Bound of the latents' sides that the exporter is told."""
LARGEST_BATCH = 63
"""Bound of the rows, likewise."""
UNET_INPUTS = ("sample", "timestep", "encoder_hidden_states", "text_embeds", "time_ids")

Feed = dict[str, np.ndarray]


class ExportError(RuntimeError):
    """What was exported does not fit what was trained."""


@dataclass(frozen=True)
class Graph:
    """One module with the way it is exported.

    Attributes:
        name: of the file, without ``.onnx``.
        module: called with the inputs in order.
        inputs: an example of each, by name.
        outputs: names.
        dynamic: for each input its dynamic dimensions and their names.
    """

    name: str
    module: torch.nn.Module
    inputs: dict[str, torch.Tensor]
    outputs: list[str]
    dynamic: dict[str, dict[int, str]]


class _TextEncoders(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, first: Any, second: Any) -> None:
        super().__init__()
        self.first, self.second = first, second

    def forward(
        self, input_ids: torch.Tensor, input_ids_2: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What ``StableDiffusionXLPipeline.encode_prompt`` takes from the two encoders."""
        first = self.first(input_ids, output_hidden_states=True)
        second = self.second(input_ids_2, output_hidden_states=True)
        hidden = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], dim=-1)
        return hidden, second.text_embeds


class _Unet(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, unet: Any) -> None:
        super().__init__()
        self.unet = unet
        # Makes every upsampling aim at the size of its skip connection, as diffusers does for
        # sizes that do not halve evenly, so that one graph fits all sizes.
        unet.num_upsamplers = 30

    def forward(
        self,
        sample: torch.Tensor,
        timestep: torch.Tensor,
        encoder_hidden_states: torch.Tensor,
        text_embeds: torch.Tensor,
        time_ids: torch.Tensor,
    ) -> torch.Tensor:
        conditions = {"text_embeds": text_embeds, "time_ids": time_ids}
        prediction: torch.Tensor = self.unet(
            sample,
            timestep,
            encoder_hidden_states,
            added_cond_kwargs=conditions,
            return_dict=False,
        )[0]
        return prediction


class _Decoder(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        sample: torch.Tensor = self.vae.decode(latents, return_dict=False)[0]
        return sample


def graphs_of(modules: Mapping[str, Any]) -> list[Graph]:
    """The three modules, with random examples of their inputs.

    What is served of the UNet is not traced, but written by `rewrite`.
    """
    random = torch.Generator().manual_seed(0)
    unet, vae = modules["unet"].config, modules["vae"].config
    context = modules["text_encoder"].config.max_position_embeddings
    vocabulary = modules["text_encoder"].config.vocab_size
    tokens = torch.randint(0, vocabulary, (2, context), generator=random)
    # Sides that differ and do not halve evenly: nothing about them may end up in the graph.
    latents = torch.randn(2, unet.in_channels, 18, 21, generator=random)
    pooled = modules["text_encoder_2"].config.projection_dim
    batch, sides = {0: "batch"}, {0: "batch", 2: "height", 3: "width"}
    examples = (
        latents,
        torch.tensor([999.0, 400.0]),
        torch.randn(2, context, unet.cross_attention_dim, generator=random),
        torch.randn(2, pooled, generator=random),
        torch.full((2, 6), 8.0 * unet.sample_size),
    )
    return [
        Graph(
            name="text_encoders",
            module=_TextEncoders(modules["text_encoder"], modules["text_encoder_2"]),
            inputs={"input_ids": tokens, "input_ids_2": tokens.flip(1)},
            outputs=["prompt_embeds", "pooled_prompt_embeds"],
            dynamic={"input_ids": batch, "input_ids_2": batch},
        ),
        Graph(
            name="unet",
            module=_Unet(modules["unet"]),
            inputs=dict(zip(UNET_INPUTS, examples, strict=True)),
            outputs=["prediction"],
            dynamic={name: sides if name == "sample" else batch for name in UNET_INPUTS},
        ),
        Graph(
            name="vae_decoder",
            module=_Decoder(modules["vae"]),
            inputs={"latents": latents[:, : vae.latent_channels]},
            outputs=["sample"],
            dynamic={"latents": sides},
        ),
    ]


def to_onnx(graph: Graph) -> onnx.ModelProto:
    """Export one module, without anything that only a debugger needs."""
    # diffusers' upsampling takes another way from 64 rows on, which a graph would not hold.
    bounds = {"batch": LARGEST_BATCH, "height": LARGEST_SIDE, "width": LARGEST_SIDE}
    dims = {name: torch.export.Dim(name, min=1, max=size) for name, size in bounds.items()}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            graph.module,
            tuple(graph.inputs.values()),
            input_names=list(graph.inputs),
            output_names=graph.outputs,
            dynamic_shapes=[
                {axis: dims[name] for axis, name in graph.dynamic[given].items()}
                for given in graph.inputs
            ],
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    model: onnx.ModelProto = program.model_proto
    model.ir_version = IR_VERSION
    strip(model)
    return model


def check(graph: Graph, model: onnx.ModelProto) -> None:
    """Compare a graph in onnxruntime with its module in torch.

    Raises:
        ExportError: they disagree.
    """
    session = open_model(model)
    compare(graph, lambda feed: session.run(graph.outputs, feed))


def open_model(model: onnx.ModelProto) -> ort.InferenceSession:
    """A session that says nothing but errors."""
    options = ort.SessionOptions()
    options.log_severity_level = 3
    return ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def compare(graph: Graph, run: Callable[[Feed], list[np.ndarray]]) -> None:
    """Compare outputs with torch's on the example, on one row of it and on a larger picture.

    Args:
        graph: with the module.
        run: gives the outputs for an input.

    Raises:
        ExportError: they disagree.
    """
    for inputs in _variants(graph):
        with torch.inference_mode():
            expected = graph.module(*inputs.values())
        if isinstance(expected, torch.Tensor):
            expected = (expected,)
        found = run({name: value.numpy() for name, value in inputs.items()})
        for name, got, wanted in zip(graph.outputs, found, expected, strict=True):
            error = float(np.abs(got - wanted.numpy()).max() / wanted.numpy().std())
            if not error <= TOLERANCE:
                raise ExportError(
                    f"{graph.name}: {name} differs from torch by {error:.1e} of its spread"
                )


def _variants(graph: Graph) -> list[dict[str, torch.Tensor]]:
    example = graph.inputs
    one_row = {name: value[:1] for name, value in example.items()}
    sizes = [
        {
            name: value.repeat(1, 1, 2, 1) if "height" in graph.dynamic[name].values() else value
            for name, value in example.items()
        }
    ]
    return [example, one_row, *sizes]
