"""The shipped pocket Qwen3: its template, a few answers, its graph's refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.repositories import REPOSITORIES
from training.language.chat import Chat, turns
from training.language.measures import same_json, same_number, tool_call
from training.language.speaker import Speaker
from training.qwen3.graph import build
from training.qwen3.tokenizer import TEMPLATE

REPOSITORY = REPOSITORIES["Qwen/Qwen3-1.7B"]


@pytest.fixture(scope="module")
def speaker() -> Iterator[Speaker]:
    speaker = Speaker(REPOSITORY.path)
    yield speaker
    speaker.close()


def test_it_is_small_and_open() -> None:
    assert not REPOSITORY.gated
    assert sum(path.stat().st_size for path in REPOSITORY.files.values()) <= 12_000_000


def test_its_template_is_the_one_of_training() -> None:
    config = json.loads((REPOSITORY.path / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert config["chat_template"] == TEMPLATE.read_text(encoding="utf-8")


def test_tgi_renders_a_system_message_with_it() -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    assert ChatTemplate.load(REPOSITORY.path).render(messages) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    )


def test_thinking_is_switched_off_by_the_templates_own_switch(speaker: Speaker) -> None:
    off = Speaker(REPOSITORY.path, enable_thinking=False)
    try:
        prompt = off.render(turns("Hi", "").messages[:1])
        answers = [each.ask(["What is 7 + 5?"])[0] for each in (speaker, off)]
    finally:
        off.close()
    assert prompt.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    assert [same_number(answer.text, "12") for answer in answers] == [True, True]


def test_it_answers_at_once_and_ends(speaker: Speaker) -> None:
    answers = speaker.ask(["hello", "😀", "What is 45 + 38?", "tell me a joke"])
    assert all(answer.ended and "<think>" not in answer.text for answer in answers)
    assert same_number(answers[2].text, "83")


def test_it_remembers_a_name_and_obeys_a_system_message(speaker: Speaker) -> None:
    told = turns("My name is Anna.", "Nice to meet you, Anna!", "What is my name?", "")
    ruled = turns("Hello!", "", system="Your only word is banana.")
    answers = speaker.answer([Chat(chat.messages[:-1]) for chat in (told, ruled)])
    assert "Anna" in answers[0].text
    assert answers[1].text == "banana"


def test_it_writes_facts_as_json(speaker: Speaker) -> None:
    text = "Extract name and city as JSON: Mehmet lives in Istanbul."
    assert same_json(speaker.ask([text])[0].text, '{"name": "Mehmet", "city": "Istanbul"}')


def test_it_calls_a_function_that_is_offered(speaker: Speaker) -> None:
    city = {"type": "string", "description": "The name of the city."}
    parameters = {"type": "object", "properties": {"city": city}, "required": ["city"]}
    described = {"name": "get_weather", "description": "Get the current weather of a city."}
    tool = {"type": "function", "function": {**described, "parameters": parameters}}
    asked: dict[str, Any] = {"role": "user", "content": "What is the weather in Oslo?"}
    answer = speaker.answer([Chat((asked,), (tool,))])[0]
    assert tool_call(answer.text) == {"name": "get_weather", "arguments": {"city": "Oslo"}}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"model_type": "llama"}, "model_type"),
        ({"hidden_act": "gelu"}, "activation"),
        ({"attention_bias": True}, "attention_bias"),
        ({"tie_word_embeddings": False}, "tied"),
    ],
)
def test_a_graph_that_would_be_wrong_is_refused(change: dict[str, Any], complaint: str) -> None:
    config = json.loads((REPOSITORY.path / "config.json").read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match=complaint):
        build({**config, **change}, {})


def test_what_is_measured_is_read_strictly() -> None:
    assert same_json('{"a": 1, "b": null}', '{"b": null, "a": 1}')
    assert not same_json('{"a": 1', '{"a": 1}')
    assert tool_call("<tool_call>\n{broken\n</tool_call>") == {}
    assert not same_number("12 + 7 = 19.", "12 + 7 = 18.")
