"""A smoke run of training; only where torch is installed."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("pronouncing")

from tokenizers import Tokenizer

from training.gemma import batches, train
from training.gemma.tokenizer import PAD


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.setattr(batches, "POOL", 32)


def trainer(out: Path) -> train.Trainer:
    recipe = train.Recipe(steps=4, budget=512, layers=1, width=32, warm_up=1, save_every=2)
    tokenizer = Tokenizer.from_file(str(train.SHIPPED_TOKENIZER))
    return train.Trainer(recipe, tokenizer=tokenizer, out=out)


def test_three_steps_then_resume_equals_four_steps(tmp_path: Path) -> None:
    whole = trainer(tmp_path / "whole")
    whole.run()
    part = trainer(tmp_path / "parts")
    for place, batch in batches.stream(part.tokenizer, seed=7, budget=512):
        part.learn(batch)
        part.place = place
        if part.step == 3:
            break
    part.save()
    resumed = trainer(tmp_path / "parts")
    resumed.restore()
    assert resumed.step == 3
    resumed.run()
    for name, weight in whole.average.items():
        assert torch.equal(weight, resumed.average[name]), name
    entries = (tmp_path / "whole" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(entries[-1])["step"] == 4
    names = {path.name for path in (tmp_path / "whole" / "latest").iterdir()}
    assert {"config.json", "generation_config.json", "tokenizer.json", "model.safetensors",
            "tokenizer_config.json"} <= names  # fmt: skip


def test_targets_are_the_next_tokens() -> None:
    tokenizer = Tokenizer.from_file(str(train.SHIPPED_TOKENIZER))
    for batch in batches.pool(tokenizer, seed=1, number=0, budget=1024):
        flat = batch.inputs.flatten()
        assert torch.equal(flat[batch.positions + 1], batch.targets)
        assert PAD not in batch.targets.tolist()
        assert batch.inputs.numel() <= 1024 or len(batch.inputs) == 1


def test_the_rate_warms_up_and_falls_to_the_end() -> None:
    plan = train.Recipe(steps=100, warm_up=10)
    rates = [plan.rate(step) for step in range(101)]
    assert max(rates) == rates[9] == plan.peak_rate
    assert rates[100] == pytest.approx(plan.final_rate)
