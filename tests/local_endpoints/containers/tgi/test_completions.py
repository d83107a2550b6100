"""``/v1/completions``: answers, streams, several prompts, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from tests.local_endpoints.containers.conftest import KEY, Reply, RunningContainer, StartContainer
from tests.local_endpoints.containers.tgi.scripted import Script

PATH = "/v1/completions"


def ask(container: RunningContainer, prompt: Any = "the fox", **fields: Any) -> Reply:
    return container.post(PATH, {"prompt": prompt, "max_tokens": 6, "temperature": 0, **fields})


def plain(container: RunningContainer, prompt: str) -> str:
    body = {"inputs": prompt, "parameters": {"max_new_tokens": 6}}
    text: str = container.post("/generate", body).json()["generated_text"]
    return text


def test_an_answer_goes_on_as_generate_does(container: RunningContainer) -> None:
    reply = ask(container)
    answer = reply.json()
    assert list(answer) == [
        *("object", "id", "created", "model", "system_fingerprint", "choices", "usage")
    ]
    assert (answer["object"], answer["id"]) == ("text_completion", "")
    assert answer["model"] == "/repository"
    (choice,) = answer["choices"]
    assert list(choice) == ["index", "text", "logprobs", "finish_reason"]
    assert choice["text"] == plain(container, "the fox")
    assert (choice["logprobs"], choice["finish_reason"]) == (None, "length")
    assert answer["usage"]["completion_tokens"] == 6
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + 6


def test_the_served_models_name_is_told_whatever_was_asked_for(container: RunningContainer) -> None:
    assert ask(container, model="another").json()["model"] == "/repository"


def test_several_prompts_have_a_choice_each(container: RunningContainer) -> None:
    prompts = ["the fox", "a llama", "the dog"]
    reply = ask(container, prompts)
    answer = reply.json()
    texts = {choice["index"]: choice["text"] for choice in answer["choices"]}
    assert texts == {index: plain(container, prompt) for index, prompt in enumerate(prompts)}
    assert answer["usage"]["completion_tokens"] == 18
    assert reply.headers["x-generated-tokens"] == "18"
    assert reply.headers["x-prompt-tokens"] == str(answer["usage"]["prompt_tokens"])
    assert reply.headers["x-compute-characters"] == str(len("".join(prompts)))
    assert "x-compute-time" not in reply.headers


def test_the_end_of_the_sequence_is_called_stop_unless_it_is_streamed(script: Script) -> None:
    script.says("a").says("a", "b")
    assert ask(script.container).json()["choices"][0]["finish_reason"] == "stop"
    chunks = [json.loads(event) for event in ask(script.container, stream=True).events[:-1]]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == ["", "", "eos_token"]
    assert [chunk["choices"][0]["text"] for chunk in chunks] == ["a", "b", "<eos>"]
    assert list(chunks[0]) == ["object", "id", "created", "choices", "model", "system_fingerprint"]
    assert list(chunks[-1]) == [
        *("object", "id", "created", "model", "system_fingerprint", "choices", "usage")
    ]


def test_several_prompts_share_a_stream(container: RunningContainer) -> None:
    prompts = ["the fox", "a llama"]
    reply = ask(container, prompts, stream=True)
    assert reply.headers["content-type"] == "text/event-stream"
    assert reply.headers["x-compute-characters"] == str(len("".join(prompts)))
    assert reply.events[-1] == "[DONE]"
    texts = {0: "", 1: ""}
    usages = 0
    for event in reply.events[:-1]:
        chunk = json.loads(event)
        texts[chunk["choices"][0]["index"]] += chunk["choices"][0]["text"]
        usages += "usage" in chunk
    assert texts == {index: plain(container, prompt) for index, prompt in enumerate(prompts)}
    assert usages == 2


def test_one_bad_prompt_refuses_all_but_only_itself_in_a_stream(
    container: RunningContainer,
) -> None:
    text = "Input validation error: `inputs` cannot be empty"
    reply = ask(container, ["the fox", ""])
    assert (reply.status, reply.json()) == (422, {"error": text, "error_type": "validation"})
    events = ask(container, ["the fox", ""], stream=True).events
    error = json.dumps({"error": {"message": text, "http_status_code": 422}}, separators=(",", ":"))
    assert error in events
    assert len(events) == 1 + 6 + 1


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (
        {"suffix": ""},
        "suffix not supported",
        "Suffix is not supported and can be achieved by preprocessing the prompt.",
    ),
    (
        {"prompt": list("abcde")},
        "batch size exceeded",
        "Number of prompts exceeds the maximum allowed batch size of 4",
    ),
    ({"top_p": 1}, "validation", "Input validation error: `top_p` must be > 0.0 and < 1.0"),
    (
        {"frequency_penalty": 3},
        "validation",
        "Input validation error: `frequency_penalty` must be >= -2.0 and <= 2.0",
    ),
    (
        {"repetition_penalty": 0},
        "validation",
        "Input validation error: `repetition_penalty` must be strictly positive",
    ),
    (
        {"max_tokens": 0},
        "validation",
        "Input validation error: `max_new_tokens` must be strictly positive",
    ),
]


@pytest.mark.parametrize(("fields", "kind", "text"), REFUSED, ids=lambda value: str(value)[:40])
def test_refusals(
    container: RunningContainer, fields: dict[str, Any], kind: str, text: str
) -> None:
    reply = container.post(PATH, {"prompt": "the fox", **fields})
    assert (reply.status, reply.json()) == (422, {"error": text, "error_type": kind})


@pytest.mark.parametrize("prompt", [[], [1, 2], ["a", 1], None, {"a": 1}], ids=str)
def test_a_prompt_is_text_or_a_list_of_texts(container: RunningContainer, prompt: Any) -> None:
    reply = ask(container, prompt)
    assert reply.status == 422
    text = (
        "Empty array detected. Do not use an empty array for the prompt."
        if prompt == []
        else "data did not match any variant of untagged enum PromptDeserializer"
    )
    assert f"prompt: {text} at line 1 column " in reply.text


def test_a_stop_string_in_a_list_ends_it(container: RunningContainer) -> None:
    text = plain(container, "the fox")
    choice = ask(container, stop=[text[:3]]).json()["choices"][0]
    assert choice["finish_reason"] in ("stop_sequence", "length")
    assert ask(container, stop=text[:3]).status == 422


def test_every_prompt_takes_a_permit(start_container: StartContainer) -> None:
    narrow = start_container(MAX_CONCURRENT_REQUESTS="1")
    assert ask(narrow, ["the fox", "a llama"]).json()["error"] == "Model is overloaded"
    events = ask(narrow, ["the fox", "a llama"], stream=True).events
    assert sum("Model is overloaded" in event for event in events) == 1
    assert ask(narrow).status == 200


def test_openais_client_gets_completions(container: RunningContainer) -> None:
    client = openai.OpenAI(
        base_url=f"http://127.0.0.1:{container.port}/v1",
        api_key="-",
        default_headers={"x-replica-key": KEY},
    )
    options: Any = {"model": "tgi", "prompt": "the fox", "max_tokens": 6, "temperature": 0}
    whole = client.completions.create(**options).choices[0].text
    streamed = [
        chunk.choices[0].text for chunk in client.completions.create(**options, stream=True)
    ]
    assert whole == "".join(streamed) == plain(container, "the fox")
