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
from local_endpoints.engine.text.request import (
    Event,
    FailureEvent,
    FinishReason,
    PromptEvent,
    Request,
    TokenEvent,
)
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.conftest import StartEngine
from tests.local_endpoints.engine.text.test_sampling import MIXED
from tests.local_endpoints.engine.tiny_model import END_OF_TURN, EOS

WAIT_SECONDS = 20.0


def make_request(codec: TextCodec, text: str = "the quick brown fox", **options: Any) -> Request:
    sampling = {
        name: options.pop(name)
        for name in list(options)
        if name in SamplingParameters.__dataclass_fields__
    }
    return Request(
        prompt=codec.encode(text, add_special_tokens=True),
        inbox=ThreadInbox(),
        max_new_tokens=options.pop("max_new_tokens", 20),
        sampling=SamplingParameters(**sampling),
        **options,
    )


def events_of(request: Request) -> list[Event]:
    assert isinstance(request.inbox, ThreadInbox)
    return list(request.inbox)


def answer(engine: Engine, *requests: Request) -> list[list[TokenEvent]]:
    for request in requests:
        engine.submit(request)
    answers = [events_of(request) for request in requests]
    assert all(isinstance(event, TokenEvent) for events in answers for event in events)
    return answers  # type: ignore[return-value]


class Gate:
    """Lets a model's decoding steps pass one by one."""

    def __init__(self, model: TextModel, monkeypatch: pytest.MonkeyPatch) -> None:
        self._permits = threading.Semaphore(0)
        self.reached = threading.Semaphore(0)
        decode = model.decode

        def gated(tokens: Any, lengths: Any) -> Any:
            self.reached.release()
            assert self._permits.acquire(timeout=WAIT_SECONDS)
            return decode(tokens, lengths)

        monkeypatch.setattr(model, "decode", gated)

    def wait(self) -> None:
        """Until a step is about to begin."""
        assert self.reached.acquire(timeout=WAIT_SECONDS)

    def open(self, steps: int = 10_000) -> None:
        """Let steps pass."""
        self._permits.release(steps)


@pytest.fixture
def gate(model: TextModel, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(model, monkeypatch)


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


def test_length_ends_an_answer(engine: Engine, codec: TextCodec) -> None:
    (events,) = answer(engine, make_request(codec, max_new_tokens=5))
    finish = events[-1].finish
    assert finish is not None and finish.reason is FinishReason.LENGTH
    assert finish.generated_tokens == len(events) == 5
    assert finish.text == "".join(event.token.text for event in events)
    assert finish.seed is None
    assert all(event.finish is None for event in events[:-1])


def test_a_full_slot_ends_an_answer(engine: Engine, codec: TextCodec) -> None:
    request = make_request(codec, max_new_tokens=10_000, temperature=0.9, seed=2)
    (events,) = answer(engine, request)
    assert len(request.prompt) + len(events) == 96
    assert events[-1].finish is not None
    assert events[-1].finish.reason is FinishReason.LENGTH
    assert events[-1].finish.seed == 2


def find_eos(engine: Engine, codec: TextCodec) -> tuple[int, list[TokenEvent]]:
    """A seed under which the random model ends its answer, and that answer."""
    for seed in range(200):
        (events,) = answer(
            engine, make_request(codec, max_new_tokens=60, temperature=4.0, seed=seed)
        )
        if events[-1].token.id in (EOS, END_OF_TURN):
            return seed, events
    raise AssertionError("no seed ends the answer early")


def test_eos_ends_an_answer_and_is_not_in_its_text(engine: Engine, codec: TextCodec) -> None:
    _, events = find_eos(engine, codec)
    finish = events[-1].finish
    assert finish is not None and finish.reason is FinishReason.EOS
    assert finish.generated_tokens == len(events)
    assert events[-1].token.special and events[-1].token.text in ("<eos>", "<end_of_turn>")
    assert finish.text == "".join(e.token.text for e in events if not e.token.special)


def test_length_is_checked_before_eos(engine: Engine, codec: TextCodec) -> None:
    seed, events = find_eos(engine, codec)
    request = make_request(codec, max_new_tokens=len(events), temperature=4.0, seed=seed)
    (again,) = answer(engine, request)
    assert again[-1].token == events[-1].token
    assert again[-1].finish is not None
    assert again[-1].finish.reason is FinishReason.LENGTH


def test_a_stop_string_across_tokens_ends_an_answer_and_stays_in_it(
    engine: Engine, codec: TextCodec
) -> None:
    (events,) = answer(engine, make_request(codec, max_new_tokens=40, temperature=2.0, seed=11))
    texts = [event.token.text for event in events]
    border = next(i for i in range(3, 38) if len(texts[i]) > 1 and len(texts[i + 1]) > 1)
    stop = texts[border][-1] + texts[border + 1]
    request = make_request(codec, max_new_tokens=40, temperature=2.0, seed=11, stop=[stop])
    (stopped,) = answer(engine, request)
    finish = stopped[-1].finish
    assert finish is not None and finish.reason is FinishReason.STOP
    assert finish.text.endswith(stop)
    assert finish.text == "".join(texts)[: len(finish.text)]
    assert len(stopped) <= border + 2


def test_alternatives_are_reported(engine: Engine, codec: TextCodec) -> None:
    (events,) = answer(engine, make_request(codec, top_n_tokens=3))
    for event in events:
        assert len(event.top_tokens) >= 3
        assert event.top_tokens[0].id == event.token.id
        logprobs = [token.logprob for token in event.top_tokens]
        assert logprobs == sorted(logprobs, key=lambda value: -(value or 0))


def test_prompt_logprobs_are_those_of_the_prompt(
    engine: Engine, model: TextModel, codec: TextCodec
) -> None:
    request = make_request(codec, prompt_logprobs=True, max_new_tokens=1)
    engine.submit(request)
    first, _ = events_of(request)
    assert isinstance(first, PromptEvent)
    assert [token.id for token in first.tokens] == request.prompt.tolist()
    assert first.tokens[0].logprob is None
    (logits,) = model.prefill([request.prompt], first_slot=0, every_position=[True])
    exact = logits.astype(np.float64)
    logprobs = exact - np.log(np.exp(exact).sum(axis=1, keepdims=True))
    for place, token in enumerate(first.tokens[1:]):
        assert token.logprob == pytest.approx(logprobs[place, token.id], abs=1e-4)


def test_a_cancelled_request_leaves_the_batch_without_an_event(
    engine: Engine, gate: Gate, codec: TextCodec
) -> None:
    kept, dropped = make_request(codec, max_new_tokens=6), make_request(codec, max_new_tokens=60)
    engine.submit(dropped)
    gate.wait()
    engine.submit(kept)
    engine.cancel(dropped)
    gate.open(1)
    gate.wait()
    assert (engine.active_count, engine.waiting_count) == (1, 0)
    gate.open()
    assert len(events_of(kept)) == 6
    assert isinstance(dropped.inbox, ThreadInbox)
    assert dropped.inbox._events.qsize() == 1, "only the token before the cancellation"


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


def test_times_come_from_the_given_clock(start_engine: StartEngine, codec: TextCodec) -> None:
    engine = start_engine(clock=lambda: 42.0)
    request = make_request(codec)
    answer(engine, request)
    assert (request.queued_at, request.started_at) == (42.0, 42.0)
