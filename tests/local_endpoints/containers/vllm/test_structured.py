"""Structured output: every way to ask for it, enforced, streamed, cut and refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from local_endpoints.containers.vllm.logprobs import LEAST
from local_endpoints.containers.vllm.structured import closed
from tests.local_endpoints.containers.conftest import RunningContainer
from tests.local_endpoints.containers.vllm.conftest import (
    CHAT,
    COMPLETIONS,
    ask,
    asking,
    content,
    refusal,
)

PERSON = {
    "type": "object",
    "properties": {"name": {"enum": ["fox", "dog"]}, "legs": {"type": "integer", "maximum": 9}},
    "required": ["name", "legs"],
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "person", "schema": PERSON}}


def is_person(text: str) -> bool:
    person = json.loads(text)
    return set(person) == {"name", "legs"} and person["name"] in ("fox", "dog")


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({"structured_outputs": {"choice": ["yes", "no"]}}, {"yes", "no"}.__contains__),
        ({"structured_outputs": {"regex": "[0-9]{2,4}"}}, re.compile("[0-9]{2,4}").fullmatch),
        ({"structured_outputs": {"grammar": 'root ::= "a" | "b"'}}, {"a", "b"}.__contains__),
        ({"structured_outputs": {"grammar": 'start: "a" | "b"'}}, {"a", "b"}.__contains__),
        (
            {"structured_outputs": {"choice": ["x"]}, "response_format": {"type": "text"}},
            "x".__eq__,
        ),
        ({"structured_outputs": {"choice": ["xyz"]}, "min_tokens": 20}, "xyz".__eq__),
    ],
)
def test_what_is_asked_for_is_what_comes(
    vllm: RunningContainer, fields: dict[str, Any], fits: Any
) -> None:
    for seed in range(3):
        answer = ask(vllm, seed=seed, max_tokens=60, **fields)
        assert answer["choices"][0]["finish_reason"] == "stop"
        assert fits(content(answer)), content(answer)


@pytest.mark.parametrize(
    "fields",
    [
        {"response_format": FORMAT},
        {"structured_outputs": {"json": PERSON}},
        {"structured_outputs": {"json": json.dumps(PERSON)}},
    ],
)
def test_an_object_keeps_to_its_schema(qwen: RunningContainer, fields: dict[str, Any]) -> None:
    for seed in range(3):
        answer = ask(qwen, "Describe a fox as JSON.", seed=seed, max_tokens=80, **fields)
        assert answer["choices"][0]["finish_reason"] == "stop"
        assert is_person(content(answer))


def test_any_object_is_json_or_cut(vllm: RunningContainer) -> None:
    for seed in range(4):
        form = {"type": "json_object"}
        answer = ask(vllm, seed=seed, max_tokens=40, response_format=form)
        if answer["choices"][0]["finish_reason"] == "stop":
            assert isinstance(json.loads(content(answer)), dict)
        else:
            assert content(answer).startswith("{")


def test_a_completion_and_a_stream_keep_to_it_too(
    vllm: RunningContainer, qwen: RunningContainer
) -> None:
    body = {"prompt": "the", "structured_outputs": {"choice": ["one", "two"]}, "seed": 1}
    assert vllm.post(COMPLETIONS, body).json()["choices"][0]["text"] in ("one", "two")
    *events, _ = qwen.post(CHAT, asking(stream=True, response_format=FORMAT, max_tokens=60)).events
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events]
    text = "".join(delta.get("content", "") for delta in deltas)
    assert is_person(text)


def test_the_same_seed_gives_the_same_object_alone_and_in_company(vllm: RunningContainer) -> None:
    fields = {"response_format": FORMAT, "max_tokens": 60}
    alone = [content(ask(vllm, seed=seed, **fields)) for seed in (4, 5)]
    both = ask(vllm, seed=4, n=2, **fields)
    assert [content(both, index) for index in range(2)] == alone


def test_alternatives_are_as_many_as_asked_for(vllm: RunningContainer) -> None:
    fields = {"logprobs": True, "top_logprobs": 4, "return_tokens_as_token_ids": True}
    answer = ask(vllm, structured_outputs={"choice": ["the", "a"]}, **fields)
    entries = answer["choices"][0]["logprobs"]["content"]
    # At the end nothing may come but one of two tokens.
    assert [each["logprob"] for each in entries[-1]["top_logprobs"]].count(LEAST) == 2
    for entry in entries:
        told = {
            int(each["token"].removeprefix("token_id:")): each["logprob"]
            for each in entry["top_logprobs"]
        }
        excluded = [token for token, logprob in told.items() if logprob == LEAST]
        possible = list(told)[: 4 - len(excluded)]
        assert len(told) == 4
        assert excluded == [each for each in range(9) if each not in possible][: len(excluded)]


def test_alternatives_of_a_character_that_another_token_completes(vllm: RunningContainer) -> None:
    faces = ["😀", "😁"]
    given = {"structured_outputs": {"choice": faces}}
    answer = ask(vllm, logprobs=True, top_logprobs=2, **given)
    assert content(answer) in faces
    tokens = answer["choices"][0]["logprobs"]["content"][:4]
    assert [entry["token"] for entry in tokens] == ["", "", "", content(answer)]
    assert {each["token"] for each in tokens[3]["top_logprobs"]} == set(faces)
    body = {"prompt": "the", "logprobs": 2, **given}
    told = vllm.post(COMPLETIONS, body).json()["choices"][0]["logprobs"]
    assert set(told["top_logprobs"][3]) == set(faces)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"json": {}, "choice": ["a"]}, "You can only use one kind of constraints for structured"),
        ({"json": {}, "grammar": "x"}, "one kind of structured outputs constraint but multiple"),
        ({}, "You must use one kind of structured outputs constraint but none are specified"),
        ({"choice": []}, "Choice '[]' cannot be an empty list"),
        ({"json": " "}, "structured_outputs.json cannot be an empty string"),
        ({"json": "{"}, "Invalid JSON grammar specification."),
        ({"json_object": False}, "structured_outputs.json_object must be True if set"),
        ({"grammar": " "}, "structured_outputs.grammar cannot be an empty string"),
        ({"regex": "a\x00"}, "must not contain a NUL character"),
        ({"regex": "("}, "Grammar error: "),
        ({"json": {"type": "nothing"}}, "Grammar error: "),
        ({"grammar": "root ::= ("}, "Failed to convert the grammar from GBNF to Lark"),
        ({"structural_tag": "{}"}, "`structured_outputs.structural_tag` is not imitated"),
    ],
)
def test_refusals(vllm: RunningContainer, given: dict[str, Any], words: str) -> None:
    status, text = refusal(vllm, CHAT, asking(structured_outputs=given))
    assert status == 400 and words in text


def test_a_format_and_a_constraint_are_two(vllm: RunningContainer) -> None:
    body = asking(structured_outputs={"choice": ["a"]}, response_format=FORMAT)
    assert "but multiple are specified" in refusal(vllm, CHAT, body)[1]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "object"}, {"type": "object"}),
        ({"properties": {}}, {"properties": {}, "additionalProperties": False}),
        (
            {"properties": {"properties": {"properties": {}}}},
            {
                "properties": {"properties": {"properties": {}, "additionalProperties": False}},
                "additionalProperties": False,
            },
        ),
        (
            {"properties": {}, "additionalProperties": {"type": "string"}},
            {"properties": {}, "additionalProperties": {"type": "string"}},
        ),
        ({"properties": {}, "anyOf": [{}]}, {"properties": {}, "anyOf": [{}]}),
        ({"enum": [{"properties": {}}]}, {"enum": [{"properties": {}}]}),
        (
            {"items": [{"properties": {}}]},
            {"items": [{"properties": {}, "additionalProperties": False}]},
        ),
    ],
)
def test_objects_have_no_other_properties_than_named_ones(schema: Any, expected: Any) -> None:
    assert closed(schema) == expected
