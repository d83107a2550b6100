"""``litellm``: chat, stream, call and schema by its provider for any OpenAI-like server, and
chat by the one for Hugging Face."""

from __future__ import annotations

from typing import Any

import litellm

from tests.clients.asking import questions, trial

ASKED: Any = {
    "model": f"openai/{trial.MODEL}",
    "api_base": trial.OPENAI_URL,
    "api_key": trial.TOKEN,
    "max_retries": 0,
    "temperature": 0,
    "max_tokens": 99,
}


def chat() -> None:
    whole = litellm.completion(**ASKED, messages=questions.GREETING).choices[0].message.content
    chunks = litellm.completion(**ASKED, messages=questions.GREETING, stream=True)
    assert whole and "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole


def of_the_hub() -> None:
    """By its provider for Hugging Face, with the token of the environment."""
    answer: Any = litellm.completion(
        model=f"huggingface/{trial.MODEL}",
        api_base=trial.URL,
        messages=questions.GREETING,
        temperature=0,
        max_tokens=99,
    )
    assert answer.choices[0].message.content


def call() -> None:
    question = [{"role": "user", "content": questions.WEATHER}]
    answer: Any = litellm.completion(**ASKED, messages=question, tools=[questions.TOOL])
    (called,) = answer.choices[0].message.tool_calls or []
    trial.is_call(called.function.name, called.function.arguments)


def schema() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "person", "schema": questions.SCHEMA}}
    question = [{"role": "user", "content": questions.PERSON}]
    answer: Any = litellm.completion(**ASKED, messages=question, response_format=form)
    trial.is_person(answer.choices[0].message.content)


if __name__ == "__main__":
    trial.report(
        {
            "chat, stream": chat,
            "chat, `huggingface/…`": of_the_hub,
            "tool call": call,
            "schema (`json_schema`)": schema,
        }
    )
