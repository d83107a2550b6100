"""``haystack-ai``: a tool call by its chat generator for OpenAI's API."""

from __future__ import annotations

from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import Tool
from haystack.utils import Secret

from tests.clients.asking import questions, trial

FUNCTION = questions.TOOL["function"]
TOOL = Tool(
    name=FUNCTION["name"],
    description=FUNCTION["description"],
    parameters=FUNCTION["parameters"],
    function=lambda city: questions.RESULT,
)


def generator() -> OpenAIChatGenerator:
    return OpenAIChatGenerator(
        api_key=Secret.from_token(trial.TOKEN),
        model=trial.MODEL,
        api_base_url=trial.OPENAI_URL,
        generation_kwargs={"temperature": 0, "max_tokens": 99},
        max_retries=0,
    )


def chat() -> None:
    (reply,) = generator().run([ChatMessage.from_user("Hello, who are you?")])["replies"]
    assert reply.text


def call() -> None:
    question = ChatMessage.from_user(questions.WEATHER)
    (reply,) = generator().run([question], tools=[TOOL])["replies"]
    (called,) = reply.tool_calls
    trial.is_call(called.tool_name, called.arguments)


def result() -> None:
    question = ChatMessage.from_user(questions.WEATHER)
    (reply,) = generator().run([question], tools=[TOOL])["replies"]
    told = ChatMessage.from_tool(questions.RESULT, origin=reply.tool_calls[0])
    (again,) = generator().run([question, reply, told], tools=[TOOL])["replies"]
    assert again.text, f"called again: {again.tool_calls}"


def streamed_call() -> None:
    question = ChatMessage.from_user(questions.WEATHER)
    told = generator().run([question], tools=[TOOL], streaming_callback=lambda chunk: None)
    (called,) = told["replies"][0].tool_calls
    trial.is_call(called.tool_name, called.arguments)


if __name__ == "__main__":
    trial.report(
        {
            "chat": chat,
            "tool call": call,
            "result of a call": result,
            "streamed call": streamed_call,
        }
    )
