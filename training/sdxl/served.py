"""The weights of served files, by the names that diffusers and transformers give them.

``python -m training.sdxl.served --served local_endpoints/models/sdxl --out DIR`` writes the
pipeline's models in the format of diffusers and transformers: ``encoder``, ``text`` and ``unet`` go
on from them. With ``--whole`` it writes the whole pipeline, and diffusers draws with it.
``--places FILE`` keeps what was learned about the exporter, for a computer that has another one.

The export, backwards: where the run that made the shipped weights is gone, a training goes on from
what is shipped. What comes back is as exact as it is stored, that is rounded to eight bits or to
half precision. What no picture needs never was in the files: the autoencoder's encoder, and the
last layer of the first text encoder.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer

from training.files import write_whole
from training.graphs.served import stored_weights
from training.sdxl import components
from training.sdxl.graphs import Graph, graphs_of, to_onnx
from training.sdxl.products import from_matrix

Array = npt.NDArray[Any]
Places = dict[str, tuple[str, bool]]
"""By the name of an initializer, whose weight it is and whether the exporter turned it."""
Weights = dict[str, torch.Tensor]
PARTS: dict[str, dict[str, str]] = {
    "text_encoders": {"text_encoder": "first", "text_encoder_2": "second"},
    "unet": {"unet": "unet"},
    "vae_decoder": {"vae": "vae"},
}
"""By graph, the pipeline's parts in it and what the exported module calls them."""


class NotServed(ValueError):
    """A file does not hold the weights of the module that it should."""


def served_modules(
    folder: Path,
    places: Mapping[str, Places] | None = None,
    *,
    graphs: Container[str] = tuple(PARTS),
) -> dict[str, Any]:
    """The pocket pipeline's parts with the weights of a folder of served files, in float32.

    What is not in the files keeps its random weights.

    Args:
        folder: of the served files.
        places: by graph; what is not there is learned from an export, which takes a minute.
        graphs: those to read; the others' parts keep their random weights, too.

    Raises:
        FileNotFoundError: a file is missing.
        NotServed: a file lacks a weight that the module's own export has.
    """
    tokenizer = folder / "tokenizer.json"
    modules, twins = built(tokenizer), built(tokenizer)  # of a twin the weights are overwritten
    for graph in graphs_of(twins):
        if graph.name not in graphs:
            continue
        if graph.name == "unet" and is_written(folder):
            modules["unet"].load_state_dict(written_unet(modules["unet"], folder))
            continue
        known = (places or {}).get(graph.name)
        found = served_weights(graph, folder / f"{graph.name}.onnx", known)
        for part, called in PARTS[graph.name].items():
            prefix = f"{called}."
            weights = {
                name.removeprefix(prefix): value
                for name, value in found.items()
                if name.startswith(prefix)
            }
            modules[part].load_state_dict(weights, strict=False)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    modules["vae"].register_to_config(scaling_factor=config["scaling_factor"])
    return modules


def built(tokenizer: Path) -> dict[str, Any]:
    """The pocket pipeline's parts, untrained."""
    first, second = components.build_text_encoders(Tokenizer.from_file(str(tokenizer)))
    return {
        "text_encoder": first.eval(),
        "text_encoder_2": second.eval(),
        "unet": components.build_unet().eval(),
        "vae": components.build_vae().eval(),
    }


def is_written(folder: Path) -> bool:
    """Whether the UNet of a folder is in the form that `rewrite` writes, with names of its own."""
    return (folder / "conditions.onnx").exists()


def written_unet(unet: torch.nn.Module, folder: Path) -> Weights:
    """The weights of a UNet in that form, by its own names.

    Raises:
        FileNotFoundError: a file is missing.
        NotServed: a weight is missing.
    """
    stored: dict[str, Array] = {}
    for name in ("conditions", "unet"):
        stored |= stored_weights(onnx.load(folder / f"{name}.onnx").graph)
    found: Weights = {}
    for name, parameter in unet.named_parameters():
        if name not in stored:
            raise NotServed(f"{folder.name} has no {name}. Is it of another UNet?")
        found[name] = torch.from_numpy(from_matrix(stored[name], parameter.shape))
    return found


def served_weights(graph: Graph, path: Path, places: Places | None = None) -> Weights:
    """A file's weights by the names that the graph's module has for its own.

    Args:
        graph: of the same classes and sizes.
        path: the file.
        places: see ``places_of``, which is asked by default.

    Raises:
        NotServed: the file lacks a weight.
    """
    stored = stored_weights(onnx.load(path).graph)
    shapes = {name: parameter.shape for name, parameter in graph.module.named_parameters()}
    found: Weights = {}
    for name, (parameter, turned) in (places_of(graph) if places is None else places).items():
        if name not in stored:
            raise NotServed(f"{path.name} has no {name}. Was it exported from other classes?")
        values = stored[name].T if turned else stored[name]
        values = np.array(values.reshape(shapes[parameter]), np.float32, order="C")
        found[parameter] = torch.from_numpy(values)
    return found


def places_of(graph: Graph) -> Places:
    """Where an export puts the weights of a graph's module, which are overwritten.

    An exporter renames, turns and reshapes weights as it likes. What it does is learned from a
    twin: the module is exported with numbers of which no two are alike, and where they are found
    again, a served file has its weights.
    """
    with torch.no_grad():
        for number, parameter in enumerate(graph.module.parameters()):
            noise = torch.Generator().manual_seed(number)
            parameter.copy_(torch.randn(parameter.shape, generator=noise))
    twin = to_onnx(graph)
    wanted: dict[int, dict[str, Array]] = {}
    for name, parameter in graph.module.named_parameters():
        wanted.setdefault(parameter.numel(), {})[name] = parameter.detach().numpy()
    places: Places = {}
    for tensor in twin.graph.initializer:
        values = numpy_helper.to_array(tensor)
        for name, parameter in wanted.get(values.size, {}).items():
            if np.array_equal(values.reshape(parameter.shape), parameter):
                places[tensor.name] = (name, False)
            elif values.ndim == 2 and np.array_equal(values.T.reshape(parameter.shape), parameter):
                places[tensor.name] = (name, True)
    return places


def known_places(path: Path | None, tokenizer: Path) -> dict[str, Places]:
    """The places of the traced graphs, from a file if there is one; else learned, and written.

    The UNet's graphs are not traced, and say themselves whose weights they hold.
    """
    if path is not None and path.exists():
        read = json.loads(path.read_text(encoding="utf-8"))
        return {
            graph: {name: (parameter, turned) for name, (parameter, turned) in places.items()}
            for graph, places in read.items()
        }
    places = {
        graph.name: places_of(graph)
        for graph in graphs_of(built(tokenizer))
        if graph.name != "unet"
    }
    if path is not None:
        write_whole(path, json.dumps(places).encode())
    return places


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write served weights in diffusers' format.")
    parser.add_argument("--served", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--places", type=Path, metavar="FILE", help="read, or written if missing")
    parser.add_argument("--whole", action="store_true", help="write the whole pipeline")
    options = parser.parse_args(arguments)
    tokenizer = options.served / "tokenizer.json"
    parts = served_modules(options.served, known_places(options.places, tokenizer))
    if options.whole:
        # Imports all of diffusers' pipelines, which no training needs.
        from training.sdxl.assemble import joined

        joined(parts, tokenizer=tokenizer).save_pretrained(options.out)
        return
    for name, part in parts.items():
        part.save_pretrained(options.out / name)


if __name__ == "__main__":
    main()
