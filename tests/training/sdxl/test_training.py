"""Every stage of the pocket SDXL's training for two steps; only where torch is installed."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from types import ModuleType

from training.loop import Worker
from training.options import Options
from training.sdxl import assemble, components, encoder, latents, pictures, text, unet, vae
from training.sdxl.text import SHIPPED_TOKENIZER

ALONE = Worker(0, 1)


def log_of(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_all_stages_make_a_pipeline(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    common = {"steps": 2, "peak": 1e-3, "decay_from": 0.5, "workers": 1}
    store = tmp_path / "latents.npy"
    np.save(store, np.zeros(latents.shape(8), np.float16))
    for resume in (None, "checkpoint.pt"):
        common["resume"] = resume
        vae.train(ALONE, Options(out=tmp_path / "vae", batch=2, **common))
        text.train(ALONE, text.TextOptions(out=tmp_path / "text", batch=8, **common))
        latents.fill(ALONE, latents.Filling(tmp_path / "vae" / "vae", store, 8))
        learned = {"latents": store, "text": tmp_path / "text"}
        unet.train(ALONE, unet.UnetOptions(out=tmp_path / "unet", batch=4, **learned, **common))
    assert log_of(tmp_path / "vae")[-1]["psnr"] > 5
    assert np.load(store).std() > 0.1
    for name in ("vae", "text", "unet"):
        # Nothing was left to do: the checkpoint holds both steps.
        assert [entry["step"] for entry in log_of(tmp_path / name) if "rate" in entry] == [2]
    pipeline = assemble.assemble(
        vae=tmp_path / "vae" / "vae",
        text=tmp_path / "text",
        unet_checkpoint=tmp_path / "unet" / "checkpoint.pt",
        tokenizer=SHIPPED_TOKENIZER,
    )
    picture = pipeline("a fox", num_inference_steps=2, height=128, width=128).images[0]
    assert picture.size == (components.IMAGE_SIZE, components.IMAGE_SIZE)


def test_all_stages_go_on_from_what_is_served(tmp_path: Path) -> None:
    """The decoder stays as it is, and what learns begins where the earlier weights ended."""
    torch.set_num_threads(1)
    start = tmp_path / "start"
    words = text.open_tokenizer()
    for name, made in zip(
        ("text_encoder", "text_encoder_2", "unet", "vae"),
        (*components.build_text_encoders(words), components.build_unet(), components.build_vae()),
        strict=True,
    ):
        made.save_pretrained(start / name)
    common = {"steps": 1, "peak": 1e-6, "decay_from": 0.5, "workers": 1, "start": start}
    store = tmp_path / "latents.npy"
    np.save(store, np.zeros(latents.shape(8), np.float16))
    encoder.train(ALONE, encoder.EncoderOptions(out=tmp_path / "vae", batch=2, **common))
    text.train(ALONE, text.TextOptions(out=tmp_path / "text", batch=8, **common))
    learned = {"latents": store, "text": tmp_path / "text"}
    unet.train(ALONE, unet.UnetOptions(out=tmp_path / "unet", batch=4, **learned, **common))
    before = encoder.AutoencoderKL.from_pretrained(start / "vae").state_dict()
    after = encoder.AutoencoderKL.from_pretrained(tmp_path / "vae" / "vae").state_dict()
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert changed <= set(encoder.PARTS) and "encoder" in changed
    average = torch.load(tmp_path / "unet" / "checkpoint.pt", weights_only=True)["average"]
    for name, value in unet.open_unet(start).state_dict().items():
        torch.testing.assert_close(average[f"unet.{name}"], value, atol=1e-4, rtol=0)


@pytest.mark.parametrize("stage", [vae, text, unet])
def test_every_training_resumes_from_a_named_checkpoint(
    stage: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Options] = []
    monkeypatch.setattr(stage, "in_parallel", lambda _, options, **__: given.append(options))
    folders = ["--latents", "x.npy", "--text", "x"] if stage is unet else []
    for more in ([], ["--resume", "stable.pt"]):
        stage.main(["--out", str(tmp_path), *folders, *more])
    assert [options.resume for options in given] == [None, "stable.pt"]


def test_a_checkpoint_that_is_not_there_is_not_overlooked(tmp_path: Path) -> None:
    options = Options(
        out=tmp_path, steps=2, batch=2, peak=1e-3, decay_from=0.5, resume="stable.pt", workers=1
    )
    with pytest.raises(FileNotFoundError, match=r"stable\.pt"):
        vae.train(ALONE, options)


def test_weights_of_a_text_encoder_must_fit() -> None:
    _, second = components.build_text_encoders(text.open_tokenizer())
    weights = {name: value.detach() + 1 for name, value in second.named_parameters()}
    text.load_weights(second, weights)
    assert all(torch.equal(value, weights[name]) for name, value in second.named_parameters())
    short = dict(weights)
    short.pop("text_projection.weight")
    with pytest.raises(ValueError, match=r"missing \['text_projection\.weight'\]"):
        text.load_weights(second, short)
    with pytest.raises(ValueError, match=r"unexpected \['other'\]"):
        text.load_weights(second, {**weights, "other": torch.zeros(1)})


def test_lesson_scenes_are_only_where_they_are_asked_for() -> None:
    start = pictures.LESSON_SCENES_FROM
    for number in (0, start - 1):
        plain = pictures.scene_at(number, seed=31)
        assert pictures.scene_at(number, seed=31, lesson_from=start) == plain
    numbers = range(start, start + 20)
    plain = [pictures.scene_at(number, seed=31) for number in numbers]
    lesson = [pictures.scene_at(number, seed=31, lesson_from=start) for number in numbers]
    assert len({scene.background for scene in plain}) > 1
    assert plain != lesson


def test_the_schedule_ends_in_pure_noise() -> None:
    alphas = unet.cumulative_alphas()
    assert alphas[0] > 0.99 and alphas[-1] < 1e-6
    assert bool((alphas[1:] <= alphas[:-1]).all())
