"""Every stage of the pocket SDXL's training for two steps; only where torch is installed."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from types import ModuleType

from training.loop import Worker
from training.options import Options
from training.sdxl import (
    assemble,
    components,
    encoder,
    examples,
    further,
    latents,
    packed,
    pictures,
    text,
    unet,
    vae,
)
from training.sdxl.examples import SHIPPED_TOKENIZER
from training.world.scene import NOTHING

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
    def share(lessons: bool) -> float:
        scenes = [pictures.scene_at(number, seed=31, lessons=lessons) for number in range(1500)]
        return (
            sum(scene.flowers and scene.treats and scene.hat != NOTHING for scene in scenes) / 1500
        )

    assert share(True) - share(False) > pictures.LESSON_SHARE / 2


def test_no_training_scene_is_held_out() -> None:
    rng = random.Random(7)
    scenes = [pictures.training_scene(rng) for _ in range(3000)]
    assert not any(scene.held_out for scene in scenes)
    empty = [scene for scene in scenes if scene.animal == NOTHING]
    assert 0.09 < len(empty) / len(scenes) < 0.15
    bare = [scene for scene in scenes if scene not in empty
            and scene.clothing == scene.hat == scene.held == NOTHING]  # fmt: skip
    assert len(bare) / len(scenes) > 0.04


@pytest.mark.parametrize("lessons", [False, True])
def test_pictures_end_where_they_should(lessons: bool) -> None:
    given = examples.Pictures(seed=3, batch=4, lessons=lessons, end=6)
    assert [len(examples.pictures(given, step)) for step in (0, 1)] == [4, 2]
    assert len(examples.pictures(given, 5)) == 1  # drawn ahead, and not asked for


def test_an_empty_prompt_shows_an_animal() -> None:
    given = examples.Pairs(
        seed=1, batch=600, scenes=latents.SEED, stored=5000, tokenizer=SHIPPED_TOKENIZER
    )
    numbers, ids, noise = examples.pairs(given, 0)
    assert noise == examples.pairs(given, 0)[2]
    nothing = examples.ids_of(SHIPPED_TOKENIZER, [""])[0]
    hidden = [number for number, row in zip(numbers, ids, strict=True) if (row == nothing).all()]
    assert 0.05 < len(hidden) / len(numbers) < 0.13
    scenes = [pictures.scene_at(int(number), seed=latents.SEED, lessons=True) for number in hidden]
    assert all(scene.animal != NOTHING for scene in scenes)


def test_one_command_trains_all_further_and_packs_it(
    tmp_path: Path,
) -> None:
    start = tmp_path / "start"
    words = text.open_tokenizer()
    first, second = components.build_text_encoders(words)
    before, vae_before = components.build_unet(), components.build_vae()
    for name, made in (("text_encoder", first), ("text_encoder_2", second), ("unet", before),
                       ("vae", vae_before)):  # fmt: skip
        made.save_pretrained(start / name)
    plan = further.Plan(
        start=start, out=tmp_path, seconds=10_000, device="cpu", feeders=0, count=6, batch=2,
        prompts=4, pictures=1, steps=2, peak=1e-7,
    )  # fmt: skip
    # In this process: it starts faster.
    further.read(plan)
    further.see(plan)
    further.paint(plan)
    packed_files = sorted((tmp_path / "packed").iterdir())
    assert [path.name for path in packed_files] == [packed.TEXT, packed.UNET]
    assert packed_files[0].stat().st_size < 4 * 2**20 < packed_files[1].stat().st_size < 16 * 2**20
    pipeline = packed.unpacked(tmp_path / "packed", start)
    for name, value in before.state_dict().items():
        torch.testing.assert_close(pipeline.unet.state_dict()[name], value, atol=1e-3, rtol=1e-2)
    learned = text.CLIPTextModel.from_pretrained(tmp_path / "text" / "text_encoder").state_dict()
    for name, value in pipeline.text_encoder.state_dict().items():
        assert torch.equal(value, learned[name])


def test_the_schedule_ends_in_pure_noise() -> None:
    alphas = unet.cumulative_alphas()
    assert alphas[0] > 0.99 and alphas[-1] < 1e-6
    assert bool((alphas[1:] <= alphas[:-1]).all())
