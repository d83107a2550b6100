"""Continuous batching, seen from outside: requests in, events out."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.text.delivery import Delivery, ThreadInbox, deliver_directly
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Event, FailureEvent, Request
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.conftest import StartEngine
from tests.local_endpoints.engine.text.driving import Gate, answer, events_of, make_request
from tests.local_endpoints.engine.text.test_sampling import MIXED
from tests.patience import WAIT_SECONDS


class Recorder:
    """An inbox that keeps every event."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def put(self, event: Event) -> None:
        self.events.append(event)


def test_mixed_requests_answer_alone_as_in_a_batch(engine: Engine, codec: TextCodec) -> None:
    def requests() -> list[Request]:
        return [
            make_request(
                codec,
                "the quick brown fox"[: 3 + index],
                seed=index,
                max_new_tokens=10 + 2 * index,
                top_n_tokens=index % 3,
                **MIXED[index % len(MIXED)],
            )
            for index in range(16)
        ]

    together = answer(engine, *requests())
    alone = [answer(engine, request)[0] for request in requests()]
    assert [[event.token.id for event in events] for events in together] == [
        [event.token.id for event in events] for events in alone
    ]
    for batched, single in zip(together, alone, strict=True):
        assert batched[-1].finish == single[-1].finish
        assert [event.token.logprob for event in batched] == pytest.approx(
            [event.token.logprob for event in single], abs=1e-4
        )


def test_more_requests_than_slots_are_all_answered(
    start_engine: StartEngine, model_dir: Any, codec: TextCodec
) -> None:
    engine = start_engine(the_model=TextModel(model_dir, slots=3, max_total_tokens=64))
    requests = [make_request(codec, max_new_tokens=2 + 3 * (i % 4), seed=i) for i in range(10)]
    answers = answer(engine, *requests)
    texts = {
        request.max_new_tokens: events[-1].finish
        for request, events in zip(requests, answers, strict=True)
    }
    for request, events in zip(requests, answers, strict=True):
        assert events[-1].finish == texts[request.max_new_tokens], "greedy answers are the same"


def test_a_late_request_joins_a_running_batch(engine: Engine, gate: Gate, codec: TextCodec) -> None:
    first, second = make_request(codec, max_new_tokens=30), make_request(codec)
    engine.submit(first)
    gate.wait()
    engine.submit(second)
    gate.open(1)
    gate.wait()
    assert (engine.active_count, engine.waiting_count) == (2, 0)
    gate.open()
    late = [event.token.id for event in events_of(second)]  # type: ignore[union-attr]
    early = [event.token.id for event in events_of(first)]  # type: ignore[union-attr]
    assert late == early[:20]


def test_a_cancelled_request_leaves_the_batch_without_an_event(
    engine: Engine, gate: Gate, codec: TextCodec
) -> None:
    received = Recorder()
    kept = make_request(codec, max_new_tokens=6)
    dropped = make_request(codec, max_new_tokens=60, inbox=received)
    engine.submit(dropped)
    gate.wait()
    engine.submit(kept)
    engine.cancel(dropped)
    gate.open(1)
    gate.wait()
    assert (engine.active_count, engine.waiting_count) == (1, 0)
    gate.open()
    assert len(events_of(kept)) == 6
    assert len(received.events) == 1, "only the token before the cancellation"


def test_a_waiting_request_can_be_cancelled(
    start_engine: StartEngine, gate: Gate, model: TextModel, codec: TextCodec
) -> None:
    engine = start_engine(max_batch_tokens=50)
    first, second = make_request(codec, max_new_tokens=30), make_request(codec, max_new_tokens=30)
    engine.submit(first)
    gate.wait()
    engine.submit(second)
    gate.open(1)
    gate.wait()
    assert (engine.active_count, engine.waiting_count) == (1, 1), "the budget holds one"
    engine.cancel(second)
    gate.open(1)
    gate.wait()
    assert (engine.active_count, engine.waiting_count) == (1, 0)
    gate.open()
    assert len(events_of(first)) == 30


@pytest.mark.parametrize(
    ("token_budget", "prompts_at_once", "expected"),
    [(3, 100, [1, 3, 3, 1]), (100, 2, [1, 2, 2, 2, 1]), (100, 100, [1, 7])],
)
def test_prefills_are_batched_up_to_the_budgets(
    start_engine: StartEngine,
    gate: Gate,
    model: TextModel,
    codec: TextCodec,
    monkeypatch: pytest.MonkeyPatch,
    token_budget: int,
    prompts_at_once: int,
    expected: list[int],
) -> None:
    length = len(codec.encode("the quick brown fox", add_special_tokens=True))
    engine = start_engine(max_prefill_tokens=token_budget * length)
    monkeypatch.setattr(model, "prompts_at_once", lambda longest: prompts_at_once)
    sizes: list[int] = []
    prefill = model.prefill

    def counted(prompts: Any, **options: Any) -> Any:
        sizes.append(len(prompts))
        return prefill(prompts, **options)

    monkeypatch.setattr(model, "prefill", counted)
    requests = [make_request(codec) for _ in range(8)]
    engine.submit(requests[0])
    gate.wait()
    for request in requests[1:]:
        engine.submit(request)
    gate.open()
    for request in requests:
        assert len(events_of(request)) == 20
    assert sizes == expected


def test_a_full_queue_refuses(start_engine: StartEngine, gate: Gate, codec: TextCodec) -> None:
    engine = start_engine(max_requests=2)
    requests = [make_request(codec) for _ in range(2)]
    for request in requests:
        engine.submit(request)
    with pytest.raises(QueueFullError, match="2 requests are in flight"):
        engine.submit(make_request(codec))
    gate.open()
    for request in requests:
        events_of(request)
    assert len(answer(engine, make_request(codec))[0]) == 20


def test_a_step_that_raises_fails_its_requests_and_the_engine_goes_on(
    engine: Engine, model: TextModel, codec: TextCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def broken(tokens: Any, lengths: Any) -> Any:
            raise RuntimeError("the session broke")

        patch.setattr(model, "decode", broken)
        requests = [make_request(codec) for _ in range(3)]
        for request in requests:
            engine.submit(request)
        for request in requests:
            assert events_of(request)[-1] == FailureEvent("the session broke")
        assert not engine.healthy
    assert len(answer(engine, make_request(codec))[0]) == 20
    assert engine.healthy


def test_a_prefill_that_raises_spares_the_running_batch(
    engine: Engine,
    gate: Gate,
    model: TextModel,
    codec: TextCodec,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, failing = make_request(codec), make_request(codec)
    engine.submit(running)
    gate.wait()

    def broken(prompts: Any, **options: Any) -> Any:
        raise RuntimeError("no memory for this prompt")

    monkeypatch.setattr(model, "prefill", broken)
    engine.submit(failing)
    gate.open()
    assert events_of(failing) == [FailureEvent("no memory for this prompt")]
    assert len(events_of(running)) == 20


def test_a_listener_that_raises_does_not_stop_the_others(
    start_engine: StartEngine, codec: TextCodec
) -> None:
    def deliver(events: Delivery) -> None:
        deliver_directly(events)
        raise RuntimeError("nobody there")

    engine = start_engine(deliver=deliver)
    assert len(answer(engine, make_request(codec))[0]) == 20


def test_stopping_fails_open_requests(engine: Engine, gate: Gate, codec: TextCodec) -> None:
    request = make_request(codec)
    engine.submit(request)
    gate.wait()
    stopper = threading.Thread(target=engine.stop)
    stopper.start()
    gate.open()
    assert events_of(request)[-1] == FailureEvent("the engine was stopped")
    stopper.join(WAIT_SECONDS)
    with pytest.raises(EngineStoppedError):
        engine.submit(make_request(codec))


@pytest.mark.parametrize("length", [0, 96])
def test_a_prompt_that_does_not_fit_is_refused(engine: Engine, length: int) -> None:
    request = Request(np.zeros(length, np.int64), ThreadInbox(), max_new_tokens=1)
    with pytest.raises(ValueError, match="1 to 95 tokens"):
        engine.submit(request)


def test_each_step_is_delivered_once(start_engine: StartEngine, codec: TextCodec) -> None:
    sizes: list[int] = []
    ready = threading.Event()

    def deliver(events: Delivery) -> None:
        ready.wait(WAIT_SECONDS)
        sizes.append(len(events))
        deliver_directly(events)

    engine = start_engine(deliver=deliver)
    requests = [make_request(codec, max_new_tokens=4) for _ in range(5)]
    for request in requests:
        engine.submit(request)
    ready.set()
    for request in requests:
        assert len(events_of(request)) == 4
    assert sum(sizes) == 20
    assert len(sizes) <= 8, "one call per step, not one per token"


def test_times_come_from_the_given_clock(start_engine: StartEngine, codec: TextCodec) -> None:
    engine = start_engine(clock=lambda: 42.0)
    request = make_request(codec)
    answer(engine, request)
    assert (request.queued_at, request.started_at) == (42.0, 42.0)


def test_tokens_in_the_middle_of_answers_are_delivered_together(
    model: TextModel, codec: TextCodec
) -> None:
    times = [0.0, 0.001, 0.002, 0.003, 0.012, 0.013, 0.014, 0.015]
    deliveries: list[list[int]] = []
    short, long = (
        make_request(codec, max_new_tokens=count, end_ids=frozenset()) for count in (4, 9)
    )

    def deliver(events: Delivery) -> None:
        deliveries.append([(short, long).index(request) for request, _ in events])

    engine = Engine(model, codec, deliver=deliver, tokens_every=0.01, clock=lambda: times[0])
    engine.submit(short)
    engine.submit(long)
    while times:
        engine.step()
        del times[0]
    first, *others = deliveries
    assert first == [0, 1], "the first token of each at once"
    assert others == [
        [0, 1],  # the second token: nothing has been delivered for long
        [0, 0],  # the last two of the short answer, which ends
        [1, 1, 1, 1],  # 0.01 seconds later
        [1, 1, 1],  # and the end of the long one
    ]


def test_what_is_held_is_told_before_a_failure(
    model: TextModel, codec: TextCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = make_request(codec, inbox=(inbox := Recorder()))
    engine = Engine(model, codec, tokens_every=9.0, clock=lambda: 0.0)
    engine.submit(request)
    engine.step()
    engine.step()
    before = len(inbox.events)

    def broken(*arguments: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(model, "decode", broken)
    engine.step()
    assert len(inbox.events) == before + 2
    assert inbox.events[-1] == FailureEvent("no memory")


def test_nothing_held_is_delivered_after_a_cancellation(model: TextModel, codec: TextCodec) -> None:
    request = make_request(codec, inbox=(inbox := Recorder()))
    engine = Engine(model, codec, tokens_every=9.0, clock=lambda: 0.0)
    engine.submit(request)
    engine.step()
    engine.step()
    engine.cancel(request)
    before = len(inbox.events)
    other = make_request(codec, max_new_tokens=2)
    engine.submit(other)
    engine.step()
    assert len(events_of(other)) == 2
    assert len(inbox.events) == before
