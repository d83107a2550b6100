"""The clients that learners use, unmodified, against a container."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from huggingface_hub import InferenceClient, constants
from openai import AsyncOpenAI, NotFoundError, OpenAI
from pydantic import BaseModel

from tests.local_endpoints.containers.conftest import KEY, RunningContainer
from tests.local_endpoints.containers.vllm.test_tools import QUESTION, WEATHER

HEADERS = {"x-replica-key": KEY}
MODEL = "Qwen/Qwen3-1.7B"
MESSAGES: Any = [{"role": "user", "content": "Who are you?"}]


class Person(BaseModel):
    """What is asked for."""

    name: str
    age: int


def url(container: RunningContainer) -> str:
    return f"http://127.0.0.1:{container.port}"


@pytest.fixture
def openai(qwen: RunningContainer) -> OpenAI:
    return OpenAI(base_url=f"{url(qwen)}/v1", api_key="-", default_headers=HEADERS)


@pytest.fixture
def hub(qwen: RunningContainer, monkeypatch: pytest.MonkeyPatch) -> InferenceClient:
    # Building its headers, the client asks the hub for a list; it shall not go and find it.
    monkeypatch.setattr(constants, "ENDPOINT", url(qwen))
    return InferenceClient(base_url=url(qwen), api_key="-", headers=HEADERS)


def test_openai_chats_and_streams(openai: OpenAI) -> None:
    (model,) = openai.models.list().data
    asked: Any = {"model": model.id, "messages": MESSAGES, "temperature": 0, "max_tokens": 30}
    answer = openai.chat.completions.create(**asked).choices[0].message.content
    stream = openai.chat.completions.create(**asked, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == answer


def test_openai_asynchronously(qwen: RunningContainer) -> None:
    async def ask() -> str | None:
        client = AsyncOpenAI(base_url=f"{url(qwen)}/v1", api_key="-", default_headers=HEADERS)
        async with client:
            answer = await client.chat.completions.create(model=MODEL, messages=MESSAGES)
        return answer.choices[0].message.content

    assert asyncio.run(ask())


def test_openai_completes(openai: OpenAI) -> None:
    answer = openai.completions.create(model=MODEL, prompt=["The", "A"], max_tokens=3, logprobs=1)
    assert [choice.index for choice in answer.choices] == [0, 1]


def test_openai_parses(openai: OpenAI) -> None:
    told: Any = [{"role": "user", "content": "Give me name and age as JSON: Anna is 30 years old."}]
    answer = openai.chat.completions.parse(
        model=MODEL, messages=told, response_format=Person, max_tokens=200, temperature=0
    )
    assert answer.choices[0].message.parsed == Person(name="Anna", age=30)


def test_openai_calls_a_function(openai: OpenAI) -> None:
    messages: Any = [{"role": "user", "content": QUESTION}]
    tools: Any = [WEATHER]
    answer = openai.chat.completions.create(
        model=MODEL, messages=messages, tools=tools, temperature=0
    )
    message = answer.choices[0].message
    assert message.tool_calls is not None and message.tool_calls[0].type == "function"
    assert json.loads(message.tool_calls[0].function.arguments) == {"city": "Paris"}
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "sunny"}
    again = openai.chat.completions.create(
        model=MODEL, messages=[*messages, message, result], tools=tools, temperature=0
    )
    assert "sunny" in (again.choices[0].message.content or "")


def test_openai_is_told_which_model_there_is_not(openai: OpenAI) -> None:
    with pytest.raises(NotFoundError, match="The model `tgi` does not exist"):
        openai.chat.completions.create(model="tgi", messages=MESSAGES)


def test_huggingface_hub_chats_streams_and_calls(hub: InferenceClient) -> None:
    asked: Any = {"model": MODEL, "temperature": 0, "max_tokens": 30}
    answer = hub.chat_completion(MESSAGES, **asked).choices[0].message.content
    stream = hub.chat_completion(MESSAGES, stream=True, **asked)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == answer
    tools: Any = [WEATHER]
    question = [{"role": "user", "content": QUESTION}]
    made = hub.chat_completion(question, tools=tools, model=MODEL, temperature=0)
    calls = made.choices[0].message.tool_calls
    assert calls is not None and calls[0].function.name == "get_weather"


def test_huggingface_hub_loses_its_schema_as_on_the_real_server(hub: InferenceClient) -> None:
    """It sends ``value``, which vLLM does not know: any JSON object comes."""
    schema = {"type": "object", "properties": {"never": {"const": 1}}, "required": ["never"]}
    form: Any = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    answer = hub.chat_completion(
        MESSAGES, model=MODEL, response_format=form, max_tokens=60, temperature=0
    )
    assert "never" not in (answer.choices[0].message.content or "")
