"""Every stage of the pocket SDXL's training for two steps; only where torch is installed."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from argparse import Namespace

from local_endpoints.training.sdxl import assemble, components, latents, text, unet, vae
from local_endpoints.training.sdxl.loop import Loop, Schedule, Worker
from local_endpoints.training.sdxl.text import SHIPPED_TOKENIZER

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
    common = {"resume": None, "workers": 1}
    vae.train(ALONE, Namespace(out=tmp_path / "vae", steps=2, batch=2, peak=1e-3, **common))
    assert log_of(tmp_path / "vae")[-1]["psnr"] > 5
    text.train(
        ALONE,
        Namespace(out=tmp_path / "text", steps=2, batch=8, tokenizer=SHIPPED_TOKENIZER, **common),
    )
    store = tmp_path / "latents.npy"
    np.save(store, np.zeros(latents.shape(8), np.float16))
    latents.fill(ALONE, tmp_path / "vae" / "vae", store, 8)
    assert np.load(store).std() > 0.1
    unet.train(
        ALONE,
        Namespace(
            latents=store, text=tmp_path / "text", out=tmp_path / "unet", steps=2, batch=4,
            peak=1e-3, decay_from=0.7, tokenizer=SHIPPED_TOKENIZER, **common,
        ),
    )  # fmt: skip
    pipeline = assemble.assemble(
        vae=tmp_path / "vae" / "vae",
        text=tmp_path / "text",
        unet_checkpoint=tmp_path / "unet" / "checkpoint.pt",
        tokenizer=SHIPPED_TOKENIZER,
    )
    picture = pipeline("a fox", num_inference_steps=2, height=128, width=128).images[0]
    assert picture.size == (components.IMAGE_SIZE, components.IMAGE_SIZE)


def test_the_schedule_ends_in_pure_noise() -> None:
    alphas = unet.cumulative_alphas()
    assert alphas[0] > 0.99 and alphas[-1] < 1e-6
    assert bool((alphas[1:] <= alphas[:-1]).all())
