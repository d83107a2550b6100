"""How an answer ends, and what its events report."""

from __future__ import annotations

import math

import numpy as np
import pytest

from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import FinishReason, PromptEvent, TokenEvent
from local_endpoints.engine.text.tokens import REPLACEMENT, TextCodec
from tests.local_endpoints.engine.text.driving import answer, events_of, make_request
from tests.local_endpoints.engine.tiny_model import END_OF_TURN, EOS


def test_length_ends_an_answer(engine: Engine, codec: TextCodec) -> None:
    (events,) = answer(engine, make_request(codec, max_new_tokens=5))
    finish = events[-1].finish
    assert finish is not None and finish.reason is FinishReason.LENGTH
    assert finish.generated_tokens == len(events) == 5
    assert finish.text == "".join(event.token.text for event in events)
    assert finish.seed is None
    assert all(event.finish is None for event in events[:-1])


def test_a_full_slot_ends_an_answer(engine: Engine, codec: TextCodec) -> None:
    # Nothing else ends it.
    request = make_request(
        codec, max_new_tokens=10_000, temperature=0.9, seed=2, end_ids=frozenset()
    )
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
    (events,) = answer(engine, make_request(codec, max_new_tokens=40, temperature=2.0, seed=1))
    texts = [event.token.text for event in events]
    border = next(i for i in range(3, 38) if len(texts[i]) > 1 and len(texts[i + 1]) > 1)
    stop = texts[border][-1] + texts[border + 1]
    request = make_request(codec, max_new_tokens=40, temperature=2.0, seed=1, stop=[stop])
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


@pytest.mark.parametrize("raw", [False, True])
def test_vllm_is_told_of_excluded_tokens_and_tgi_is_not(
    engine: Engine, codec: TextCodec, raw: bool
) -> None:
    grammar = Grammar.choice(["the", "a"])
    (events,) = answer(
        engine, make_request(codec, grammar=grammar, top_n_tokens=40, raw_logprobs=raw)
    )
    for event in events:
        values = [token.logprob for token in event.top_tokens]
        assert (len(values) == 40) is raw
        assert (-math.inf in values) is raw
        assert event.token.id in [token.id for token in event.top_tokens]


@pytest.mark.parametrize("raw", [False, True])
def test_only_vllm_is_told_finished_characters_of_a_prompt(
    engine: Engine, codec: TextCodec, raw: bool
) -> None:
    text = "Grüße 😀"
    request = make_request(
        codec,
        text,
        prompt_logprobs=True,
        prompt_top_n_tokens=40,
        max_new_tokens=1,
        raw_logprobs=raw,
    )
    engine.submit(request)
    first, _ = events_of(request)
    assert isinstance(first, PromptEvent)
    texts = [token.text for token in first.tokens[1:]]
    others = [token for top in first.top_tokens for token in top]
    if raw:
        assert "".join(texts) == text and texts.count("") == 5
        assert not any(token.text.endswith(REPLACEMENT) for token in others)
    else:
        assert texts.count(REPLACEMENT) == 8
        assert all(token.text == codec.decode([token.id]) for token in others)
