"""The export backwards: the weights of served files are those that were exported."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("onnxscript")

from local_endpoints.repositories import MODELS_DIR
from tests.training.sdxl.test_export import modules
from training.graphs.served import stored_weights
from training.sdxl import components, served
from training.sdxl.graphs import Graph, graphs_of, to_onnx
from training.sdxl.rewrite import UnetWeights, unet_graphs
from training.sdxl.served import NotServed, served_modules, served_weights, written_unet
from training.sdxl.storage import Storage, store


def stored(name: str, storage: Storage, path: Path) -> dict[str, torch.Tensor]:
    """One of the tiny pipeline's graphs, written, and the weights that were exported."""
    graph = next(graph for graph in graphs_of(modules()) if graph.name == name)
    with torch.no_grad():
        for parameter in graph.module.parameters():
            # An exporter stores biases that are all zero only once.
            parameter.normal_(0.5, 0.5)
    weights = {key: value.clone() for key, value in graph.module.named_parameters()}
    model = to_onnx(graph)
    store(model, storage)
    path.write_bytes(model.SerializeToString())
    return weights


@pytest.mark.parametrize("name", ["text_encoders", "unet", "vae_decoder"])
def test_what_was_exported_comes_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.onnx"
    expected = stored(name, "half", path)
    graph = next(graph for graph in graphs_of(modules()) if graph.name == name)
    found = served_weights(graph, path)
    assert len(found) > 10
    for key, value in found.items():
        torch.testing.assert_close(value, expected[key], atol=1e-3, rtol=1e-3)
    unread = expected.keys() - found.keys()
    assert all("encoder.layers.1" in key or "final_layer_norm" in key or "vae.encoder" in key
               or "vae.quant_conv" in key for key in unread), unread  # fmt: skip


@pytest.mark.parametrize("storage", ["float32", "half", "int8"])
def test_a_written_unet_comes_back(storage: Storage, tmp_path: Path) -> None:
    unet = modules()["unet"]
    with torch.no_grad():
        for parameter in unet.parameters():
            parameter.normal_(0.5, 0.5)
    for name, model in unet_graphs(UnetWeights.of(unet), storage).items():
        onnx.save(model, tmp_path / f"{name}.onnx")
    found = written_unet(unet, tmp_path)
    for name, parameter in unet.named_parameters():
        torch.testing.assert_close(found[name], parameter.detach(), atol=1e-3, rtol=1e-3)
    with pytest.raises(NotServed, match="of another UNet"):
        written_unet(modules()["vae"], tmp_path)


def test_eight_bits_come_back_with_their_scales(tmp_path: Path) -> None:
    path = tmp_path / "unet.onnx"
    expected = stored("unet", "int8", path)
    found = stored_weights(onnx.load(path).graph)
    name = "unet.conv_in.weight"
    np.testing.assert_allclose(found[name], expected[name].detach().numpy(), atol=0.02)
    assert not any(key.endswith((".rows", ".scales", ".half")) for key in found)


def test_places_are_learned_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def of(graph: Graph) -> served.Places:
        asked.append(graph.name)
        return {"initializer": (f"of {graph.name}", True)}

    monkeypatch.setattr(served, "places_of", of)
    path, tokenizer = tmp_path / "places.json", MODELS_DIR / "sdxl" / "tokenizer.json"
    first = served.known_places(path, tokenizer)
    assert served.known_places(path, tokenizer) == first
    assert asked == ["text_encoders", "vae_decoder"] == list(first)
    assert first["vae_decoder"] == {"initializer": ("of vae_decoder", True)}


def test_a_file_of_other_classes_is_refused(tmp_path: Path) -> None:
    stored("vae_decoder", "half", tmp_path / "text_encoders.onnx")
    graph = next(graph for graph in graphs_of(modules()) if graph.name == "text_encoders")
    with pytest.raises(NotServed, match="Was it exported from other classes"):
        served_weights(graph, tmp_path / "text_encoders.onnx")


def test_what_no_file_holds_is_as_it_would_be_without_them() -> None:
    """Not what a twin was filled with: whoever trains an encoder begins there."""
    vae = served_modules(MODELS_DIR / "sdxl")["vae"]
    fresh = components.build_vae()
    name = "encoder.conv_in.weight"
    assert vae.state_dict()[name].std() == pytest.approx(
        float(fresh.state_dict()[name].std()), rel=0.3
    )
