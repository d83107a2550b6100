"""The UNet in the form that the engine serves: two graphs, written node by node.

``python -m training.sdxl.rewrite --served DIR [--out DIR]``
reads the UNet of a folder of served files, whether it is in this form or as torch's exporter traces
it, and writes ``conditions.onnx`` and ``unet.onnx``. The weights stay what they are, up to the
rounding of those that are multiplied in whole numbers.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from training.files import write_whole
from training.graphs.nodes import Weights
from training.sdxl.conditions import conditions_graph
from training.sdxl.graphs import UNET_INPUTS, Feed, Graph, compare, graphs_of, open_model
from training.sdxl.served import served_modules
from training.sdxl.storage import Storage
from training.sdxl.unet_graph import unet_graph


@dataclass(frozen=True)
class UnetWeights:
    """All that a UNet's graphs are written from.

    Attributes:
        config: of diffusers' ``UNet2DConditionModel``.
        weights: by their names, in float32.
    """

    config: Mapping[str, Any]
    weights: Weights

    @classmethod
    def of(cls, unet: Any) -> UnetWeights:
        """Those of a module."""
        weights = {name: value.detach().float().numpy() for name, value in unet.named_parameters()}
        return cls(dict(unet.config), weights)


def unet_graphs(unet: UnetWeights, storage: Storage) -> dict[str, onnx.ModelProto]:
    """Both graphs by the names of their files, without ``.onnx``.

    Args:
        unet: what they are written from.
        storage: how the weights lie in the files; with ``int8``, most products are in whole
            numbers.
    """
    return {
        "conditions": conditions_graph(unet.config, unet.weights, storage),
        "unet": unet_graph(unet.config, unet.weights, storage),
    }


def check_unet(graph: Graph, unet: UnetWeights) -> None:
    """Compare the written graphs with the module, both in single precision.

    Raises:
        ExportError: they disagree.
    """
    models = unet_graphs(unet, "float32")
    conditions, step = (open_model(models[name]) for name in ("conditions", "unet"))
    names = [output.name for output in conditions.get_outputs()]

    def run(feed: Feed) -> list[np.ndarray]:
        rows = []
        for values in zip(*(feed[name] for name in UNET_INPUTS), strict=True):
            row = dict(zip(UNET_INPUTS, values, strict=True))
            row["timesteps"] = row.pop("timestep").reshape(1)
            known = dict(zip(names, conditions.run(names, row), strict=True))
            known["shifts"] = known["shifts"][0]
            rows.extend(step.run(["prediction"], {"sample": row["sample"], **known}))
        return [np.stack(rows)]

    compare(graph, run)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Put an exported UNet into the served form.")
    parser.add_argument("--served", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: the same folder")
    options = parser.parse_args(arguments)
    modules = served_modules(options.served, graphs=["unet"])
    unet = UnetWeights.of(modules["unet"])
    graph = next(graph for graph in graphs_of(modules) if graph.name == "unet")
    check_unet(graph, unet)
    for name, written in unet_graphs(unet, "int8").items():
        path = (options.out or options.served) / f"{name}.onnx"
        onnx.checker.check_model(written)
        write_whole(path, written.SerializeToString(deterministic=True))
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
