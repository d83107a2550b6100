"""``/v1/completions``: texts and tokens, several at once, echoes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.engine.text.tokens import REPLACEMENT
from tests.local_endpoints.containers.conftest import RunningContainer
from tests.local_endpoints.containers.vllm.conftest import COMPLETIONS, StartVllm, refusal


def complete(container: RunningContainer, prompt: Any = "the fox", **fields: Any) -> Any:
    body = {"prompt": prompt, "max_tokens": 5, "temperature": 0, **fields}
    reply = container.post(COMPLETIONS, body)
    assert reply.status == 200, reply.text
    return reply.json()


def texts(answer: Any) -> list[str]:
    return [choice["text"] for choice in answer["choices"]]


def test_an_answer_has_vllms_fields(vllm: RunningContainer) -> None:
    answer = complete(vllm)
    assert answer["id"].startswith("cmpl-") and answer["object"] == "text_completion"
    assert list(answer["choices"][0]) == [
        *("index", "text", "logprobs", "finish_reason", "stop_reason", "token_ids"),
        *("prompt_logprobs", "prompt_token_ids", "routed_experts"),
    ]


def test_sixteen_tokens_without_a_limit(vllm: RunningContainer) -> None:
    answer = complete(vllm, max_tokens=None, ignore_eos=True)
    assert answer["usage"]["completion_tokens"] == 16


def test_prompts_come_alone_or_together_as_text_or_tokens(vllm: RunningContainer) -> None:
    prompts = ["the fox", "a small poem", "the lazy dog"]
    alone = [texts(complete(vllm, prompt))[0] for prompt in prompts]
    assert texts(complete(vllm, prompts)) == alone
    ids = [vllm.post("/tokenize", {"prompt": prompt}).json()["tokens"] for prompt in prompts]
    assert texts(complete(vllm, ids)) == alone
    assert texts(complete(vllm, ids[1])) == [alone[1]]


def test_choices_are_numbered_through_all_prompts(vllm: RunningContainer) -> None:
    answer = complete(vllm, ["the fox", "the dog"], n=2, temperature=1.0, seed=3)
    assert [choice["index"] for choice in answer["choices"]] == [0, 1, 2, 3]
    assert texts(answer)[:2] == texts(complete(vllm, "the fox", n=2, temperature=1.0, seed=3))


def test_a_stream_says_the_same_as_a_whole_answer(vllm: RunningContainer) -> None:
    prompts, fields = ["the fox", "the dog"], {"n": 2, "temperature": 1.0, "seed": 3, "echo": True}
    whole = texts(complete(vllm, prompts, **fields))
    body = {"prompt": prompts, "max_tokens": 5, "stream": True, **fields}
    *events, last = vllm.post(COMPLETIONS, body).events
    told = ["", "", "", ""]
    for event in map(json.loads, events):
        told[event["choices"][0]["index"]] += event["choices"][0]["text"]
    assert (told, last) == (whole, "[DONE]")


@pytest.mark.parametrize("stream", [False, True])
def test_an_echo_without_an_answer(vllm: RunningContainer, stream: bool) -> None:
    body = {"prompt": "the fox", "echo": True, "max_tokens": 0, "logprobs": 0, "stream": stream}
    reply = vllm.post(COMPLETIONS, body)
    choice = (json.loads(reply.events[0]) if stream else reply.json())["choices"][0]
    assert choice["text"] == "the fox"
    tokens = choice["logprobs"]["tokens"]
    assert tokens[0] == "<bos>" and "".join(tokens[1:]) == "the fox"
    assert choice["logprobs"]["token_logprobs"][0] is None


def test_logprobs_say_where_each_token_stands(vllm: RunningContainer) -> None:
    logprobs = complete(vllm, logprobs=2)["choices"][0]["logprobs"]
    offset = 0
    for token, place in zip(logprobs["tokens"], logprobs["text_offset"], strict=True):
        assert place == offset
        offset += len(token)
    assert all(len(top) >= 1 for top in logprobs["top_logprobs"])


UNFINISHED = "Grüße 😀"
"""Most of its characters have several tokens."""


@pytest.mark.parametrize("name", ["vllm", "qwen"])
def test_tokens_of_unfinished_characters_add_up(name: str, request: pytest.FixtureRequest) -> None:
    container: RunningContainer = request.getfixturevalue(name)
    fields = {"echo": True, "logprobs": 5, "max_tokens": 0, "add_special_tokens": False}
    logprobs = complete(container, UNFINISHED, **fields)["choices"][0]["logprobs"]
    assert "".join(logprobs["tokens"]) == UNFINISHED
    before, last = logprobs["tokens"][-2:]
    assert (before, last.strip()) == ("", "😀")
    assert not any(
        text.endswith(REPLACEMENT) for top in logprobs["top_logprobs"] for text in top or ()
    )


@pytest.mark.parametrize("name", ["vllm", "qwen"])
def test_prompt_logprobs_of_unfinished_characters(
    name: str, request: pytest.FixtureRequest
) -> None:
    container: RunningContainer = request.getfixturevalue(name)
    fields = {"prompt_logprobs": 5, "return_token_ids": True, "add_special_tokens": False}
    choice = complete(container, f"a{UNFINISHED}", **fields)["choices"][0]
    ids, places = choice["prompt_token_ids"][1:], choice["prompt_logprobs"][1:]
    own = [place[str(token)]["decoded_token"] for token, place in zip(ids, places, strict=True)]
    assert "".join(own) == UNFINISHED
    assert (own[-2], own[-1].strip()) == ("", "😀")
    assert not any(
        each["decoded_token"].endswith(REPLACEMENT) for place in places for each in place.values()
    )


def test_minus_one_tells_of_no_alternative(start_vllm: StartVllm) -> None:
    container = start_vllm("--max-logprobs", "-1")
    plain = complete(container, logprobs=0)["choices"][0]["logprobs"]
    logprobs = complete(container, logprobs=-1)["choices"][0]["logprobs"]
    assert logprobs == {**plain, "top_logprobs": [{}] * len(plain["tokens"])}
    echoed = complete(container, logprobs=-1, echo=True)["choices"][0]["logprobs"]
    assert echoed["top_logprobs"] == [None] + [{}] * (len(echoed["tokens"]) - 1)


def test_minus_one_is_too_much_where_there_is_a_bound(
    vllm: RunningContainer, model_dir: Path
) -> None:
    size = ModelConfig.load(model_dir).vocabulary
    for name, label in (("logprobs", "sample"), ("prompt_logprobs", "prompt")):
        status, text = refusal(vllm, COMPLETIONS, {"prompt": "x", name: -1})
        assert status == 400 and f"Requested {label} logprobs of {size}, which is greater" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"prompt": ""}, "Either prompt or prompt_embeds must be provided and non-empty."),
        ({"prompt": []}, "You must pass at least one prompt"),
        ({"prompt": ["x"] * 1025}, "prompt list length 1025 exceeds the maximum"),
        ({"prompt": [99_999]}, "Token id 99999 is out of vocabulary"),
        ({"prompt": [2**63 - 1]}, f"Token id {2**63 - 1} is out of vocabulary"),
        ({"prompt": [5, 2**63, 7]}, f"Token id {2**63} is out of vocabulary"),
        ({"prompt": [[5], [10**30]]}, f"Token id {10**30} is out of vocabulary"),
        ({"prompt": [2**64], "stream": True}, f"Token id {2**64} is out of vocabulary"),
        ({"prompt": [[]]}, "The decoder prompt cannot be empty"),
        ({"suffix": "x"}, "suffix is not currently supported"),
        ({"prompt_embeds": "AA"}, "You must set `--enable-prompt-embeds`"),
        ({"logprobs": -2}, "`logprobs` must be a positive value or -1."),
        ({"max_tokens": 0}, "max_tokens must be at least 1, got 0."),
    ],
)
def test_refusals(vllm: RunningContainer, fields: dict[str, Any], words: str) -> None:
    status, text = refusal(vllm, COMPLETIONS, {"prompt": "x", **fields})
    assert status == 400 and words in text
