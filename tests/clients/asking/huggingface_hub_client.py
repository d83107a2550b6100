"""``huggingface_hub``: chats, calls, schemas, and TGI's own route with a grammar."""

from __future__ import annotations

import asyncio
from typing import Any

from huggingface_hub import AsyncInferenceClient, InferenceClient

from tests.clients.asking import questions, trial

CLIENT = InferenceClient(base_url=trial.URL, api_key=trial.TOKEN)
RAW = InferenceClient(model=trial.URL, token=trial.TOKEN)
GREETED: Any = {"model": trial.MODEL, "messages": questions.GREETING, "max_tokens": 40}
PERSON: Any = {
    "model": trial.MODEL,
    "messages": [{"role": "user", "content": questions.PERSON}],
    "max_tokens": 200,
    "temperature": 0,
}


def chat() -> None:
    whole = CLIENT.chat_completion(**GREETED, temperature=0).choices[0].message.content
    chunks = CLIENT.chat_completion(**GREETED, temperature=0, stream=True)
    assert whole and "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole


def chat_by_address() -> None:
    assert RAW.chat_completion(questions.GREETING, max_tokens=40).choices[0].message.content


def asynchronous() -> None:
    async def ask() -> list[Any]:
        client = AsyncInferenceClient(base_url=trial.URL, api_key=trial.TOKEN)
        answers = [client.chat_completion(**GREETED, seed=seed) for seed in range(3)]
        return [each.choices[0].message.content for each in await asyncio.gather(*answers)]

    assert all(asyncio.run(ask()))


def call() -> None:
    tools: Any = [questions.TOOL]
    question = [{"role": "user", "content": questions.WEATHER}]
    answer = CLIENT.chat_completion(question, model=trial.MODEL, tools=tools, temperature=0)
    (called,) = answer.choices[0].message.tool_calls or []
    trial.is_call(called.function.name, called.function.arguments)


def schema() -> None:
    form: Any = {
        "type": "json_schema",
        "json_schema": {"name": "person", "schema": questions.SCHEMA, "strict": True},
    }
    answer = CLIENT.chat_completion(**PERSON, response_format=form)
    trial.is_person(answer.choices[0].message.content)


def schema_in_tgis_form() -> None:
    form: Any = {"type": "json", "value": questions.SCHEMA}
    answer = CLIENT.chat_completion(**PERSON, response_format=form)
    trial.is_person(answer.choices[0].message.content)


def schema_in_vllms_form() -> None:
    more: Any = {"structured_outputs": {"json": questions.SCHEMA}}
    answer = CLIENT.chat_completion(**PERSON, extra_body=more)
    trial.is_person(answer.choices[0].message.content)


def generation() -> None:
    assert RAW.text_generation("The", max_new_tokens=4, return_full_text=False)


def streamed_generation() -> None:
    assert "".join(RAW.text_generation("The", max_new_tokens=4, stream=True))


def grammar() -> None:
    asked: Any = {"type": "json", "value": questions.SCHEMA}
    text = RAW.text_generation(
        questions.WRITTEN_OUT,
        grammar=asked,
        max_new_tokens=200,
        return_full_text=False,
    )
    trial.is_person(text)


def regex() -> None:
    asked: Any = {"type": "regex", "value": "[0-9]{3}"}
    text = RAW.text_generation(
        "A number:",
        grammar=asked,
        max_new_tokens=20,
        return_full_text=False,
    )
    assert text.isdigit() and len(text) == 3, text


if __name__ == "__main__":
    trial.report(
        {
            "chat": chat,
            "chat, `model=url`": chat_by_address,
            "async": asynchronous,
            "tool call": call,
            "schema (`json_schema`)": schema,
            "schema (TGI's `json`)": schema_in_tgis_form,
            "schema (vLLM's, by `extra_body`)": schema_in_vllms_form,
            "text_generation": generation,
            "text_generation, stream": streamed_generation,
            "text_generation, JSON grammar": grammar,
            "text_generation, regex": regex,
        }
    )
