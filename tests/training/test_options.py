from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from training.options import Options, command, told
from training.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class OwlOptions(Options):
    owls: int


def read(*arguments: str) -> OwlOptions:
    parser = command("Train owls.", examples="owls", steps=30, batch=4, peak=0.1, decay_from=0.5)
    parser.add_argument("--owls", type=int, required=True)
    return told(parser, OwlOptions, arguments)


def test_a_training_has_its_defaults() -> None:
    assert read("--out", "x", "--owls", "2") == OwlOptions(
        out=Path("x"), steps=30, batch=4, peak=0.1, decay_from=0.5, resume=None, workers=2, owls=2
    )


def test_every_default_can_be_changed() -> None:
    line = "--out x --owls 2 --steps 7 --batch 1 --peak 0.2 --decay-from 0.9 --resume a --workers 1"
    assert read(*line.split()) == OwlOptions(
        out=Path("x"), steps=7, batch=1, peak=0.2, decay_from=0.9, resume="a", workers=1, owls=2
    )


def test_without_a_folder_nothing_is_trained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read("--owls", "2")
    assert "--out" in capsys.readouterr().err


def test_options_go_to_other_processes_as_they_are() -> None:
    options = read("--out", "x", "--owls", "2")
    assert pickle.loads(pickle.dumps(options)) == options


def test_the_rates_are_as_told() -> None:
    options = read("--out", "x", "--owls", "2")
    assert options.schedule(final=0.01) == Schedule(
        steps=30, peak=0.1, final=0.01, warm_up=200, decay_from=0.5
    )
    assert options.schedule(final=0.01, warm_up=3).rate(0) == pytest.approx(0.1 / 3)
