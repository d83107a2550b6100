"""Answers that keep to a grammar, seen from outside the engine."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from llguidance import LLParserLimits

from local_endpoints.engine.text import compiler
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.grammar import Grammar, GrammarError
from local_endpoints.engine.text.request import (
    FailureEvent,
    Finish,
    FinishReason,
    Request,
    TokenEvent,
)
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.conftest import StartEngine
from tests.local_endpoints.engine.text.driving import answer, events_of, make_request
from tests.local_endpoints.engine.text.test_sampling import MIXED
from tests.local_endpoints.engine.tiny_model import END_OF_TURN, EOS

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 8},
        "age": {"type": "integer", "minimum": 0, "maximum": 120},
        "tags": {"type": "array", "items": {"enum": ["red", "blue"]}, "maxItems": 2},
    },
    "required": ["name", "age", "tags"],
    "additionalProperties": False,
}
COMPACT_PERSON = Grammar.json_schema(PERSON, whitespace="")


def guided(codec: TextCodec, grammar: Grammar, **options: Any) -> Request:
    options = {"max_new_tokens": 80, "temperature": 1.5, "seed": 1, **options}
    return make_request(codec, "a fox", grammar=grammar, **options)


def end(events: list[TokenEvent]) -> Finish:
    finish = events[-1].finish
    assert finish is not None
    return finish


def test_an_answer_is_what_the_grammar_asks_for(engine: Engine, codec: TextCodec) -> None:
    finishes = [
        end(events)
        for events in answer(
            engine, *[guided(codec, COMPACT_PERSON, seed=seed) for seed in range(16)]
        )
    ]
    people = [json.loads(each.text) for each in finishes if each.reason is FinishReason.EOS]
    assert len(people) > 8
    for person in people:
        assert list(person) == ["name", "age", "tags"]
        assert 0 <= person["age"] <= 120 and len(person["name"]) <= 8


def test_without_sampling_the_likeliest_allowed_token_is_taken(
    engine: Engine, codec: TextCodec
) -> None:
    free, kept = answer(
        engine,
        make_request(codec, "a fox", max_new_tokens=1, top_n_tokens=400),
        guided(codec, Grammar.regex("[b-y]{3}"), temperature=1.0, top_n_tokens=400),
    )
    letters = re.compile("[b-y]{1,3}")
    order = [token.id for token in free[0].top_tokens if letters.fullmatch(token.text)]
    assert [token.id for token in kept[0].top_tokens] == order
    assert sum(2.718281828 ** (token.logprob or 0) for token in kept[0].top_tokens) == (
        pytest.approx(1, abs=1e-4)
    ), "probabilities are those among the allowed tokens"


@pytest.mark.parametrize("sampling", MIXED)
def test_alone_and_in_a_batch_an_answer_is_the_same(
    engine: Engine, codec: TextCodec, sampling: dict[str, Any]
) -> None:
    grammars = [COMPACT_PERSON, Grammar.regex(r"(\w+ ){2,9}"), Grammar.json_object(), None]

    def requests() -> list[Request]:
        return [
            make_request(
                codec, "a fox", grammar=grammars[seed % 4], seed=seed, max_new_tokens=40, **sampling
            )
            for seed in range(8)
        ]

    together = answer(engine, *requests())
    alone = [answer(engine, request)[0] for request in requests()]
    assert [[event.token.id for event in events] for events in together] == [
        [event.token.id for event in events] for events in alone
    ]


def test_an_unguided_neighbour_answers_as_ever(engine: Engine, codec: TextCodec) -> None:
    (before,) = answer(engine, make_request(codec))
    beside, _ = answer(engine, make_request(codec), guided(codec, COMPACT_PERSON))
    assert [event.token for event in beside] == [event.token for event in before]
    assert end(beside).complete is None


def test_a_cut_answer_says_so(engine: Engine, codec: TextCodec) -> None:
    ((*_, last),) = answer(engine, guided(codec, COMPACT_PERSON, max_new_tokens=3))
    assert last.finish is not None and last.finish.reason is FinishReason.LENGTH
    assert last.finish.complete is False


def test_an_answer_that_is_cut_where_it_is_complete_is_complete(
    engine: Engine, codec: TextCodec
) -> None:
    (events,) = answer(engine, guided(codec, Grammar.choice(["x"]), max_new_tokens=1))
    assert end(events).text == "x"
    assert end(events).reason is FinishReason.LENGTH and end(events).complete is True


def test_the_end_is_a_token_of_its_own(engine: Engine, codec: TextCodec) -> None:
    (events,) = answer(engine, guided(codec, Grammar.choice(["x"])))
    assert events[0].token.text == "x"
    assert events[1].token.id in (EOS, END_OF_TURN) and len(events) == 2
    assert end(events).reason is FinishReason.EOS and end(events).complete is True


def test_a_stop_string_still_stops(engine: Engine, codec: TextCodec) -> None:
    (events,) = answer(engine, guided(codec, COMPACT_PERSON, stop=['"name"']))
    assert end(events).text == '{"name"'
    assert end(events).reason is FinishReason.STOP and end(events).complete is False


def test_penalties_cannot_push_an_answer_out_of_its_grammar(
    engine: Engine, codec: TextCodec
) -> None:
    strong = {"repetition_penalty": 50.0, "frequency_penalty": 2.0, "top_k": 3, "top_p": 0.2}
    for events in answer(
        engine, *[guided(codec, Grammar.regex("x{30}"), seed=s, **strong) for s in range(4)]
    ):
        assert end(events).text == "x" * 30


def test_a_grammar_that_cannot_be_followed_is_refused_before_anything_is_queued(
    engine: Engine, codec: TextCodec
) -> None:
    request = guided(codec, Grammar.regex("(?=a)b"))
    with pytest.raises(GrammarError, match="look-around"):
        engine.submit(request)
    with pytest.raises(GrammarError, match="look-around"):
        engine.check(Grammar.regex("(?=a)b"))
    assert (engine.waiting_count, engine.active_count) == (0, 0)


def test_log_probabilities_of_the_model_are_those_among_the_allowed_tokens(
    engine: Engine, codec: TextCodec
) -> None:
    """vLLM reports them before its other parameters, and after the grammar's mask."""
    grammar = Grammar.regex("[b-y]{3}")
    plain, warm = answer(
        engine,
        guided(codec, grammar, temperature=1.0, top_n_tokens=4),
        guided(codec, grammar, temperature=0.5, top_k=1, top_n_tokens=4, raw_logprobs=True),
    )
    assert [token.logprob for token in warm[0].top_tokens] == pytest.approx(
        [token.logprob for token in plain[0].top_tokens]
    )


def test_whoever_ignores_the_end_goes_on_without_the_grammar(
    engine: Engine, codec: TextCodec
) -> None:
    (events,) = answer(
        engine,
        guided(codec, Grammar.choice(["x"]), end_ids=frozenset(), max_new_tokens=40),
    )
    assert len(events) == 40 and end(events).reason is FinishReason.LENGTH
    assert events[0].token.text == "x" and events[1].token.id in (EOS, END_OF_TURN)
    assert len({event.token.id for event in events[2:]}) > 5
    assert end(events).complete is True


def test_a_ban_on_all_that_the_grammar_allows_fails_that_request_alone(
    engine: Engine, codec: TextCodec
) -> None:
    impossible = guided(codec, Grammar.choice(["x"]), banned=[[EOS], [END_OF_TURN]])
    neighbour = guided(codec, COMPACT_PERSON)
    engine.submit(impossible)
    engine.submit(neighbour)
    first, last = events_of(impossible)
    assert isinstance(first, TokenEvent) and first.token.text == "x"
    assert isinstance(last, FailureEvent) and "that other parameters ban" in last.message
    assert isinstance(events_of(neighbour)[-1], TokenEvent)
    assert engine.healthy


def test_a_grammar_that_allows_only_the_end_outweighs_a_minimum_of_tokens(
    engine: Engine, codec: TextCodec
) -> None:
    request = guided(codec, Grammar.choice(["x"]), barred=(EOS, END_OF_TURN), min_new_tokens=5)
    (events,) = answer(engine, request)
    assert (end(events).text, len(events)) == ("x", 2)


def test_a_minimum_of_tokens_keeps_an_answer_from_ending_early(
    engine: Engine, codec: TextCodec
) -> None:
    options = {"barred": (EOS, END_OF_TURN), "min_new_tokens": 12}
    for events in answer(
        engine, *[guided(codec, Grammar.regex("[a-z ]*"), seed=s, **options) for s in range(6)]
    ):
        assert len(events) > 12
        assert re.fullmatch("[a-z ]*", end(events).text)


LONG_STRING = Grammar.json_schema({"type": "string", "minLength": 50, "maxLength": 5000})
"""Its lexer has a state for every length."""


def test_an_answer_does_not_miss_what_others_have_used_up(
    start_engine: StartEngine, codec: TextCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All answers to a grammar share the states of its lexer, and those are limited."""

    def texts(engine: Engine) -> list[str]:
        requests = [guided(codec, LONG_STRING, seed=seed, max_new_tokens=40) for seed in range(24)]
        return [end(events).text for request in requests for events in answer(engine, request)]

    plenty = texts(start_engine())
    assert len(set(plenty)) == 24
    monkeypatch.setattr(compiler, "LIMITS", LLParserLimits(max_lexer_states=400))
    assert texts(start_engine()) == plenty


def test_a_grammar_that_grows_too_large_on_the_way_fails_its_request_alone(
    start_engine: StartEngine, codec: TextCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "LIMITS", LLParserLimits(max_lexer_states=100))
    engine = start_engine()
    growing, neighbour = guided(codec, LONG_STRING), guided(codec, Grammar.regex("x{30}"))
    engine.submit(growing)
    engine.submit(neighbour)
    last = events_of(growing)[-1]
    assert isinstance(last, FailureEvent) and "too large" in last.message
    assert end(events_of(neighbour)).text == "x" * 30  # type: ignore[arg-type]
    assert engine.healthy
