"""Every stage of the pocket SDXL's training for two steps; only where torch is installed."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from argparse import Namespace
from types import ModuleType

from training.loop import Loop, Schedule, Worker
from training.sdxl import assemble, components, latents, pictures, text, unet, vae
from training.sdxl.text import SHIPPED_TOKENIZER

ALONE = Worker(0, 1)


def log_of(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def model() -> torch.nn.Module:
    torch.manual_seed(3)
    return torch.nn.Linear(4, 1, bias=False).bfloat16()


def loop_in(folder: Path, network: torch.nn.Module, *, steps: int) -> Loop:
    return Loop(
        {"network": network},
        worker=ALONE,
        schedule=Schedule(steps=steps, peak=0.05, final=0.0, warm_up=1),
        out=folder,
        average=0.9,
        save_every=1000,
    )


def loss_at(network: torch.nn.Module, step: int) -> torch.Tensor:
    inputs = torch.randn(16, 4, generator=torch.Generator().manual_seed(step)).bfloat16()
    return (network(inputs) - inputs.sum(dim=1, keepdim=True)).float().square().mean()


def test_the_rate_rises_stays_and_falls() -> None:
    schedule = Schedule(steps=100, peak=1.0, final=0.1, warm_up=10, decay_from=0.5)
    assert schedule.rate(0) == pytest.approx(0.1)
    assert schedule.rate(9) == schedule.rate(49) == 1.0
    assert schedule.rate(75) == pytest.approx(0.55)
    assert schedule.rate(100) == schedule.rate(1000) == pytest.approx(0.1)


def test_a_loop_learns(tmp_path: Path) -> None:
    network = model()
    before = float(loss_at(network, 0))
    loop = loop_in(tmp_path, network, steps=200)
    loop.run(lambda step: loss_at(network, step))
    assert float(loss_at(network, 0)) < before / 100


def test_an_interrupted_loop_continues_where_it_was(tmp_path: Path) -> None:
    def weights(folder: Path, stops: list[int]) -> torch.Tensor:
        for number, stop in enumerate(stops):
            network = model()
            loop = loop_in(folder, network, steps=20)
            if number:
                loop.restore()
            while loop.step < stop:
                loop.learn(loss_at(network, loop.step))
            loop.save()
        return loop.averages_of("network")["weight"]

    assert torch.equal(weights(tmp_path / "a", [20]), weights(tmp_path / "b", [7, 20]))


def test_all_stages_make_a_pipeline(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    common = {"steps": 2, "tokenizer": SHIPPED_TOKENIZER, "workers": 1}
    store = tmp_path / "latents.npy"
    np.save(store, np.zeros(latents.shape(8), np.float16))
    for resume in (None, "checkpoint.pt"):
        vae.train(
            ALONE, Namespace(out=tmp_path / "vae", batch=2, peak=1e-3, resume=resume, **common)
        )
        text.train(ALONE, Namespace(out=tmp_path / "text", batch=8, resume=resume, **common))
        latents.fill(ALONE, tmp_path / "vae" / "vae", store, 8)
        unet.train(
            ALONE,
            Namespace(
                latents=store, text=tmp_path / "text", out=tmp_path / "unet", batch=4, peak=1e-3,
                decay_from=0.7, resume=resume, **common,
            ),
        )  # fmt: skip
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


@pytest.mark.parametrize("stage", [vae, text, unet])
def test_every_training_resumes_from_a_named_checkpoint(
    stage: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Namespace] = []
    monkeypatch.setattr(stage, "in_parallel", lambda _, options, **__: given.append(options))
    folders = ["--latents", "x.npy", "--text", "x"] if stage is unet else []
    command = [stage.__name__, "--out", str(tmp_path), *folders]
    for more in ([], ["--resume", "stable.pt"]):
        monkeypatch.setattr(sys, "argv", [*command, *more])
        stage.main()
    assert [options.resume for options in given] == [None, "stable.pt"]


def test_a_checkpoint_that_is_not_there_is_not_overlooked(tmp_path: Path) -> None:
    options = Namespace(out=tmp_path, steps=2, batch=2, peak=1e-3, resume="stable.pt", workers=1)
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
