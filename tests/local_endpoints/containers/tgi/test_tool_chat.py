"""A chat with tools: what the model is told, and what its calls become."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from huggingface_hub import InferenceClient, constants

from local_endpoints.engine.text.request import FinishReason
from local_endpoints.replicas.wire import ContainerSettings
from local_endpoints.repositories import REPOSITORIES
from tests.local_endpoints.containers.conftest import KEY, Reply, RunningContainer
from tests.local_endpoints.containers.images import image_url, noise
from tests.local_endpoints.containers.tgi.scripted import Script

PATH = "/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "How is the weather?"}]
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city"],
}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}
CALL = ('{"function": {"_name": "weather', '",', ' "city": "Os', 'lo"', "}", "}")
CALLED = [
    {
        "role": "assistant",
        "tool_calls": [
            {
                "id": "0",
                "type": "function",
                "function": {"name": "weather", "arguments": {"city": "Oslo"}},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "0", "content": "rain"},
]
NO_TOOL = ('{"function": {"_name": "no', '_tool"', "}", "}")


def ask(container: RunningContainer, **fields: Any) -> Reply:
    return container.post(PATH, {"messages": MESSAGES, "tools": [TOOL], **fields})


def deltas(reply: Reply) -> list[Any]:
    assert reply.status == 200
    assert reply.events[-1] == "[DONE]"
    return [json.loads(event)["choices"][0] for event in reply.events[:-1]]


def prompt(container: RunningContainer, **fields: Any) -> str:
    reply = container.post("/chat_tokenize", {"messages": MESSAGES, "tools": [TOOL], **fields})
    assert reply.status == 200
    text: str = reply.json()["templated_text"]
    return text


def test_a_call_takes_the_place_of_the_content(script: Script) -> None:
    script.says(*CALL)
    (choice,) = ask(script.container).json()["choices"]
    function = {"description": None, "name": "weather", "arguments": '{"city":"Oslo"}'}
    assert choice == {
        "index": 0,
        "message": {
            "role": "assistant",
            "tool_calls": [{"id": "0", "type": "function", "function": function}],
        },
        "logprobs": None,
        "finish_reason": "stop",
    }


def test_a_streamed_call_comes_as_deltas(script: Script) -> None:
    script.says(*CALL)
    first, *rest = deltas(ask(script.container, stream=True))
    called = {
        "index": 0,
        "id": "0",
        "type": "function",
        "function": {"name": "weather", "arguments": "{"},
    }
    assert first == {
        "index": 0,
        "delta": {"role": "assistant", "tool_calls": [called]},
        "logprobs": None,
        "finish_reason": None,
    }
    functions = [choice["delta"]["tool_calls"][0]["function"] for choice in rest]
    assert {function["name"] for function in functions} == {None}
    pieces = ["{", *(function["arguments"] for function in functions)]
    assert pieces == ["{", ' "city": "Os', 'lo"', "}", ""]
    # The mark that ends the answer is no part of the call, and so says nothing, as in TGI.
    assert rest[-1]["finish_reason"] is None


def test_a_streamed_call_that_is_cut_ends_with_its_reason(script: Script) -> None:
    script.says(*CALL[:3], reason=FinishReason.LENGTH)
    last = deltas(ask(script.container, stream=True))[-1]
    assert last["finish_reason"] == "length"
    assert last["delta"]["tool_calls"][0]["function"] == {"name": None, "arguments": CALL[2]}


def test_a_whole_call_that_is_cut_is_a_tool_error(script: Script) -> None:
    script.says(*CALL[:3], reason=FinishReason.LENGTH)
    reply = ask(script.container)
    assert (reply.status, reply.json()["error_type"]) == (422, "tool_error")
    assert reply.json()["error"].startswith(
        "Tool error: Failed to parse generated text: EOF while parsing a string at line 1 column "
    )


def test_a_model_that_calls_no_tool_is_asked_again_in_words(script: Script) -> None:
    script.says(*NO_TOOL).says("It", " rains")
    reply = ask(script.container)
    answer = reply.json()
    assert answer["choices"][0]["message"] == {"role": "assistant", "content": "It rains"}
    first, second = script.requests
    assert first.grammar is not None
    assert second.grammar is None
    assert len(second.prompt) < len(first.prompt)
    # TGI counts the tokens of the first answer behind the prompt of the second.
    assert answer["usage"]["prompt_tokens"] == len(second.prompt)
    assert answer["usage"]["completion_tokens"] == len(NO_TOOL) + 1
    assert reply.headers["x-generated-tokens"] == "3"


def test_a_stream_goes_on_in_words_as_soon_as_no_tool_is_called(script: Script) -> None:
    script.says(*NO_TOOL).says("It", " rains")
    reply = ask(script.container, stream=True, stream_options={"include_usage": True})
    chunks = [json.loads(event) for event in reply.events[:-1]]
    contents = [chunk["choices"][0]["delta"]["content"] for chunk in chunks[:-1]]
    assert contents == ["It", " rains", ""]
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] == 3


def test_no_tools_to_choose_from_are_one_that_calls_none(script: Script) -> None:
    script.says(*NO_TOOL).says("It rains")
    answer = ask(script.container, tools=[]).json()
    assert answer["choices"][0]["message"]["content"] == "It rains"


def test_both_answers_share_one_permit(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(200):  # more than the container has
        script.says(*NO_TOOL).says("It rains")
        assert len(deltas(ask(script.container, stream=True))) == 2


@pytest.mark.parametrize(
    ("ids", "expected"), [([], "0"), (["0"], "1"), (["4", "2"], "5"), (["call_x"], None)]
)
def test_streamed_calls_count_on_from_earlier_ones(
    script: Script, ids: list[str], expected: str | None
) -> None:
    function = {"name": "weather", "arguments": {}}
    calls = [{"id": each, "type": "function", "function": function} for each in ids]
    earlier = [{"role": "assistant", "tool_calls": calls}] if calls else []
    messages = [*MESSAGES, *earlier, *(MESSAGES if earlier else [])]
    script.says(*CALL)
    first = deltas(ask(script.container, messages=messages, stream=True))[0]
    found = first["delta"]["tool_calls"][0]["id"]
    assert found == expected or (expected is None and len(found) == 36)


def test_logprobs_come_with_the_text_that_is_shown(script: Script) -> None:
    script.says(*CALL)
    first = deltas(ask(script.container, stream=True, logprobs=True))[0]
    assert first["logprobs"]["content"][0]["token"] == "{"


def test_a_question_about_a_picture_may_be_answered_by_a_call(
    eye: RunningContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(eye, monkeypatch).says(*CALL)
    part = {"type": "image_url", "image_url": {"url": image_url(noise())}}
    messages = [{"role": "user", "content": [part, {"type": "text", "text": "Where is this?"}]}]
    answer = ask(eye, messages=messages, tool_prompt="Choose.").json()
    assert answer["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "weather"
    (request,) = script.requests
    assert request.tiles is not None
    assert request.grammar is not None


def test_a_template_without_a_place_for_tools_gets_an_instruction(roomy: RunningContainer) -> None:
    assert prompt(roomy, tool_choice="required") == (
        "<bos><start_of_turn>user\nHow is the weather?\n---\n"
        '[{"type":"function","function":{"description":null,"name":"weather","arguments":'
        '"{\\"type\\":\\"object\\",\\"properties\\":{\\"city\\":{\\"type\\":\\"string\\"},'
        '\\"days\\":{\\"type\\":\\"integer\\"}},\\"required\\":[\\"city\\"]}"}}]\n'
        "\nGiven the functions available, please respond with a JSON for a function call with its "
        "proper arguments that best answers the given prompt. Respond in the format {name: "
        "function name, parameters: dictionary of argument name and its value}.Do not use "
        "variables.<end_of_turn>\n<start_of_turn>model\n"
    )


def test_the_instruction_may_be_the_requests_own(roomy: RunningContainer) -> None:
    assert prompt(roomy, tool_prompt="Choose one.").endswith(
        "\nChoose one.<end_of_turn>\n<start_of_turn>model\n"
    )
    assert prompt(roomy, tool_prompt="") == prompt(roomy)


@pytest.mark.parametrize("fields", [{"tool_choice": "none"}, {"tools": None}])
def test_who_wants_no_tool_hears_of_none(roomy: RunningContainer, fields: dict[str, Any]) -> None:
    assert "---" not in prompt(roomy, **fields)


def test_earlier_calls_are_json_whose_arguments_are_text(roomy: RunningContainer) -> None:
    function = {"name": "weather", "arguments": '{"city":"Oslo"}'}
    call = {"id": "0", "type": "function", "function": function}
    messages = [*MESSAGES, {"role": "assistant", "content": None, "tool_calls": [call]}, *MESSAGES]
    quoted = '[{"id":"0","type":"function","function":{"description":null,"name":"weather",'
    quoted += '"arguments":"\\"{\\\\\\"city\\\\\\":\\\\\\"Oslo\\\\\\"}\\""}}]'
    assert quoted in prompt(roomy, messages=messages)


def test_a_tools_result_must_suit_the_template(roomy: RunningContainer) -> None:
    reply = roomy.post(PATH, {"messages": [*MESSAGES, *CALLED]})
    assert (reply.status, reply.json()["error_type"]) == (422, "template_error")
    assert "Conversation roles must alternate" in reply.json()["error"]


@pytest.fixture(scope="module")
def qwen() -> Any:
    folder = REPOSITORIES["Qwen/Qwen3-1.7B"].path
    running = RunningContainer(
        ContainerSettings("tgi", "Qwen/Qwen3-1.7B", folder, {}, KEY, "pocket-test")
    ).start()
    yield running
    running.stop()


def test_a_template_with_a_place_for_tools_lists_them_itself(qwen: RunningContainer) -> None:
    text = prompt(qwen, tool_choice="weather", tool_prompt="Choose one.")
    listed = '<tools>\n{"type":"function","function":{"description":null,"name":"weather",'
    assert listed in text
    assert "<|im_start|>user\nHow is the weather?\n---\nChoose one.<|im_end|>\n" in text


def test_a_result_goes_on_where_the_template_allows_it(qwen: RunningContainer) -> None:
    messages = [*MESSAGES, *CALLED]
    text = prompt(qwen, messages=messages, tools=None)
    assert "<tool_response>\nrain\n</tool_response><|im_end|>\n<|im_start|>assistant\n" in text
    reply = qwen.post(PATH, {"messages": messages, "tools": [TOOL], "max_tokens": 80})
    assert reply.status == 200


def test_the_hubs_client_gets_a_call(
    qwen: RunningContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{qwen.port}"
    # Building its headers, the client asks the hub for a list; it shall not go and find it.
    monkeypatch.setattr(constants, "ENDPOINT", url)
    client = InferenceClient(base_url=url, headers={"x-replica-key": KEY}, token="hf_test")
    options: dict[str, Any] = {"tools": [TOOL], "max_tokens": 100, "seed": 1, "temperature": 0.1}
    answer = client.chat_completion(MESSAGES, tool_choice="weather", **options)
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "weather"
    assert set(json.loads(call.function.arguments)) <= {"city", "days"}
    name = arguments = ""
    for chunk in client.chat_completion(MESSAGES, tool_choice="weather", stream=True, **options):
        function = chunk.choices[0].delta.tool_calls[0].function
        name += function.name or ""
        arguments += function.arguments
    assert (name, json.loads(arguments)) == ("weather", json.loads(call.function.arguments))


def test_openais_client_gets_a_call(qwen: RunningContainer) -> None:
    client = openai.OpenAI(
        base_url=f"http://127.0.0.1:{qwen.port}/v1",
        api_key="-",
        default_headers={"x-replica-key": KEY},
    )
    options: Any = {"model": "tgi", "messages": MESSAGES, "tools": [TOOL], "seed": 1}
    options |= {
        "max_tokens": 100,
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
    }
    answer = client.chat.completions.create(**options)
    (call,) = answer.choices[0].message.tool_calls
    with client.chat.completions.stream(**options) as stream:
        for _ in stream:
            pass
        (streamed,) = stream.get_final_completion().choices[0].message.tool_calls
    assert call.function.name == streamed.function.name == "weather"
    assert json.loads(call.function.arguments) == json.loads(streamed.function.arguments)
