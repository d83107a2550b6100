"""Turn a trained SDXL pipeline into the files that the engine serves.

``python -m training.sdxl.export --model DIR --out local_endpoints/models/sdxl``
reads a folder as ``StableDiffusionXLPipeline.save_pretrained`` lays it out and writes
``text_encoders.onnx``, ``conditions.onnx``, ``unet.onnx``, ``vae_decoder.onnx`` and
``config.json``; the tokenizer is copied unless there is one. Every graph is run beside the module
it came from, and the export fails when they disagree. With ``--prompt`` pictures of the shipped
files are compared with those of unrounded weights, where nothing is computed in whole numbers.
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import onnx
from tokenizers import Tokenizer

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from training.files import write_whole
from training.sdxl.graphs import ExportError, check, graphs_of, to_onnx
from training.sdxl.rewrite import UnetWeights, check_unet, unet_graphs
from training.sdxl.storage import Storage, store
from training.sdxl.tokenizer import END, START

SHIPPED: dict[str, Storage] = {"text_encoders": "int8", "unet": "int8", "vae_decoder": "half"}
"""How the weights of each part are stored unless the command line says otherwise. A UNet in int8
computes in whole numbers, too."""
EXACT: dict[str, Storage] = {name: "float32" for name in SHIPPED}
SCHEDULE_FIELDS = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "prediction_type",
    "rescale_betas_zero_snr",
    "timestep_spacing",
    "steps_offset",
)


@dataclass(frozen=True)
class Exported:
    """A pipeline as graphs with single-precision weights, checked against torch.

    Attributes:
        graphs: of the other parts, by the names of their files, without ``.onnx``.
        unet: the UNet.
        config: the content of ``config.json``.
        tokenizer: the bytes of ``tokenizer.json``.
    """

    graphs: dict[str, onnx.ModelProto]
    unet: UnetWeights
    config: dict[str, Any]
    tokenizer: bytes

    def write(self, out_dir: Path, storages: Mapping[str, Storage] = SHIPPED) -> None:
        """Write the served files.

        Every file is written beside its target and then moved over it, so that a reader sees the
        old file or the new one and never a part.

        Args:
            out_dir: created when missing.
            storages: how the weights of each part are stored.
        """
        out_dir.mkdir(parents=True, exist_ok=True)
        files = unet_graphs(self.unet, storages["unet"])
        for name, graph in self.graphs.items():
            files[name] = onnx.ModelProto()
            files[name].CopyFrom(graph)
            store(files[name], storages[name])
        for name, stored in files.items():
            onnx.checker.check_model(stored)
            write_whole(out_dir / f"{name}.onnx", stored.SerializeToString(deterministic=True))
        write_whole(out_dir / "tokenizer.json", self.tokenizer)
        write_whole(out_dir / "config.json", (json.dumps(self.config, indent=2) + "\n").encode())


@dataclass(frozen=True)
class PictureError:
    """Difference between two pictures, in steps of 1/255.

    Attributes:
        largest: over all pixels and channels.
        mean: likewise.
    """

    largest: float
    mean: float


def export(model_dir: Path, tokenizer: Path | None = None) -> Exported:
    """Export the parts of a trained pipeline.

    Args:
        model_dir: with ``vae``, ``text_encoder``, ``text_encoder_2``, ``unet``, ``scheduler``.
        tokenizer: the ``tokenizer.json``; by default the one in ``model_dir`` or in its
            ``tokenizer`` folder.

    Raises:
        ExportError: onnxruntime computes something else than torch, or the tokenizer has another
            vocabulary than the text encoders.
        FileNotFoundError: there is no tokenizer.
    """
    found = _find_tokenizer(model_dir, tokenizer)
    modules = load_modules(model_dir)
    size = Tokenizer.from_buffer(found).get_vocab_size()
    if size != modules["text_encoder"].config.vocab_size:
        raise ExportError(f"the tokenizer has {size} tokens, the text encoders have another number")
    graphs: dict[str, onnx.ModelProto] = {}
    unet = UnetWeights.of(modules["unet"])
    for graph in graphs_of(modules):
        if graph.name == "unet":
            check_unet(graph, unet)
            continue
        graphs[graph.name] = to_onnx(graph)
        check(graph, graphs[graph.name])
    return Exported(graphs, unet, config_of(modules), found)


def load_modules(model_dir: Path) -> dict[str, Any]:
    """The pipeline's parts by the names of their folders, in single precision."""
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    classes = {
        "vae": AutoencoderKL,
        "text_encoder": CLIPTextModel,
        "text_encoder_2": CLIPTextModelWithProjection,
        "unet": UNet2DConditionModel,
    }
    modules: dict[str, Any] = {
        name: kind.from_pretrained(model_dir / name).float().eval()
        for name, kind in classes.items()
    }
    modules["scheduler"] = EulerDiscreteScheduler.from_pretrained(model_dir / "scheduler")
    return modules


def config_of(modules: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine must know beside the weights: ``config.json``."""
    vae, unet = modules["vae"].config, modules["unet"].config
    factor = 2 ** (len(vae.block_out_channels) - 1)
    schedule = {name: modules["scheduler"].config[name] for name in SCHEDULE_FIELDS}
    return {
        "pipeline": "StableDiffusionXLPipeline",
        "image_size": unet.sample_size * factor,
        "vae_scale_factor": factor,
        "latent_channels": unet.in_channels,
        "scaling_factor": vae.scaling_factor,
        "shift_factor": vae.shift_factor or 0.0,
        "context": modules["text_encoder"].config.max_position_embeddings,
        "start_token": START,
        "end_token": END,
        "force_zeros_for_empty_prompt": False,
        "scheduler": schedule,
    }


def picture_error(first: Path, second: Path, request: ImageRequest) -> PictureError:
    """How far the pictures of two exported folders are apart."""
    one, other = (
        np.asarray(DiffusionPipeline(folder).generate([request])[0], np.float64)
        for folder in (first, second)
    )
    difference = np.abs(one - other)
    return PictureError(float(difference.max()), float(difference.mean()))


def _find_tokenizer(model_dir: Path, given: Path | None) -> bytes:
    places = (
        [given]
        if given
        else [model_dir / "tokenizer.json", model_dir / "tokenizer" / "tokenizer.json"]
    )
    for path in places:
        if path.exists():
            return path.read_bytes()
    raise FileNotFoundError(f"no tokenizer.json in {model_dir}: name one with --tokenizer")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, export, and print what was written and how exact it is."""
    parser = argparse.ArgumentParser(description="Export an SDXL pipeline for the engine.")
    parser.add_argument("--model", type=Path, required=True, help="folder in diffusers' layout")
    parser.add_argument("--out", type=Path, required=True, help="folder of the served files")
    parser.add_argument("--tokenizer", type=Path, help="default: OUT's, else DIR's")
    for name, default in SHIPPED.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, choices=get_args(Storage), default=default)
    parser.add_argument("--prompt", help="compare pictures of it with unrounded weights")
    options = parser.parse_args(arguments)
    logging.getLogger("torch").setLevel(logging.ERROR)
    present = options.out / "tokenizer.json"
    tokenizer = options.tokenizer or (present if present.exists() else None)
    exported = export(options.model, tokenizer)
    exported.write(options.out, {name: getattr(options, name) for name in SHIPPED})
    for path in sorted(options.out.glob("*.onnx")):
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
    if options.prompt is not None:
        _print_picture_errors(exported, options.out, options.prompt)


def _print_picture_errors(exported: Exported, out_dir: Path, prompt: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        exported.write(Path(folder), EXACT)
        for seed in range(4):
            request = ImageRequest(prompt, num_inference_steps=20, guidance_scale=8, seed=seed)
            error = picture_error(Path(folder), out_dir, request)
            print(
                f"seed {seed}: pixels differ from unrounded weights by at most "
                f"{error.largest:.0f}, on average {error.mean:.3f} of 255"
            )


if __name__ == "__main__":
    main()
