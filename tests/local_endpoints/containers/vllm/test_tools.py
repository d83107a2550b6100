"""Calls of functions: read from the text, required, streamed, refused; results of tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_endpoints.containers.vllm.tools import CallStream, parse
from tests.local_endpoints.containers.conftest import RunningContainer
from tests.local_endpoints.containers.vllm.conftest import CHAT, ask, asking, content, refusal

QUESTION = "What is the weather in Paris?"
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
CLOCK = {"type": "function", "function": {"name": 'the "clock"', "parameters": None}}
NAMED = {"type": "function", "function": {"name": "get_weather"}}


def call(container: RunningContainer, **fields: Any) -> Any:
    body = asking(QUESTION, temperature=0, max_tokens=80, **{"tools": [WEATHER, CLOCK], **fields})
    reply = container.post(CHAT, body)
    assert reply.status == 200, reply.text
    return reply.json()["choices"][0]


@pytest.mark.parametrize(
    ("fields", "finish", "content"),
    [
        ({}, "tool_calls", None),
        ({"tool_choice": "auto"}, "tool_calls", None),
        ({"tool_choice": "required"}, "tool_calls", ""),
        ({"tool_choice": NAMED}, "stop", ""),
        ({"parallel_tool_calls": False}, "tool_calls", None),
    ],
)
def test_a_call(qwen: RunningContainer, fields: Any, finish: str, content: str | None) -> None:
    choice = call(qwen, **fields)
    assert (choice["finish_reason"], choice["message"]["content"]) == (finish, content)
    (made,) = choice["message"]["tool_calls"]
    assert made["id"].startswith("chatcmpl-tool-") and made["type"] == "function"
    assert made["function"]["name"] == "get_weather"
    assert json.loads(made["function"]["arguments"]) == {"city": "Paris"}


def test_none_means_that_nobody_looks_for_calls(qwen: RunningContainer) -> None:
    choice = call(qwen, tool_choice="none")
    assert "tool_calls" not in choice["message"] and choice["finish_reason"] == "stop"


def test_a_named_function_is_called_whatever_the_question(qwen: RunningContainer) -> None:
    choice = call(qwen, tool_choice={"type": "function", "function": {"name": 'the "clock"'}})
    if choice["finish_reason"] == "stop":
        assert choice["message"]["tool_calls"][0]["function"]["name"] == 'the "clock"'


def test_a_stream_of_a_call_adds_up(qwen: RunningContainer) -> None:
    for choice, finish in (("auto", "tool_calls"), ("required", "tool_calls"), (NAMED, "stop")):
        body = asking(QUESTION, temperature=0, max_tokens=80, tools=[WEATHER], tool_choice=choice)
        *events, _ = qwen.post(CHAT, {**body, "stream": True}).events
        chunks = [json.loads(event)["choices"][0] for event in events]
        calls = [call for chunk in chunks for call in chunk["delta"].get("tool_calls", [])]
        assert calls[0]["function"] == {"name": "get_weather"} and calls[0]["index"] == 0
        arguments = "".join(call["function"].get("arguments", "") for call in calls)
        assert json.loads(arguments) == {"city": "Paris"}
        assert chunks[-1]["finish_reason"] == finish


def streamed(container: RunningContainer, **fields: Any) -> list[Any]:
    """The choices of a stream's chunks behind the one with the role."""
    body = asking("Who are you?", temperature=0, max_tokens=40, stream=True, **fields)
    *events, _ = container.post(CHAT, body).events
    first, *choices = [json.loads(event)["choices"][0] for event in events]
    assert first["delta"] == {"role": "assistant", "content": ""}
    return choices


@pytest.mark.parametrize("fields", [{}, {"tools": [WEATHER], "tool_choice": "none"}])
@pytest.mark.parametrize("stop", [None, "held back"])
def test_a_stream_with_a_parser_and_without_calls_has_no_empty_text(
    qwen: RunningContainer, fields: Any, stop: str | None
) -> None:
    choices = streamed(qwen, stop=stop, **fields)
    assert "" not in [choice["delta"].get("content") for choice in choices]
    whole = content(ask(qwen, "Who are you?", temperature=0, max_tokens=40, stop=stop, **fields))
    assert "".join(choice["delta"].get("content", "") for choice in choices) == whole
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]
    # What was held back comes with the end.
    assert (choices[-1]["delta"] == {}) is (stop is None)


def test_numbers_of_tokens_come_without_text(qwen: RunningContainer) -> None:
    choices = streamed(qwen, stop="held back", return_token_ids=True)
    assert choices[0]["delta"] == {} and choices[0]["token_ids"]
    fields = {"temperature": 0, "max_tokens": 40, "return_token_ids": True}
    whole = ask(qwen, "Who are you?", **fields)["choices"][0]["token_ids"]
    assert [token for choice in choices for token in choice["token_ids"]] == whole


METADATA = {"logprobs": True, "top_logprobs": 1, "return_token_ids": True}


@pytest.mark.parametrize("fields", [{}, {"tools": [WEATHER]}])
def test_whoever_wants_no_reasoning_is_told_no_tokens(qwen: RunningContainer, fields: Any) -> None:
    told = ask(qwen, "Who are you?", **METADATA, **fields)
    assert told["choices"][0]["logprobs"]["content"] and told["choices"][0]["token_ids"]
    answer = ask(qwen, "Who are you?", include_reasoning=False, **METADATA, **fields)
    assert (answer["choices"][0]["logprobs"], answer["choices"][0]["token_ids"]) == (None, None)
    assert content(answer) == content(told)
    assert answer["prompt_token_ids"] == told["prompt_token_ids"] != []


@pytest.mark.parametrize("fields", [{}, {"tools": [WEATHER]}])
def test_whoever_wants_no_reasoning_gets_no_chunk_without_text(
    qwen: RunningContainer, fields: Any
) -> None:
    told = streamed(qwen, stop="held back", **METADATA, **fields)
    assert all(choice["logprobs"] and choice["token_ids"] for choice in told)
    hidden = streamed(qwen, stop="held back", include_reasoning=False, **METADATA, **fields)
    assert all((each["logprobs"], each["token_ids"]) == (None, None) for each in hidden)
    assert {} in [choice["delta"] for choice in told[:-1]]
    assert {} not in [choice["delta"] for choice in hidden[:-1]]
    assert [each["delta"] for each in told if each["delta"]] == [
        each["delta"] for each in hidden if each["delta"]
    ]
    assert hidden[-1]["finish_reason"] == told[-1]["finish_reason"] == "stop"


def test_the_result_of_a_tool_goes_on(qwen: RunningContainer) -> None:
    made = call(qwen)["message"]["tool_calls"]
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": None, "tool_calls": made},
        {"role": "tool", "tool_call_id": made[0]["id"], "content": '{"weather": "sunny"}'},
    ]
    body = {"messages": messages, "tools": [WEATHER], "temperature": 0, "max_tokens": 40}
    answer = qwen.post(CHAT, {**body, "return_prompt_text": True}).json()
    assert (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}'
        in (answer["prompt_text"])
    )
    assert "sunny" in answer["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser'),
        ({"tool_choice": "required"}, 'tool_choice="required" requires --tool-call-parser'),
        ({"tool_choice": NAMED}, 'tool_choice=function "get_weather" requires'),
        ({"tools": []}, "`tools` must not be an empty array."),
        ({"tools": None, "tool_choice": "auto"}, "When using `tool_choice`, `tools` must be set."),
        ({"tool_choice": "some"}, "Invalid value for `tool_choice`: some!"),
        ({"tool_choice": {}}, "Invalid value for `function`: `None` in `tool_choice`!"),
        ({"tool_choice": {"function": {}}}, "Expected field `name` in `function`"),
        ({"tool_choice": {"function": {"name": ""}}}, "Invalid `name` in `function`"),
        ({"tool_choice": {"function": {"name": "x"}}}, "does not match any of the specified"),
    ],
)
def test_refusals(vllm: RunningContainer, fields: Any, words: str) -> None:
    status, text = refusal(vllm, CHAT, asking(**{"tools": [WEATHER], **fields}))
    assert status == 400 and words in text


CALL = '<tool_call>\n{"name": "f", "arguments": {"a": "}"}}\n</tool_call>'
TEXTS = [
    ("plain", "plain", []),
    (CALL, None, [("f", '{"a": "}"}')]),
    (f"First\n{CALL}", "First\n", [("f", '{"a": "}"}')]),
    (CALL * 2, None, [("f", '{"a": "}"}')] * 2),
    ('<tool_call>{"name": "é", "arguments": {}}', None, [("é", "{}")]),
    ("a < b <tool", "a < b <tool", []),
]


@pytest.mark.parametrize(("text", "content", "calls"), TEXTS)
def test_a_finished_text_is_read(text: str, content: str | None, calls: Any) -> None:
    parsed = parse(text)
    found = [(each["function"]["name"], each["function"]["arguments"]) for each in parsed.calls]
    assert (parsed.content, found) == (content, calls)


def test_a_call_that_is_no_json_is_text() -> None:
    for text in ('<tool_call>{"name": "f"', '<tool_call>{"name": "f"}</tool_call>', "<tool_call>"):
        assert (parse(text).content, parse(text).calls) == (text, [])


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
@pytest.mark.parametrize(("text", "content", "calls"), TEXTS)
def test_a_stream_tells_the_same_however_it_is_cut(
    text: str, content: str | None, calls: list[tuple[str, str]], step: int
) -> None:
    reader, told = CallStream(), ""
    names: list[str] = []
    arguments: dict[int, str] = {}
    for start in range(0, len(text), step):
        delta = reader.add(text[start : start + step]) or {}
        told += delta.get("content") or ""
        for each in delta.get("tool_calls", []):
            names += [each["function"]["name"]] if "name" in each["function"] else []
            more = each["function"].get("arguments", "")
            arguments[each["index"]] = arguments.get(each["index"], "") + more
    assert names == [name for name, _ in calls]
    assert [arguments[place] for place in range(len(calls))] == [made for _, made in calls]
    # What may be the beginning of a call is held back.
    assert (content or "").startswith(told) and len(content or "") - len(told) < 11
    assert reader.called is bool(calls)
