"""The UNet's graphs, written node by node."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from tests.training.sdxl.test_export import modules
from training.sdxl.graphs import ExportError, Graph, graphs_of, open_model
from training.sdxl.rewrite import UnetWeights, check_unet, unet_graphs
from training.sdxl.storage import Storage
from training.sdxl.unet_shape import UnknownUnet, parts_of

SIZES = ((16, 16), (7, 10), (1, 1))


def wide_unet() -> Any:
    """A small UNet whose convolutions are large enough for whole numbers, with a middle and two
    halvings."""
    from diffusers import UNet2DConditionModel

    torch.manual_seed(1)
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(48, 64, 64),
        layers_per_block=1,
        attention_head_dim=2,
        norm_num_groups=8,
        cross_attention_dim=32,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=16 + 6 * 4,
    ).eval()


@pytest.fixture(scope="module")
def unet() -> Any:
    return wide_unet()


def graph_of(unet: Any) -> Graph:
    return next(graph for graph in graphs_of({**modules(), "unet": unet}) if graph.name == "unet")


def predicted(unet: Any, storage: Storage, size: tuple[int, int]) -> np.ndarray:
    """One step of the written graphs."""
    models = unet_graphs(UnetWeights.of(unet), storage)
    conditions, step = (open_model(models[name]) for name in ("conditions", "unet"))
    random = np.random.default_rng(0)
    row: Mapping[str, np.ndarray] = {
        "sample": random.standard_normal((4, *size), np.float32),
        "timesteps": np.asarray([500.0, 3.0], np.float32),
        "encoder_hidden_states": random.standard_normal((12, 32), np.float32),
        "text_embeds": random.standard_normal(16, np.float32),
        "time_ids": np.full(6, 16.0, np.float32),
    }
    names = [output.name for output in conditions.get_outputs()]
    known = dict(zip(names, conditions.run(names, row), strict=True))
    known["shifts"] = known["shifts"][1]
    (found,) = step.run(["prediction"], {"sample": row["sample"], **known})
    return np.asarray(found)


def test_the_written_graphs_compute_what_the_module_computes(unet: Any) -> None:
    """On even and odd sizes, with and without a middle block."""
    for each in (unet, modules()["unet"]):
        check_unet(graph_of(each), UnetWeights.of(each))


def test_a_module_of_other_weights_is_refused(unet: Any) -> None:
    weights = UnetWeights.of(unet)
    other = wide_unet()
    with torch.no_grad():
        other.conv_out.bias += 1
    with pytest.raises(ExportError, match="unet: prediction differs from torch"):
        check_unet(graph_of(other), weights)


@pytest.mark.parametrize("size", SIZES)
def test_whole_numbers_compute_nearly_the_same(unet: Any, size: tuple[int, int]) -> None:
    exact, rounded = (predicted(unet, storage, size) for storage in ("float32", "int8"))
    assert rounded.shape == (4, *size)
    error = (rounded - exact).std() / exact.std()
    assert 0 < error < 0.05
    products = [
        node.op_type for node in unet_graphs(UnetWeights.of(unet), "int8")["unet"].graph.node
    ]
    assert products.count("MatMulIntegerToFloat") > 20


def test_the_same_weights_give_the_same_bytes(unet: Any) -> None:
    for name, model in unet_graphs(UnetWeights.of(unet), "int8").items():
        again = unet_graphs(UnetWeights.of(unet), "int8")[name]
        assert model.SerializeToString(deterministic=True) == again.SerializeToString(
            deterministic=True
        )


def test_nothing_that_a_picture_keeps_is_computed_in_a_step(unet: Any) -> None:
    step = unet_graphs(UnetWeights.of(unet), "int8")["unet"].graph
    names = {tensor.name for tensor in step.initializer}
    assert not any("time_emb" in name or "attn2.to_k" in name for name in names)
    assert not any(node.op_type in {"Shape", "Sin", "Range"} for node in step.node[:-4])


@pytest.mark.parametrize(
    "change",
    [
        {"use_linear_projection": False},
        {"act_fn": "gelu"},
        {"mid_block_type": "UNetMidBlock2D"},
        {"down_block_types": ("AttnDownBlock2D", "DownBlock2D", "DownBlock2D")},
    ],
)
def test_other_unets_are_refused(unet: Any, change: dict[str, Any]) -> None:
    with pytest.raises(UnknownUnet):
        parts_of({**unet.config, **change})
