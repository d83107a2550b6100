"""The engine's thread: joining, leaving, failing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, wait
from dataclasses import replace
from pathlib import Path

import pytest

from local_endpoints.engine.diffusion.engine import MAX_BATCH, ImageEngine
from local_endpoints.engine.diffusion.pipeline import Denoising, DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from tests.patience import WAIT_SECONDS

REQUEST = ImageRequest("a red fox", num_inference_steps=4, seed=7)


class HeldPipeline(DiffusionPipeline):
    """Steps only when the test lets it, and remembers the sizes of its batches.

    Attributes:
        stepped: set after every step.
        broken_height: of pictures whose next step fails.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, threads=1)
        self.allowed = threading.Semaphore(0)
        self.batches: list[int] = []
        self.stepped = threading.Event()
        self.broken_height = 0

    def step(self, pictures: Sequence[Denoising]) -> None:
        assert self.allowed.acquire(timeout=WAIT_SECONDS)
        self.batches.append(len(pictures))
        if any(picture.request.height == self.broken_height for picture in pictures):
            self.broken_height = 0
            raise RuntimeError(f"the graph broke at {pictures[0].request.prompt}")
        super().step(pictures)
        self.stepped.set()

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
    futures = [engine.submit(requests[0])]
    held.allowed.release()
    assert held.stepped.wait(WAIT_SECONDS)
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
    futures = [engine.submit(replace(REQUEST, seed=number)) for number in range(5)]
    order: list[int] = []
    for number, future in enumerate(futures):
        future.add_done_callback(lambda _, number=number: order.append(number))  # type: ignore[misc]
    held.run_freely()
    assert not wait(futures, WAIT_SECONDS).not_done
    engine.stop()
    assert order == [0, 1, 2, 3, 4]
    assert set(held.batches) == {1, 2}


def test_a_cancelled_request_leaves_before_the_next_step(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=1)
    first = engine.submit(replace(REQUEST, num_inference_steps=900))
    waiting, last = engine.submit(REQUEST), engine.submit(REQUEST)
    held.allowed.release()
    assert held.stepped.wait(WAIT_SECONDS)
    assert first.cancel()
    assert waiting.cancel()
    held.run_freely()
    assert last.result(WAIT_SECONDS)
    assert not wait([first, waiting], WAIT_SECONDS).not_done
    # One step before the cancellation, perhaps one that had begun, and those of the last.
    assert len(held.batches) <= 2 + REQUEST.num_inference_steps
    with pytest.raises(CancelledError):
        first.result(0)


def test_a_broken_step_fails_its_requests_and_nothing_else(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=1)
    held.broken_height = 32
    broken, good = (engine.submit(replace(REQUEST, height=32)) for _ in range(2))
    held.run_freely()
    with pytest.raises(RuntimeError, match="the graph broke"):
        broken.result(WAIT_SECONDS)
    assert good.result(WAIT_SECONDS)


def test_a_broken_step_leaves_pictures_of_another_size_alone(
    held: HeldPipeline,
    start_engine: Callable[..., ImageEngine],
    pipeline: DiffusionPipeline,
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = start_engine()
    good = engine.submit(REQUEST)
    held.allowed.release()
    assert held.stepped.wait(WAIT_SECONDS)
    held.broken_height = 64
    broken = engine.submit(replace(REQUEST, height=64))
    held.run_freely()
    with pytest.raises(RuntimeError, match="the graph broke"):
        broken.result(WAIT_SECONDS)
    assert good.result(WAIT_SECONDS).tobytes() == drawn_alone(pipeline, REQUEST)
    assert "the work on 1 request(s) failed: RuntimeError\n" in caplog.text
    assert REQUEST.prompt not in caplog.text


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


def test_who_waits_for_a_cancelled_request_is_told_when_the_engine_stops(
    held: HeldPipeline, start_engine: Callable[..., ImageEngine]
) -> None:
    engine = start_engine(max_batch=1)
    futures = [engine.submit(replace(REQUEST, num_inference_steps=900)) for _ in range(2)]
    engine.stop(timeout=0)
    assert all(future.cancel() for future in futures)
    held.run_freely()
    assert not wait(futures, WAIT_SECONDS).not_done


@pytest.mark.parametrize("max_batch", [0, MAX_BATCH + 1])
def test_batches_that_the_graph_cannot_hold_are_refused(held: HeldPipeline, max_batch: int) -> None:
    with pytest.raises(ValueError, match="max_batch must be 1 to 31"):
        ImageEngine(held, max_batch=max_batch)
