"""Permits, and what becomes of requests that get none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from local_endpoints.containers.text.errors import InvalidRequest, Overloaded, RequestError
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.engine.text.delivery import AsyncInbox, LoopDelivery
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Request
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def engine(model_dir: Path, loop: asyncio.AbstractEventLoop) -> Iterator[Engine]:
    model = TextModel(model_dir, slots=4, max_total_tokens=40)
    engine = Engine(model, TextCodec(model_dir), deliver=LoopDelivery(loop))
    engine.start()
    yield engine
    engine.stop()


async def make() -> Request:
    sampling = SamplingParameters(temperature=2.0, do_sample=True, seed=next(SEEDS))
    return Request(np.array([2, 5, 9]), AsyncInbox(), max_new_tokens=6, sampling=sampling)


async def refuse() -> Request:
    raise InvalidRequest("the reason")


SEEDS = iter(range(1_000_000))


def run(loop: asyncio.AbstractEventLoop, intake: Intake, make: Make) -> str:
    try:
        return loop.run_until_complete(intake.answer(make)).finish.reason.value
    except RequestError as error:
        return type(error).__name__


def test_permits_come_back_from_answers_and_refusals(
    engine: Engine, loop: asyncio.AbstractEventLoop
) -> None:
    intake = Intake(engine, max_concurrent_requests=1)
    outcomes = [run(loop, intake, each) for each in (make, refuse, make, refuse, refuse)]
    assert "Overloaded" not in outcomes
    assert outcomes[1] == outcomes[3] == outcomes[4] == "InvalidRequest"


def test_without_a_permit_no_request_is_made(
    engine: Engine, loop: asyncio.AbstractEventLoop
) -> None:
    async def never() -> Request:
        raise AssertionError("the request was made")

    async def main() -> None:
        intake = Intake(engine, max_concurrent_requests=1)
        generation = await intake.start(make)
        with pytest.raises(Overloaded):
            await intake.start(never)
        generation.close()
        assert (await intake.answer(make)).tokens

    loop.run_until_complete(main())


def test_work_before_a_request_takes_a_permit(
    engine: Engine, loop: asyncio.AbstractEventLoop
) -> None:
    intake = Intake(engine, max_concurrent_requests=1)
    with intake.admitted():
        assert run(loop, intake, make) == "Overloaded"
        with pytest.raises(Overloaded), intake.admitted():
            raise AssertionError("there was a permit")
    with pytest.raises(InvalidRequest), intake.admitted():
        raise InvalidRequest("the reason")
    assert run(loop, intake, make) != "Overloaded"


def test_a_stopped_engine_is_an_overloaded_one(
    engine: Engine, loop: asyncio.AbstractEventLoop
) -> None:
    intake = Intake(engine, max_concurrent_requests=1)
    engine.stop()
    assert [run(loop, intake, make) for _ in range(3)] == ["Overloaded"] * 3


def test_the_best_of_several_answers_comes_first(
    engine: Engine, loop: asyncio.AbstractEventLoop
) -> None:
    intake = Intake(engine, max_concurrent_requests=4)
    answers = loop.run_until_complete(intake.best_of(make, 4))
    means = [answer.mean_logprob for answer in answers]
    assert len(set(means)) == 4 and means[0] == max(means)


def test_refusals_are_logged_in_the_dialects_words(
    engine: Engine, loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    intake = Intake(engine, max_concurrent_requests=1, words=lambda error: f"{error!r}, sorry")
    run(loop, intake, refuse)
    assert caplog.messages == ["refused: InvalidRequest(reason='the reason'), sorry"]


def test_a_failed_probe_makes_the_engine_unhealthy(
    engine: Engine, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the session broke")

    intake = Intake(engine, max_concurrent_requests=1)
    with monkeypatch.context() as patch:
        patch.setattr(TextModel, "decode", broken)
        assert run(loop, intake, make) == "GenerationFailed"
        assert not loop.run_until_complete(intake.healthy())
    assert loop.run_until_complete(intake.healthy())
