"""``/v1/chat/completions``: answers, streams, and what the fields do."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from tests.local_endpoints.containers.conftest import RunningContainer, StartContainer

PATH = "/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "the fox"}]


def ask(container: RunningContainer, **fields: Any) -> Any:
    reply = container.post(PATH, {"messages": MESSAGES, "max_tokens": 6, "seed": 1, **fields})
    assert reply.status == 200, reply.text
    return reply.json()


def content(answer: Any) -> str:
    text: str = answer["choices"][0]["message"]["content"]
    return text


def test_an_answer(container: RunningContainer) -> None:
    before = int(time.time())
    answer = ask(container)
    assert list(answer) == [
        *("object", "id", "created", "model", "system_fingerprint", "choices", "usage")
    ]
    assert (answer["object"], answer["id"]) == ("chat.completion", "")
    assert before <= answer["created"] <= time.time()
    assert answer["model"] == "/repository"
    assert answer["system_fingerprint"] == "3.3.7-pocket-test"
    (choice,) = answer["choices"]
    assert list(choice) == ["index", "message", "logprobs", "finish_reason"]
    assert list(choice["message"]) == ["role", "content"]
    assert choice["message"]["role"] == "assistant"
    assert (choice["logprobs"], choice["finish_reason"]) == (None, "length")
    usage = answer["usage"]
    assert usage["completion_tokens"] == 6
    assert usage["total_tokens"] == usage["prompt_tokens"] + 6


def test_bos_is_not_put_in_front_a_second_time(container: RunningContainer) -> None:
    templated = "<start_of_turn>user\nthe fox<end_of_turn>\n<start_of_turn>model\n"
    plain = container.post("/generate", {"inputs": templated, "parameters": {"max_new_tokens": 6}})
    chat = ask(container, temperature=0)
    assert content(chat) == plain.json()["generated_text"]
    assert str(chat["usage"]["prompt_tokens"]) == plain.headers["x-prompt-tokens"]


def test_headers_count_the_templated_prompt(container: RunningContainer) -> None:
    reply = container.post(PATH, {"messages": MESSAGES, "max_tokens": 2, "temperature": 0})
    templated = "<bos><start_of_turn>user\nthe fox<end_of_turn>\n<start_of_turn>model\n"
    assert reply.headers["x-compute-characters"] == str(len(templated))
    assert reply.headers["x-generated-tokens"] == "2"


@pytest.mark.parametrize(
    ("model", "echoed"),
    [("tgi", "/repository"), ("dummy", "dummy"), ("", ""), (None, "/repository")],
)
def test_the_requests_model_is_echoed(
    container: RunningContainer, model: str | None, echoed: str
) -> None:
    assert ask(container, model=model)["model"] == echoed


def test_the_answer_is_sampled_unless_the_temperature_is_zero(container: RunningContainer) -> None:
    body = {"messages": MESSAGES, "max_tokens": 12}
    free = {content(container.post(PATH, body).json()) for _ in range(4)}
    greedy = {content(container.post(PATH, {**body, "temperature": 0}).json()) for _ in range(4)}
    assert len(free) > 1
    assert len(greedy) == 1


def test_a_seed_makes_an_answer_repeatable(container: RunningContainer) -> None:
    assert content(ask(container, seed=4)) == content(ask(container, seed=4))
    assert len({content(ask(container, seed=seed, max_tokens=12)) for seed in range(5)}) == 5


def test_unknown_fields_and_nested_parameters_are_ignored(container: RunningContainer) -> None:
    plain = content(ask(container))
    nested = {"temperature": 0.01, "max_tokens": 1, "seed": 9}
    assert content(ask(container, parameters=nested, user="u", top_k=1, n=3)) == plain


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_both_names_of_the_limit_work(container: RunningContainer, name: str) -> None:
    reply = container.post(PATH, {"messages": MESSAGES, name: 3, "temperature": 0}).json()
    assert reply["usage"]["completion_tokens"] == 3


def test_without_a_limit_the_whole_budget_may_be_used(container: RunningContainer) -> None:
    body = {"messages": MESSAGES, "temperature": 0}
    usage = container.post(PATH, body).json()["usage"]
    assert usage["total_tokens"] == 100 or usage["completion_tokens"] > 6


def test_a_presence_penalty_of_zero_is_a_repetition_penalty_of_two(
    container: RunningContainer,
) -> None:
    templated = "<bos><start_of_turn>user\nthe fox<end_of_turn>\n<start_of_turn>model\n"
    chat = ask(container, temperature=0, presence_penalty=0, max_tokens=20)
    parameters = {"max_new_tokens": 20, "repetition_penalty": 2.0}
    plain = container.post(
        "/generate", {"inputs": templated.removeprefix("<bos>"), "parameters": parameters}
    )
    assert content(chat) == plain.json()["generated_text"]
    reply = container.post(PATH, {"messages": MESSAGES, "presence_penalty": -2})
    assert reply.status == 422
    assert reply.json()["error"].endswith("`repetition_penalty` must be strictly positive")


def test_stop_strings(container: RunningContainer) -> None:
    entries = ask(container, max_tokens=30, logprobs=True)["choices"][0]["logprobs"]["content"]
    texts = [entry["token"] for entry in entries]
    stop = "".join(texts[4:8])
    answer = ask(container, max_tokens=30, stop=["never", stop])
    assert content(answer) == "".join(texts[:8])
    assert answer["choices"][0]["finish_reason"] == "stop_sequence"


def test_logprobs(container: RunningContainer) -> None:
    answer = ask(container, logprobs=True, top_logprobs=2)
    entries = answer["choices"][0]["logprobs"]["content"]
    assert len(entries) == 6
    for entry in entries:
        assert list(entry) == ["token", "logprob", "top_logprobs"]
        assert entry["logprob"] <= 0
        assert len(entry["top_logprobs"]) >= 2
        assert list(entry["top_logprobs"][0]) == ["token", "logprob"]
    assert "".join(entry["token"] for entry in entries) == content(answer)
    without = ask(container, logprobs=True)["choices"][0]["logprobs"]["content"]
    assert all(entry["top_logprobs"] == [] for entry in without)


def test_too_many_top_logprobs_are_refused_under_another_name(container: RunningContainer) -> None:
    reply = container.post(PATH, {"messages": MESSAGES, "logprobs": True, "top_logprobs": 6})
    assert reply.status == 422
    assert reply.json()["error"] == (
        "Input validation error: `top_n_tokens` must be >= 0 and <= 5. Given: 6"
    )


def test_parts_are_joined_and_images_become_markdown_text(container: RunningContainer) -> None:
    parts = [
        {"type": "text", "text": "look "},
        {"type": "image_url", "image_url": {"url": "http://x/y.png"}},
    ]
    joined = [{"role": "user", "content": "look ![](http://x/y.png)"}]
    assert content(ask(container, messages=[{"role": "user", "content": parts}])) == content(
        ask(container, messages=joined)
    )


def test_a_message_with_tool_calls_needs_no_content(start_container: StartContainer) -> None:
    roomy = start_container(MAX_INPUT_TOKENS="300", MAX_TOTAL_TOKENS="400")
    call = {"id": "0", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}}
    messages = [*MESSAGES, {"role": "assistant", "tool_calls": [call]}, *MESSAGES]
    assert ask(roomy, messages=messages)["usage"]["prompt_tokens"] > 100


def test_the_assistants_last_message_is_continued(container: RunningContainer) -> None:
    begun = [*MESSAGES, {"role": "assistant", "content": "the dog"}]
    templated = "<start_of_turn>user\nthe fox<end_of_turn>\n<start_of_turn>model\nthe dog"
    plain = container.post("/generate", {"inputs": templated, "parameters": {"max_new_tokens": 6}})
    chat = ask(container, messages=begun, temperature=0)
    assert content(chat) == plain.json()["generated_text"]


def chunks(container: RunningContainer, **fields: Any) -> list[str]:
    body = {"messages": MESSAGES, "max_tokens": 6, "seed": 1, "stream": True, **fields}
    reply = container.post(PATH, body)
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/event-stream"
    return reply.events


def test_a_stream_is_framed_byte_by_byte(container: RunningContainer) -> None:
    events = chunks(container)
    assert events.pop() == "[DONE]"
    created = json.loads(events[0])["created"]
    texts = [json.loads(event)["choices"][0]["delta"]["content"] for event in events]
    assert "".join(texts) == content(ask(container))
    for number, (event, text) in enumerate(zip(events, texts, strict=True), start=1):
        finish = '"length"' if number == 6 else "null"
        created = json.loads(event)["created"]
        quoted = json.dumps(text, ensure_ascii=False)
        assert event == (
            f'{{"object":"chat.completion.chunk","id":"","created":{created},'
            '"model":"/repository","system_fingerprint":"3.3.7-pocket-test","choices":'
            f'[{{"index":0,"delta":{{"role":"assistant","content":{quoted}}},'
            f'"logprobs":null,"finish_reason":{finish}}}],"usage":null}}'
        )


def untimed(events: list[str]) -> list[str]:
    """Events without the second in which they came."""
    return [re.sub(r'"created":\d+', "", event) for event in events]


def test_usage_comes_in_a_chunk_of_its_own(container: RunningContainer) -> None:
    assert untimed(chunks(container, stream_options={})) == untimed(chunks(container))
    events = chunks(container, stream_options={"include_usage": True})
    assert events[-1] == "[DONE]"
    last = json.loads(events[-2])
    assert last["choices"] == []
    assert last["usage"] == ask(container)["usage"]
    assert all(json.loads(event)["usage"] is None for event in events[:-2])


def test_logprobs_in_a_stream(container: RunningContainer) -> None:
    events = chunks(container, logprobs=True, top_logprobs=1)[:-1]
    for event in map(json.loads, events):
        (entry,) = event["choices"][0]["logprobs"]["content"]
        assert entry["token"] == event["choices"][0]["delta"]["content"]
        assert entry["top_logprobs"]


def test_eos_ends_with_stop_and_an_empty_piece(container: RunningContainer) -> None:
    for seed in range(300):
        events = chunks(container, seed=seed, temperature=4.0, max_tokens=50)[:-1]
        choice = json.loads(events[-1])["choices"][0]
        if choice["finish_reason"] == "stop":
            assert choice["delta"] == {"role": "assistant", "content": ""}
            return
    raise AssertionError("no seed ended with EOS")


def test_a_validation_error_in_a_stream_is_nested_and_followed_by_the_end(
    container: RunningContainer,
) -> None:
    assert chunks(container, top_p=1) == [
        '{"error":{"message":"Input validation error: `top_p` must be > 0.0 and < 1.0",'
        '"http_status_code":422}}',
        "[DONE]",
    ]


@pytest.mark.parametrize("stream", [True, False])
def test_a_template_error_is_a_real_422_even_when_streaming(
    container: RunningContainer, stream: bool
) -> None:
    messages = [{"role": "system", "content": "be nice"}, *MESSAGES]
    reply = container.post(PATH, {"messages": messages, "stream": stream})
    assert reply.status == 422
    assert reply.json() == {
        "error": "Template error: syntax error: System role not supported (in <string>:1)",
        "error_type": "template_error",
    }


SCHEMA = {"type": "json", "value": {"properties": {"a": {"type": "string"}}}}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": None},
        {"tools": [TOOL], "tool_choice": "none"},
        {"tools": [], "tool_choice": "required"},
    ],
)
def test_tools_that_are_not_to_be_used_are_accepted(
    container: RunningContainer, fields: dict[str, Any]
) -> None:
    assert content(ask(container, **fields)) == content(ask(container))


@pytest.mark.parametrize(
    "choice", ["g", "", {"type": "function", "function": {"name": "g"}}], ids=str
)
@pytest.mark.parametrize("tools", [[], [TOOL]])
def test_a_tool_that_nobody_offers_is_a_tool_error(
    container: RunningContainer, tools: list[Any], choice: Any
) -> None:
    body = {"messages": MESSAGES, "tools": tools, "tool_choice": choice}
    name = choice if isinstance(choice, str) else "g"
    text = f"Tool error: Tool with name {name} not found"
    reply = container.post(PATH, body)
    assert (reply.status, reply.json()) == (422, {"error": text, "error_type": "tool_error"})
    assert container.post(PATH, {**body, "stream": True}).json()["error"] == text


def test_without_tools_nobody_looks_at_the_choice(container: RunningContainer) -> None:
    assert content(ask(container, tool_choice="g")) == content(ask(container))


@pytest.mark.parametrize("tools", [[], [TOOL]])
def test_a_format_and_tools_exclude_each_other(
    container: RunningContainer, tools: list[Any]
) -> None:
    body = {"messages": MESSAGES, "tools": tools, "response_format": SCHEMA}
    reply = container.post(PATH, body)
    assert (reply.status, reply.json()) == (
        422,
        {
            "error": "Tool error: Grammar and tools are mutually exclusive",
            "error_type": "tool_error",
        },
    )
