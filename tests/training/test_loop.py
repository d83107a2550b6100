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
