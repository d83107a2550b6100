"""What the trainings share, where torch is installed."""

# ruff: noqa: E402 - the import below needs torch
from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from training.loop import Loop, Worker, in_parallel
from training.schedule import Schedule

ALONE = Worker(0, 1)


def model() -> torch.nn.Module:
    torch.manual_seed(3)
    return torch.nn.Linear(4, 1, bias=False).bfloat16()


def loop_in(
    folder: Path, network: torch.nn.Module, *, steps: int, resume: str | None = None
) -> Loop:
    return Loop(
        {"network": network},
        worker=ALONE,
        schedule=Schedule(steps=steps, peak=0.05, final=0.0, warm_up=1),
        out=folder,
        average=0.9,
        save_every=1000,
        resume=resume,
    )


def loss_at(network: torch.nn.Module, step: int) -> torch.Tensor:
    inputs = torch.randn(16, 4, generator=torch.Generator().manual_seed(step)).bfloat16()
    return (network(inputs) - inputs.sum(dim=1, keepdim=True)).float().square().mean()


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
            loop = loop_in(folder, network, steps=20, resume="checkpoint.pt" if number else None)
            while loop.step < stop:
                loop.learn(loss_at(network, loop.step))
            loop.save()
        return loop.averages_of("network")["weight"]

    assert torch.equal(weights(tmp_path / "a", [20]), weights(tmp_path / "b", [7, 20]))


def test_a_checkpoint_that_is_not_there_is_not_overlooked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"stable\.pt"):
        loop_in(tmp_path, model(), steps=20, resume="stable.pt")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_workers_walk_along_one_series_and_none_takes_what_another_has(count: int) -> None:
    workers = [Worker(rank, count) for rank in range(count)]
    taken = [worker.numbers(step, 4) for step in range(5) for worker in workers]
    assert list(chain(*taken)) == list(range(5 * count * 4))


def note(worker: Worker, folder: Path) -> None:
    (folder / f"{worker.rank}").write_text(f"of {worker.count}")


@pytest.mark.parametrize("workers", [1, 2])
def test_every_worker_is_told_the_same_and_knows_its_place(workers: int, tmp_path: Path) -> None:
    in_parallel(note, tmp_path, workers=workers)
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert found == {str(rank): f"of {workers}" for rank in range(workers)}


class Clock:
    """Every look takes as long as a step does."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


@pytest.mark.parametrize(("seconds", "told"), [(1.0, 5000), (0.25, 100)])
def test_a_limited_run_ends_in_time_with_its_rate_at_the_end(
    seconds: float, told: int, tmp_path: Path
) -> None:
    network = model()
    loop = Loop(
        {"network": network},
        worker=ALONE,
        schedule=Schedule(steps=told, peak=0.05, final=0.0, warm_up=1, decay_from=0.4),
        out=tmp_path,
        average=0.9,
        save_every=10_000,
        ends=400.0,
        clock=Clock(seconds),
    )
    loop.run(lambda step: loss_at(network, step), every=20)
    assert 0.9 * 400 / seconds <= loop.step <= 400 / seconds
    assert loop.schedule.rate(loop.step) < 0.05 * 0.1


def test_several_workers_cannot_each_choose_their_steps(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="agree"):
        Loop(
            {"network": model()},
            worker=Worker(0, 2),
            schedule=Schedule(steps=3, peak=0.1, final=0.0),
            out=tmp_path,
            average=0.9,
            ends=1.0,
        )


@pytest.mark.parametrize("scale", [0.5, 40.0])
def test_only_long_gradients_are_shortened(scale: float, tmp_path: Path) -> None:
    network = torch.nn.Linear(4, 1, bias=False).bfloat16()
    loop = loop_in(tmp_path, network, steps=3)
    (network.weight * scale).sum().backward()
    loop._collect()
    before = float(loop._gradients.norm())
    network.zero_grad()
    loop.learn((network.weight * scale).sum())
    assert float(loop._gradients.norm()) == pytest.approx(min(before, 1.0), rel=1e-3)
