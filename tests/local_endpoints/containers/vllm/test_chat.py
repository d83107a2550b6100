"""``/v1/chat/completions``: answers, streams, and what the fields do."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.engine.text.engine import Engine
from tests.local_endpoints.containers.conftest import RunningContainer
from tests.local_endpoints.containers.vllm.conftest import (
    CHAT,
    NAME,
    StartVllm,
    ask,
    asking,
    content,
    refusal,
)
from tests.patience import WAIT_SECONDS, eventually


def chunks(container: RunningContainer, **fields: Any) -> list[Any]:
    reply = container.post(CHAT, asking(stream=True, **fields))
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    *events, last = reply.events
    assert last == "[DONE]"
    return [json.loads(event) for event in events]


def said(container: RunningContainer, index: int = 0, **fields: Any) -> str:
    """What a stream adds up to."""
    choices = [choice for chunk in chunks(container, **fields) for choice in chunk["choices"]]
    mine = [choice for choice in choices if choice["index"] == index]
    return "".join(choice["delta"].get("content") or "" for choice in mine)


def test_an_answer_has_vllms_fields(vllm: RunningContainer) -> None:
    answer = ask(vllm)
    assert list(answer) == [
        *("id", "object", "created", "model", "choices", "service_tier", "system_fingerprint"),
        *("usage", "prompt_logprobs", "prompt_token_ids", "prompt_text", "kv_transfer_params"),
        *("ec_transfer_params", "metrics"),
    ]
    assert answer["model"] == NAME
    assert answer["system_fingerprint"] == "vllm-0.30.0-pocket-test"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_a_stream_says_the_same_as_a_whole_answer(vllm: RunningContainer) -> None:
    fields = {"max_tokens": 30, "seed": 5}
    assert said(vllm, **fields) == content(ask(vllm, **fields))
    first, *_, last = chunks(vllm, **fields)
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert last["choices"][0]["finish_reason"] in ("length", "stop")
    assert last["system_fingerprint"].startswith("vllm-")


@pytest.mark.parametrize(
    ("options", "per_chunk", "at_the_end"),
    [
        (None, False, False),
        ({}, False, False),
        ({"include_usage": True}, False, True),
        ({"include_usage": True, "continuous_usage_stats": True}, True, True),
        ({"continuous_usage_stats": True}, False, False),
    ],
)
def test_usage_of_a_stream(
    vllm: RunningContainer, options: Any, per_chunk: bool, at_the_end: bool
) -> None:
    *parts, last = chunks(vllm, stream_options=options)
    assert ("usage" in parts[1]) is per_chunk
    assert (last["choices"] == [] and "usage" in last) is at_the_end
    if at_the_end:
        assert last["usage"]["completion_tokens"] == 6 and "system_fingerprint" in last


def test_every_choice_has_a_seed_of_its_own(vllm: RunningContainer) -> None:
    fields = {"max_tokens": 12, "temperature": 1.0}
    both = ask(vllm, n=3, seed=7, **fields)
    assert [choice["index"] for choice in both["choices"]] == [0, 1, 2]
    alone = [content(ask(vllm, seed=7 + index, **fields)) for index in range(3)]
    assert [content(both, index) for index in range(3)] == alone
    assert [said(vllm, index, n=3, seed=7, **fields) for index in range(3)] == alone
    counted = sum(len(choice["token_ids"]) for choice in ask(
        vllm, n=3, seed=7, return_token_ids=True, **fields)["choices"])  # fmt: skip
    assert both["usage"]["completion_tokens"] == counted


def test_without_a_seed_answers_differ_and_greedy_ones_do_not(vllm: RunningContainer) -> None:
    free = {content(ask(vllm, seed=None, max_tokens=12)) for _ in range(4)}
    greedy = {content(ask(vllm, seed=None, max_tokens=12, temperature=0)) for _ in range(4)}
    assert len(free) > 1 and len(greedy) == 1


def test_a_stop_string_is_cut_off_wherever_a_token_ends(vllm: RunningContainer) -> None:
    fields = {"max_tokens": 40, "temperature": 0}
    whole = content(ask(vllm, **fields))
    stop = whole[9:12]
    cut = whole[: whole.index(stop)]
    answer = ask(vllm, stop=[stop, "never"], **fields)
    assert content(answer) == cut
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["choices"][0]["stop_reason"] == stop
    assert said(vllm, stop=stop, **fields) == cut
    assert content(ask(vllm, stop=stop, include_stop_str_in_output=True, **fields)) == cut + stop


def test_a_stop_string_counts_only_after_the_least_number_of_tokens(
    qwen: RunningContainer,
) -> None:
    fields = {"max_tokens": 40, "temperature": 0}
    whole = content(ask(qwen, "Who are you?", **fields))
    first = " ".join(whole.split()[:2])  # one word alone may come again
    assert content(ask(qwen, "Who are you?", stop=first, **fields)) == ""
    assert content(ask(qwen, "Who are you?", stop=first, min_tokens=3, **fields)) == whole


@pytest.mark.parametrize("keeps", [True, False])
def test_a_kept_stop_string_comes_before_the_stop_token_that_completes_it(
    qwen: RunningContainer, keeps: bool
) -> None:
    fields = {"max_tokens": 10, "temperature": 0, "return_token_ids": True, "logprobs": True}
    whole = ask(qwen, "Who are you?", **fields)["choices"][0]
    place = whole["token_ids"].index(whole["token_ids"][4])
    texts = [entry["token"] for entry in whole["logprobs"]["content"]]
    stop, last = "".join(texts[: place + 1]), whole["token_ids"][place]
    answer = ask(
        qwen,
        "Who are you?",
        stop=stop,
        stop_token_ids=[last],
        include_stop_str_in_output=keeps,
        **fields,
    )["choices"][0]
    assert answer["token_ids"] == whole["token_ids"][: place + 1]
    assert answer["stop_reason"] == (stop if keeps else last)
    assert answer["finish_reason"] == "stop"


def test_the_models_own_end_can_be_a_stop_string(qwen: RunningContainer) -> None:
    fields = {"max_tokens": 40, "temperature": 0, "include_stop_str_in_output": True}
    end = "<|im_end|>"
    answer = ask(qwen, "Who are you?", stop=end, skip_special_tokens=False, **fields)
    assert content(answer).endswith(end)
    assert answer["choices"][0]["stop_reason"] == end
    assert ask(qwen, "Who are you?", stop="§", **fields)["choices"][0]["stop_reason"] is None


def test_a_stopped_answer_leaves_the_engine(vllm: RunningContainer) -> None:
    whole = content(ask(vllm, max_tokens=80, temperature=0, ignore_eos=True))
    ask(vllm, max_tokens=80, temperature=0, ignore_eos=True, stop=whole[2:4], n=1)
    assert eventually(lambda: vllm.engine.active_count == 0)


def test_a_stop_token_stands_in_the_reason(vllm: RunningContainer) -> None:
    fields = {"max_tokens": 10, "temperature": 0, "ignore_eos": True}
    ids = ask(vllm, return_token_ids=True, **fields)["choices"][0]["token_ids"]
    answer = ask(vllm, stop_token_ids=[ids[4]], return_token_ids=True, **fields)["choices"][0]
    assert answer["stop_reason"] == ids[4] and answer["finish_reason"] == "stop"
    assert answer["token_ids"] == ids[: ids.index(ids[4]) + 1]


@pytest.mark.parametrize(
    ("top_k", "same_as"),
    [
        (-1, {}),
        (0, {}),
        (1, {"temperature": 0}),
        (100_000, {}),
        (2**63 - 1, {}),
        (2**63, {}),
        (10**30, {}),
    ],
)
def test_any_top_k_is_taken(vllm: RunningContainer, top_k: int, same_as: dict[str, Any]) -> None:
    answer = ask(vllm, top_k=top_k, max_tokens=20)
    assert content(answer) == content(ask(vllm, max_tokens=20, **same_as))


def test_a_neighbour_of_a_huge_top_k_is_not_disturbed(
    vllm: RunningContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"max_tokens": 20, "temperature": 1.3, "seed": 4, "top_k": 30}
    alone = content(ask(vllm, **fields))
    engine, both, step = vllm.engine, threading.Event(), Engine.step

    def held(whole: Engine) -> None:
        both.wait(WAIT_SECONDS)
        step(whole)

    monkeypatch.setattr(Engine, "step", held)
    with ThreadPoolExecutor() as threads:
        huge = threads.submit(ask, vllm, top_k=2**63)
        beside = threads.submit(ask, vllm, **fields)
        assert eventually(lambda: engine.active_count + engine.waiting_count == 2)
        both.set()
    assert content(huge.result()) and content(beside.result()) == alone


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"max_tokens": 3}, 3),
        ({"max_completion_tokens": 2, "max_tokens": 5}, 2),
        ({"min_tokens": 20, "max_tokens": 20}, 20),
        ({"ignore_eos": True, "max_tokens": 40}, 40),
    ],
)
def test_how_many_tokens(vllm: RunningContainer, fields: dict[str, Any], count: int) -> None:
    assert ask(vllm, temperature=0, **fields)["usage"]["completion_tokens"] == count


def test_without_a_limit_the_context_is_the_limit(vllm: RunningContainer) -> None:
    body = {**asking(ignore_eos=True), "max_tokens": None}
    assert vllm.post(CHAT, body).json()["usage"]["total_tokens"] == 100


def test_chunks_can_come_in_intervals(vllm: RunningContainer) -> None:
    fields = {"max_tokens": 8, "temperature": 0, "ignore_eos": True}
    sizes = [
        len(chunk["choices"][0]["token_ids"])
        for chunk in chunks(vllm, stream_interval=3, return_token_ids=True, **fields)[1:]
    ]
    assert sizes == [1, 3, 3, 1]
    assert said(vllm, stream_interval=3, **fields) == content(ask(vllm, **fields))


def test_logprobs_are_the_models_own(vllm: RunningContainer) -> None:
    fields = {"logprobs": True, "top_logprobs": 3, "temperature": 0}
    plain = ask(vllm, **fields)["choices"][0]["logprobs"]["content"]
    steered = ask(vllm, repetition_penalty=1.5, **fields)["choices"][0]["logprobs"]["content"]
    assert steered[0] == plain[0]
    assert all(len(entry["top_logprobs"]) == 3 for entry in plain)
    assert all(bytes(entry["bytes"]).decode() == entry["token"] for entry in plain)


def test_minus_one_asks_for_the_whole_vocabulary(start_vllm: StartVllm, model_dir: Path) -> None:
    size = ModelConfig.load(model_dir).vocabulary
    container = start_vllm("--max-logprobs", "-1")
    answer = ask(container, logprobs=True, top_logprobs=-1, prompt_logprobs=-1, temperature=0)
    for entry in answer["choices"][0]["logprobs"]["content"]:
        assert len(entry["top_logprobs"]) == size
        assert entry["top_logprobs"][0]["logprob"] == entry["logprob"]
    first, *others = answer["prompt_logprobs"]
    assert first is None
    assert [set(map(int, each)) for each in others] == [set(range(size))] * len(others)


def test_the_prompt_can_be_shown_with_its_logprobs(vllm: RunningContainer) -> None:
    answer = ask(vllm, return_prompt_text=True, return_token_ids=True, prompt_logprobs=1)
    assert "the fox" in answer["prompt_text"]
    assert len(answer["prompt_logprobs"]) == len(answer["prompt_token_ids"])
    first, second, *_ = answer["prompt_logprobs"]
    assert first is None
    own = second[str(answer["prompt_token_ids"][1])]
    assert set(own) == {"logprob", "rank", "decoded_token"}
    assert any(each["rank"] == 1 for each in second.values())


def test_without_a_parser_it_makes_no_difference_that_no_reasoning_is_wanted(
    vllm: RunningContainer,
) -> None:
    fields = {"logprobs": True, "top_logprobs": 1, "return_token_ids": True, "stop": "§" * 40}
    with_it, without = (
        ask(vllm, include_reasoning=wanted, **fields)["choices"] for wanted in (True, False)
    )
    assert with_it == without and without[0]["logprobs"] and without[0]["token_ids"]
    streams = [
        [chunk["choices"] for chunk in chunks(vllm, include_reasoning=wanted, **fields)]
        for wanted in (True, False)
    ]
    assert streams[0] == streams[1]
    assert all(choice["logprobs"] and choice["token_ids"] for (choice,) in streams[1][1:])
    assert streams[1][1][0]["delta"] == {"content": ""}


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"model": "tgi"}, 404, "The model `tgi` does not exist."),
        ({"use_beam_search": True}, 400, "`use_beam_search` is not imitated by the local service"),
        ({"repetition_detection": {"min_count": 2}}, 400, "`repetition_detection` is not imitated"),
        ({"logprobs": True, "logprob_token_ids": [1]}, 400, "`logprob_token_ids` is not imitated"),
        ({"response_format": {"type": "structural_tag"}}, 400, "structural_tag` is not imitated"),
        ({"max_tokens": 101}, 400, "max_tokens=101 cannot be greater than max_model_len=max_total"),
        ({"chat_template": "x"}, 400, "--trust-request-chat-template is not set"),
        ({"thinking_token_budget": 1.5}, 400, "`thinking_token_budget` must be a non-negative"),
        ({"cache_salt": "a/b"}, 400, "must not contain '@', '/'"),
        ({"stop": ["a", "b", "c", "d", "e"]}, 400, "List should have at most 4 items"),
    ],
)
def test_refusals(vllm: RunningContainer, fields: dict[str, Any], status: int, words: str) -> None:
    found, text = refusal(vllm, CHAT, asking(**fields))
    assert found == status and words in text


def test_what_the_engine_refuses_is_an_event_of_a_stream(vllm: RunningContainer) -> None:
    body = asking(logprobs=True, top_logprobs=21)
    assert refusal(vllm, CHAT, body)[0] == 400
    reply = vllm.post(CHAT, {**body, "stream": True})
    error, end = reply.events
    assert (reply.status, end) == (200, "[DONE]")
    assert json.loads(error)["error"]["code"] == 400


def test_a_prompt_that_is_too_long_is_refused_with_its_length(vllm: RunningContainer) -> None:
    status, text = refusal(vllm, CHAT, asking("the fox " * 60))
    assert status == 400
    assert "This model's maximum context length is 100 tokens." in text
    assert "at least 95 input tokens" in text
    status, text = refusal(vllm, CHAT, asking("x" * 20_000))
    assert status == 400 and "prompt contains" in text and "characters (more than" in text


def test_a_prompt_can_be_cut_on_either_side(vllm: RunningContainer) -> None:
    fields = {"return_token_ids": True, "max_tokens": 1}
    whole = ask(vllm, **fields)["prompt_token_ids"]
    assert ask(vllm, truncate_prompt_tokens=4, **fields)["prompt_token_ids"] == whole[-4:]
    right = ask(vllm, truncate_prompt_tokens=4, truncation_side="right", **fields)
    assert right["prompt_token_ids"] == whole[:4]


def test_older_names_of_structured_output_change_nothing(vllm: RunningContainer) -> None:
    fields = {"max_tokens": 10, "temperature": 0}
    plain = content(ask(vllm, **fields))
    assert content(ask(vllm, guided_choice=["yes"], guided_json={}, **fields)) == plain


@pytest.mark.parametrize("stream", [False, True])
def test_who_leaves_early_stops_the_generation(
    vllm: RunningContainer, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    engine, left = vllm.engine, threading.Event()
    step = Engine.step

    def held(whole: Engine) -> None:
        if whole.active_count == 3:
            left.wait(WAIT_SECONDS)
        step(whole)

    monkeypatch.setattr(Engine, "step", held)
    connection = vllm.open(CHAT, asking(max_tokens=80, ignore_eos=True, stream=stream, n=3))
    assert eventually(lambda: engine.active_count == 3)
    connection.close()
    assert eventually(lambda: all(request.cancelled for request in engine.active))
    left.set()
    assert eventually(lambda: engine.active_count + engine.waiting_count == 0)
