"""The command line: what is taken, what it changes, and the words of its refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local_endpoints.containers.__main__ import make_container
from local_endpoints.containers.vllm.arguments import ROWS, ServeArguments
from local_endpoints.replicas.wire import ConfigurationError
from tests.local_endpoints.containers.vllm.conftest import (
    CHAT,
    NAME,
    StartVllm,
    ask,
    asking,
    settings,
)


def read(*args: str, accelerators: int = 1, **env: str) -> ServeArguments:
    return ServeArguments.from_settings(settings(Path(), *args, accelerators=accelerators, **env))


@pytest.mark.parametrize(
    ("args", "field", "value"),
    [
        ((), "served_names", (NAME,)),
        (("--served-model-name", "a", "b"), "served_names", ("a", "b")),
        (("--served_model_name=a",), "served_names", ("a",)),
        (("--model", "/repository"), "served_names", (NAME,)),
        (("--model", NAME), "served_names", (NAME,)),
        ((), "max_model_len", None),
        (("--max-model-len", "64"), "max_model_len", 64),
        (("--max_model_len=64",), "max_model_len", 64),
        (("--max-model-len", "1k"), "max_model_len", 1000),
        (("--max-model-len", "1K"), "max_model_len", 1024),
        (("--max-model-len", "1.5k"), "max_model_len", 1500),
        (("--max-model-len", "auto"), "max_model_len", -1),
        (("--max-model-len", "-1"), "max_model_len", -1),
        (("--max-num-seqs", "2"), "max_num_seqs", 2),
        ((), "max_logprobs", 20),
        (("--max-logprobs", "-1"), "max_logprobs", -1),
        ((), "images_per_prompt", 999),
        (("--limit-mm-per-prompt", '{"image": 3}'), "images_per_prompt", 3),
        (("--limit-mm-per-prompt", '{"image": {"count": 4}}'), "images_per_prompt", 4),
        (("--limit-mm-per-prompt.image", "5"), "images_per_prompt", 5),
        (
            ("--limit-mm-per-prompt.image=5", "--limit-mm-per-prompt.video=0"),
            "images_per_prompt",
            5,
        ),
        ((), "tool_parser", None),
        (("--tool-call-parser", "hermes"), "tool_parser", None),
        (("--tool-call-parser", "hermes", "--enable-auto-tool-choice"), "tool_parser", "hermes"),
        (("--api-key", "a", "b"), "api_keys", ("a", "b")),
        ((), "api_keys", ()),
        (("--no-enable-prefix-caching", "-tp", "1", "--dtype", "half"), "max_num_seqs", None),
        (("--default-chat-template-kwargs", '{"a": 1}'), "default_chat_template_kwargs", {"a": 1}),
    ],
)
def test_values(args: tuple[str, ...], field: str, value: Any) -> None:
    assert getattr(read(*args), field) == value


def test_a_key_of_the_environment_counts_unless_the_command_line_has_one() -> None:
    assert read(VLLM_API_KEY="x").api_keys == ("x",)
    assert read("--api-key", "y", VLLM_API_KEY="x").api_keys == ("y",)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--foo",), "vllm serve: error: unrecognized arguments: --foo (the local service takes:"),
        (("--reasoning-parser", "qwen3"), "unrecognized arguments: --reasoning-parser qwen3"),
        (("--enable-lora",), "unrecognized arguments: --enable-lora"),
        (("--max-model-len", "x"), "argument --max-model-len: invalid human_readable_int_or_auto"),
        (("--max-model-len", "1.5K"), "Did you mean to use 1.5k instead?"),
        (("--max-model-len",), "argument --max-model-len: expected one argument"),
        (("--dtype", "int3"), "argument --dtype: invalid choice: 'int3'"),
        (("--limit-mm-per-prompt", "image=2"), "Value image=2 cannot be parsed as JSON"),
        (("--limit-mm-per-prompt", '{"image": "x"}'), "invalid limit 'x' for image"),
        (("--max-num-seqs", "0"), "max_num_seqs\n  Input should be greater than or equal to 1 ["),
        (("--max-num-batched-tokens", "-1"), "for SchedulerConfig\nmax_num_batched_tokens\n"),
        (("--gpu-memory-utilization", "1.5"), "Input should be less than or equal to 1 [type=less"),
        (("--gpu-memory-utilization", "nan"), "Input should be greater than 0 [type=greater_than"),
        (("--enable-auto-tool-choice",), "--enable-auto-tool-choice requires --tool-call-parser"),
        (
            ("--enable-auto-tool-choice", "--tool-call-parser", "x"),
            "invalid tool call parser: x (chose from { hermes })",
        ),
        (("--tensor-parallel-size", "2"), "World size (2) is larger than the number of available"),
        (("--model", "meta/llama"), "--model meta/llama: this container has the model of its"),
    ],
)
def test_refusals(args: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(*args)
    assert words in str(refused.value)


def test_without_a_gpu_vllms_image_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="Failed to infer device type"):
        read(accelerators=0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("513", "User-specified max_model_len (513) is greater than the derived max_model_len"),
        ("0", "max_model_len must be positive, got 0"),
    ],
)
def test_a_context_that_the_model_does_not_have(model_dir: Path, given: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        make_container(settings(model_dir, "--max-model-len", given))
    assert words in str(refused.value)


def test_every_row_is_an_argument_of_its_own() -> None:
    flags = [row.flag for row in ROWS]
    assert len(set(flags)) == len(flags) and all(flag.startswith("--") for flag in flags)


def test_names_context_and_labels_are_those_that_were_asked_for(start_vllm: StartVllm) -> None:
    container = start_vllm(
        *("--served-model-name", "one", "two", "--max-model-len", "50"),
        *("--fingerprint-mode", "custom", "--fingerprint-value", "mine"),
        *("--response-role", "poet", "--return-tokens-as-token-ids"),
    )
    cards = container.get("/v1/models").json()["data"]
    assert [(card["id"], card["root"], card["max_model_len"]) for card in cards] == [
        ("one", "/repository", 50),
        ("two", "/repository", 50),
    ]
    assert container.post(CHAT, asking(model=NAME)).status == 404
    answer = ask(container, model="two", logprobs=True)
    assert (answer["model"], answer["system_fingerprint"]) == ("one", "mine")
    assert answer["choices"][0]["message"]["role"] == "poet"
    token = answer["choices"][0]["logprobs"]["content"][0]["token"]
    assert token.startswith("token_id:")


def test_keys_guard_the_api_and_nothing_else(start_vllm: StartVllm) -> None:
    container = start_vllm(VLLM_API_KEY="secret")
    assert container.get("/health").status == 200
    assert container.post("/tokenize", {"prompt": "a"}).status == 200
    assert container.get("/v1/models").json() == {"error": "Unauthorized"}
    for given, status in [("Bearer secret", 200), ("bearer secret", 200), ("Bearer x", 401)]:
        headers = {"x-replica-key": "key-of-the-replica", "authorization": given}
        assert container.send("GET", "/v1/models", headers=headers).status == status


def test_defaults_of_sampling_can_be_set_or_forgotten(start_vllm: StartVllm) -> None:
    greedy = start_vllm("--override-generation-config", '{"temperature": 0, "max_new_tokens": 3}')
    body = {"messages": [{"role": "user", "content": "the fox"}]}
    answers = [greedy.post(CHAT, body).json() for _ in range(3)]
    assert len({answer["choices"][0]["message"]["content"] for answer in answers}) == 1
    assert {answer["usage"]["completion_tokens"] for answer in answers} <= {1, 2, 3}


def test_usage_can_be_forced(start_vllm: StartVllm) -> None:
    container = start_vllm("--enable-force-include-usage")
    events = container.post(CHAT, asking(stream=True)).events
    assert all('"usage"' in event for event in events[:-1])


@pytest.mark.parametrize("value", ['"x"', "true", "[1]"])
def test_defaults_of_sampling_that_are_no_numbers(model_dir: Path, value: str) -> None:
    order = settings(model_dir, "--override-generation-config", f'{{"temperature": {value}}}')
    with pytest.raises(ConfigurationError, match="temperature is no number"):
        make_container(order)
