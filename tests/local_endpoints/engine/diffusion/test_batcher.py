"""The engine's thread: joining, leaving, failing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, wait
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from local_endpoints.engine.diffusion.batcher import ImageEngine
from local_endpoints.engine.diffusion.pipeline import Denoising, DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.scheduler import EngineStoppedError, QueueFullError

WAIT_SECONDS = 20.0
"""Bound of every wait for an event. Reaching it is a failure, so its length costs nothing."""

REQUEST = ImageRequest("a red fox", num_inference_steps=4, seed=7)


class HeldPipeline(DiffusionPipeline):
    """Steps only when the test lets it, and remembers the sizes of its batches."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, threads=1)
        self.allowed = threading.Semaphore(0)
        self.batches: list[int] = []
        self.fail = False

    def step(self, pictures: Sequence[Denoising]) -> None:
        assert self.allowed.acquire(timeout=WAIT_SECONDS)
        self.batches.append(len(pictures))
        if self.fail:
            self.fail = False
            raise RuntimeError("the graph broke")
        super().step(pictures)

    def run_freely(self) -> None:
        self.allowed.release(10_000)


@pytest.fixture
def held(pipeline_dir: Path) -> HeldPipeline:
    return HeldPipeline(pipeline_dir)


@pytest.fixture
def start_engine(held: HeldPipeline) -> Iterator[Callable[..., ImageEngine]]:
    engines: list[ImageEngine] = []

    def start(**options: int) -> ImageEngine:
        engine = ImageEngine(held, **options)
        engine.start()
        engines.append(engine)
        return engine

    yield start
    held.run_freely()
    for engine in engines:
        engine.stop()


def drawn_alone(pipeline: DiffusionPipeline, request: ImageRequest) -> bytes:
    return pipeline.generate([request])[0].tobytes()


def test_requests_join_at_any_step_and_get_their_own_bytes(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine], pipeline: DiffusionPipeline
) -> None:
    engine = start_engine()
    requests = [replace(REQUEST, seed=seed, guidance_scale=seed) for seed in (1, 2, 3)]
    one_step = threading.Event()
    futures = [engine.submit(requests[0], on_step=lambda done, steps: one_step.set())]
    held.allowed.release()
    assert one_step.wait(WAIT_SECONDS)
    futures += [engine.submit(request) for request in requests[1:]]
    held.run_freely()
    for request, future in zip(requests, futures, strict=True):
        assert future.result(WAIT_SECONDS).tobytes() == drawn_alone(pipeline, request)
    assert held.batches[0] == 1
    assert max(held.batches) == 3


def test_a_full_batch_lets_the_others_wait_in_order(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=2)
    order: list[int] = []

    def note_end(number: int, done: int, steps: int) -> None:
        if done == steps:
            order.append(number)

    futures = [
        engine.submit(replace(REQUEST, seed=number), on_step=partial(note_end, number))
        for number in range(5)
    ]
    held.run_freely()
    wait(futures, WAIT_SECONDS)
    assert order == [0, 1, 2, 3, 4]
    assert set(held.batches) == {1, 2}


def test_progress_is_reported_after_every_step(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    seen: list[tuple[int, int]] = []
    held.run_freely()
    future = start_engine().submit(REQUEST, on_step=lambda done, steps: seen.append((done, steps)))
    future.result(WAIT_SECONDS)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_cancelled_request_leaves_before_the_next_step(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=1)
    one_step = threading.Event()
    first = engine.submit(
        replace(REQUEST, num_inference_steps=900), on_step=lambda *_: one_step.set()
    )
    waiting, last = engine.submit(REQUEST), engine.submit(REQUEST)
    held.allowed.release()
    assert one_step.wait(WAIT_SECONDS)
    assert first.cancel()
    assert waiting.cancel()
    held.run_freely()
    assert last.result(WAIT_SECONDS)
    # One step before the cancellation, perhaps one that had begun, and those of the last.
    assert len(held.batches) <= 2 + REQUEST.num_inference_steps
    with pytest.raises(CancelledError):
        first.result(0)


def test_a_broken_step_fails_its_requests_and_nothing_else(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=1)
    held.fail = True
    broken, good = engine.submit(REQUEST), engine.submit(REQUEST)
    held.run_freely()
    with pytest.raises(RuntimeError, match="the graph broke"):
        broken.result(WAIT_SECONDS)
    assert good.result(WAIT_SECONDS)


def test_a_request_that_cannot_start_fails_alone(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine()
    held.run_freely()
    bad, good = engine.submit(replace(REQUEST, width=3)), engine.submit(REQUEST)
    with pytest.raises(ValueError, match="multiples of 8"):
        bad.result(WAIT_SECONDS)
    assert good.result(WAIT_SECONDS)


def test_too_many_requests_are_refused(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=1, max_requests=2)
    futures = [engine.submit(REQUEST), engine.submit(REQUEST)]
    with pytest.raises(QueueFullError, match="2 requests are in flight"):
        engine.submit(REQUEST)
    held.run_freely()
    wait(futures, WAIT_SECONDS)
    assert engine.submit(REQUEST).result(WAIT_SECONDS)


def test_a_stopped_engine_fails_what_is_left(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=1)
    open_requests = [engine.submit(replace(REQUEST, num_inference_steps=900)) for _ in range(2)]
    engine.stop(timeout=0)
    held.run_freely()
    for future in open_requests:
        with pytest.raises(EngineStoppedError):
            future.result(WAIT_SECONDS)
    with pytest.raises(EngineStoppedError):
        engine.submit(REQUEST)
