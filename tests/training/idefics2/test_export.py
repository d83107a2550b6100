"""Export of a checkpoint, where torch and transformers are installed."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from PIL import Image

from training.graphs.weights import read_weights
from training.idefics2 import model, text_graph, tokenizer, vision_graph
from training.idefics2.export import export, logit_error, main

FILES = [
    "chat_template.json",
    "config.json",
    "generation_config.json",
    "model.onnx",
    "preprocessor_config.json",
    "processor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vision.onnx",
]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Several threads on tiny matrices wait for each other where the cores are busy."""
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random checkpoint with weights large enough to tell a wrong graph from a right one."""
    shape = model.config(vision_width=32, vision_layers=2, width=64, layers=2)
    made = model.build(seed=1, shape=shape)
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if "norm" in name and name.endswith("weight"):
                parameter.normal_(1, 0.2)
            else:
                parameter.normal_(0, 0.15)
    folder = tmp_path_factory.mktemp("checkpoint")
    made.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.write(tokenizer.train(texts=200), folder)
    return folder


@pytest.fixture(scope="module")
def served(checkpoint: Path, words: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "new" / "served"
    export(checkpoint, words, folder)
    return folder


def picture(width: int, height: int) -> Image.Image:
    pixels = np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def config_of(checkpoint: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("size", [(128, 96), (64, 64), (50, 201)])
def test_the_engine_computes_the_logits_of_transformers(
    checkpoint: Path, served: Path, size: tuple[int, int]
) -> None:
    assert logit_error(checkpoint, served, picture(*size)) < 0.06


def test_the_logits_depend_on_every_weight(checkpoint: Path, words: Path, tmp_path: Path) -> None:
    """Otherwise a graph that forgets one would pass the comparison above."""
    from safetensors.torch import load_file, save_file

    weights = load_file(checkpoint / "model.safetensors")
    for part in (
        "vision_model.embeddings.position_embedding.weight",
        "vision_model.post_layernorm.bias",
        "connector.perceiver_resampler.latents",
        "connector.perceiver_resampler.layers.0.self_attn.k_proj.weight",
        "text_model.layers.1.mlp.up_proj.weight",
        "text_model.norm.weight",
    ):
        folder = tmp_path / part
        folder.mkdir()
        for name in ("config.json", "generation_config.json"):
            (folder / name).write_bytes((checkpoint / name).read_bytes())
        changed = weights | {f"model.{part}": weights[f"model.{part}"].roll(1, -1)}
        save_file(changed, folder / "model.safetensors", metadata={"format": "pt"})
        export(folder, words, folder / "served")
        assert logit_error(checkpoint, folder / "served", picture(64, 64)) > 0.1, part


def test_the_files_are_those_that_are_served(checkpoint: Path, words: Path, served: Path) -> None:
    assert sorted(path.name for path in served.iterdir()) == FILES, "and no temporary one is left"
    for folder, names in (
        (checkpoint, ("config.json", "generation_config.json")),
        (words, ("tokenizer.json", "tokenizer_config.json")),
    ):
        for name in names:
            assert (served / name).read_bytes() == (folder / name).read_bytes()


def test_an_export_always_gives_the_same_bytes_and_tells_no_path(
    checkpoint: Path, words: Path, served: Path, tmp_path: Path
) -> None:
    export(checkpoint, words, tmp_path / "again")
    for name in FILES:
        content = (tmp_path / "again" / name).read_bytes()
        assert content == (served / name).read_bytes()
        for folder in (tmp_path, checkpoint, words, served, Path(__file__).parents[3]):
            assert str(folder).encode() not in content
        assert not name.endswith(".onnx") or b".py" not in content


def test_weights_are_stored_in_one_byte_or_two(checkpoint: Path, served: Path) -> None:
    numbers = sum(
        int(np.prod(value.shape)) for name, value in read_weights(checkpoint).items()
        if name != "lm_head.weight"
    )  # fmt: skip
    size = sum((served / name).stat().st_size for name in ("vision.onnx", "model.onnx"))
    # The keys and values of the connector have a copy for every head, and the rotary table is kept.
    assert numbers < size < 3 * numbers


@pytest.mark.parametrize(
    ("part", "key", "value", "message"),
    [
        ("text_config", "model_type", "llama", "mistral"),
        ("text_config", "hidden_act", "gelu", "silu"),
        ("text_config", "sliding_window", 512, "sliding window"),
        (None, "tie_word_embeddings", False, "tied"),
        ("vision_config", "hidden_act", "relu", "tanh form of GELU"),
        ("perceiver_config", "hidden_act", "gelu", "connector"),
    ],
)
def test_what_the_graphs_do_not_compute_is_refused(
    checkpoint: Path, part: str | None, key: str, value: object, message: str
) -> None:
    config = config_of(checkpoint)
    weights = read_weights(checkpoint)
    (config[part] if part else config)[key] = value
    graph = text_graph if part in ("text_config", None) else vision_graph
    with pytest.raises(ValueError, match=message):
        graph.build(config, weights)


def test_a_refused_checkpoint_leaves_no_file(checkpoint: Path, words: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    config = config_of(checkpoint)
    config["text_config"]["sliding_window"] = 512
    (broken / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (broken / "model.safetensors").write_bytes((checkpoint / "model.safetensors").read_bytes())
    with pytest.raises(ValueError, match="sliding window"):
        export(broken, words, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_it_wrote_and_how_close_it_is(
    checkpoint: Path, words: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--model", str(checkpoint), "--tokenizer", str(words), "--out", str(tmp_path), "--check"])
    sizes, error = capsys.readouterr().out.splitlines()[-2:]
    assert sizes.startswith("model.onnx: ") and "vision.onnx: " in sizes
    assert float(error.split(": ")[1]) < 0.06
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
