"""Bans, biases and penalties, as they show in what is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from local_endpoints.engine.text.request import PromptEvent
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.conftest import StartEngine
from tests.local_endpoints.engine.text.driving import answer, events_of, make_request
from tests.local_endpoints.engine.text.test_sampling import (
    VOCABULARY,
    Scores,
    choose,
    chooser,
    possible,
    random_logits,
)


def falling(*scores: float) -> Scores:
    logits = np.full((1, VOCABULARY), -9.0, np.float32)
    logits[0, : len(scores)] = scores
    return logits


def chosen(logits: Scores, count: int, prompt: list[int] | None = None, **asked: Any) -> list[int]:
    one = chooser(prompt, **asked)
    return [int(choose(logits, one).tokens[0]) for _ in range(count)]


def test_only_allowed_tokens_are_chosen() -> None:
    assert chosen(falling(5, 4, 3), 2, allowed=[1, 2]) == [1, 1]


def test_a_bias_can_lift_and_sink_a_token() -> None:
    assert chosen(falling(5, 4, 3), 1, bias={2: 3.0}) == [2]
    assert chosen(falling(5, 4, 3), 1, bias={0: -100.0, 1: -100.0}) == [2]


def test_barred_tokens_may_come_after_the_least_number_of_new_ones() -> None:
    assert chosen(falling(5, 4), 4, barred=[0], min_new_tokens=2) == [1, 1, 0, 0]


def test_a_banned_sequence_is_never_completed_and_its_beginning_is_free() -> None:
    assert chosen(falling(5, 4), 3, banned=[[0]]) == [1, 1, 1]
    assert chosen(falling(5, 4), 4, banned=[[0, 0]]) == [0, 1, 0, 1]
    assert chosen(falling(5, 4), 5, banned=[[0, 0, 0], [1, 1]]) == [0, 0, 1, 0, 0]


def test_presence_counts_once_and_count_every_time_and_the_prompt_never() -> None:
    assert chosen(falling(5, 4.5), 4, prompt=[0, 0, 0], presence_penalty=1.0) == [0, 1, 0, 0]
    assert chosen(falling(5, 3.5), 4, prompt=[0, 0, 0], count_penalty=1.0) == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("min_p", "kept"), [(0.0, VOCABULARY), (0.3, 2), (0.5, 1), (1.0, 1), (0.1, 3)]
)
def test_min_p_keeps_a_share_of_the_best(min_p: float, kept: int) -> None:
    logits = np.log(np.array([[0.6, 0.25, 0.1] + [0.05 / 297] * 297], np.float32))
    assert len(possible(logits, min_p=min_p)) == kept


def test_min_p_looks_at_the_distribution_after_the_temperature() -> None:
    logits = np.log(np.array([[0.6, 0.25, 0.1] + [0.05 / 297] * 297], np.float32))
    assert len(possible(logits, min_p=0.3, temperature=2.0)) == 3


def test_raw_logprobs_are_the_models_own_whatever_changes_the_choice() -> None:
    logits = random_logits()
    plain = choose(logits, chooser())
    best = plain.top(0, 1)[0][0]
    asked: dict[str, Any] = {"bias": {best: -50.0}, "top_k": 2, "temperature": 0.3, "seed": 4}
    raw = choose(logits, chooser(raw_logprobs=True, **asked))
    assert raw.tokens[0] != best
    assert raw.top(0, 5) == plain.top(0, 5)
    changed = choose(logits, chooser(**asked))
    assert changed.tokens[0] == raw.tokens[0]
    assert changed.logprobs[0] > raw.logprobs[0]


def test_neighbors_in_a_batch_keep_their_own_logprobs() -> None:
    logits = np.repeat(random_logits(), 2, axis=0)
    both = choose(logits, chooser(top_k=1), chooser(top_k=1, raw_logprobs=True))
    assert both.logprobs[0] == pytest.approx(0, abs=1e-6)
    assert both.logprobs[1] < -0.1


def test_a_request_may_name_the_tokens_that_end_it(
    start_engine: StartEngine, codec: TextCodec
) -> None:
    engine = start_engine()
    (free,) = answer(engine, make_request(codec, end_ids=frozenset(), max_new_tokens=30))
    assert len(free) == 30
    third = free[2].token.id
    first = next(place for place, event in enumerate(free) if event.token.id == third)
    (ended,) = answer(engine, make_request(codec, end_ids=frozenset({third}), max_new_tokens=30))
    assert [event.token.id for event in ended] == [event.token.id for event in free[: first + 1]]


def test_a_prompts_alternatives_and_ranks(start_engine: StartEngine, codec: TextCodec) -> None:
    engine = start_engine()
    request = make_request(codec, prompt_logprobs=True, prompt_top_n_tokens=3, max_new_tokens=1)
    engine.submit(request)
    event = next(event for event in events_of(request) if isinstance(event, PromptEvent))
    assert len(event.top_tokens) == len(event.ranks) == len(event.tokens) == len(request.prompt)
    assert (event.tokens[0].logprob, event.top_tokens[0], event.ranks[0]) == (None, (), 0)
    for token, top, rank in zip(
        event.tokens[1:], event.top_tokens[1:], event.ranks[1:], strict=True
    ):
        logprobs = [each.logprob or 0.0 for each in top]
        assert len(top) == 3 and logprobs == sorted(logprobs, reverse=True)
        assert rank >= 1
        if rank <= 3:
            assert top[rank - 1].id == token.id
