"""``openai``: chats (whole, streamed, asynchronous), a schema, a call with its result, raw text."""

from __future__ import annotations

import asyncio
from typing import Any

from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

from tests.clients.asking import questions, trial

CLIENT = OpenAI(base_url=trial.OPENAI_URL, api_key=trial.TOKEN, max_retries=0)
GREETED: Any = {"model": trial.MODEL, "messages": questions.GREETING, "max_tokens": 40}
ASKED: list[Any] = [{"role": "user", "content": questions.WEATHER}]
GREEDY: Any = {"model": trial.MODEL, "temperature": 0, "max_tokens": 99}
WITH_TOOLS: Any = {**GREEDY, "tools": [questions.TOOL]}


class Person(BaseModel):
    """What is asked for."""

    who: str
    years: int


def chat() -> None:
    assert CLIENT.chat.completions.create(**GREETED, temperature=0).choices[0].message.content


def stream() -> None:
    whole = CLIENT.chat.completions.create(**GREETED, temperature=0).choices[0].message.content
    chunks = CLIENT.chat.completions.create(**GREETED, temperature=0, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole


def usage_of_a_stream() -> None:
    options: Any = {"include_usage": True}
    chunks = list(CLIENT.chat.completions.create(**GREETED, stream=True, stream_options=options))
    assert chunks[-1].usage and chunks[-1].usage.completion_tokens


def asynchronous() -> None:
    async def ask() -> list[str | None]:
        client = AsyncOpenAI(base_url=trial.OPENAI_URL, api_key=trial.TOKEN, max_retries=0)
        async with client:
            answers = [client.chat.completions.create(**GREETED, seed=seed) for seed in range(3)]
            return [each.choices[0].message.content for each in await asyncio.gather(*answers)]

    assert all(asyncio.run(ask()))


def parse() -> None:
    answer = CLIENT.chat.completions.parse(
        model=trial.MODEL,
        messages=[{"role": "user", "content": questions.PERSON}],
        response_format=Person,
        max_tokens=200,
        temperature=0,
    )
    assert isinstance(answer.choices[0].message.parsed, Person)


def call() -> None:
    message = CLIENT.chat.completions.create(**WITH_TOOLS, messages=ASKED).choices[0].message
    (called,) = message.tool_calls or []
    assert called.type == "function"
    trial.is_call(called.function.name, called.function.arguments)


def required_call() -> None:
    answer = CLIENT.chat.completions.create(**WITH_TOOLS, messages=ASKED, tool_choice="required")
    (called,) = answer.choices[0].message.tool_calls or []
    trial.is_call(called.function.name, called.function.arguments)


def named_call() -> None:
    choice: Any = {"type": "function", "function": {"name": "get_weather"}}
    answer = CLIENT.chat.completions.create(**WITH_TOOLS, messages=ASKED, tool_choice=choice)
    (called,) = answer.choices[0].message.tool_calls or []
    trial.is_call(called.function.name, called.function.arguments)


def streamed_call() -> None:
    chunks = CLIENT.chat.completions.create(**WITH_TOOLS, messages=ASKED, stream=True)
    name = arguments = ""
    for chunk in chunks:
        for piece in chunk.choices[0].delta.tool_calls or ():
            assert piece.function is not None
            name += piece.function.name or ""
            arguments += piece.function.arguments or ""
    trial.is_call(name, arguments)


def result_of_a_call(*, tools: bool = True) -> None:
    message = CLIENT.chat.completions.create(**WITH_TOOLS, messages=ASKED).choices[0].message
    (called,) = message.tool_calls or []
    result: Any = {"role": "tool", "tool_call_id": called.id, "content": questions.RESULT}
    asked = WITH_TOOLS if tools else GREEDY
    again = CLIENT.chat.completions.create(**asked, messages=[*ASKED, message, result])
    said = again.choices[0].message
    assert said.content, f"called again: {said.tool_calls}"


def completion() -> None:
    answer = CLIENT.completions.create(model=trial.MODEL, prompt=["The", "A"], max_tokens=4)
    assert sorted(choice.index for choice in answer.choices) == [0, 1]


def streamed_completion() -> None:
    chunks = CLIENT.completions.create(
        model=trial.MODEL, prompt="The", max_tokens=4, stream=True, temperature=0
    )
    assert "".join(chunk.choices[0].text for chunk in chunks)


if __name__ == "__main__":
    trial.report(
        {
            "chat": chat,
            "stream": stream,
            "usage of a stream": usage_of_a_stream,
            "async": asynchronous,
            "schema (`parse`)": parse,
            "tool call": call,
            "required call": required_call,
            "named call": named_call,
            "streamed call": streamed_call,
            "result of a call": result_of_a_call,
            "result, asked without tools": lambda: result_of_a_call(tools=False),
            "completions": completion,
            "streamed completion": streamed_completion,
        }
    )
