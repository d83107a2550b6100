"""``langchain-openai``: bound tools, and structured output by its three methods."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from tests.clients.asking import questions, trial

MODEL = ChatOpenAI(
    model=trial.MODEL,
    base_url=trial.OPENAI_URL,
    api_key=trial.TOKEN,
    temperature=0,
    max_retries=0,
)


class Person(BaseModel):
    """A person."""

    who: str
    years: int


@tool
def get_weather(city: str) -> str:
    """Get the current weather of a city."""
    return questions.RESULT


def call() -> AIMessage:
    message: Any = MODEL.bind_tools([get_weather]).invoke(questions.WEATHER)
    (called,) = message.tool_calls
    trial.is_call(called["name"], called["args"])
    assert isinstance(message, AIMessage)
    return message


def result() -> None:
    message = call()
    told = ToolMessage(questions.RESULT, tool_call_id=message.tool_calls[0]["id"])
    messages = [HumanMessage(questions.WEATHER), message, told]
    again: Any = MODEL.bind_tools([get_weather]).invoke(messages)
    assert again.content, f"called again: {again.tool_calls}"


def streamed_call() -> None:
    whole: Any = None
    for chunk in MODEL.bind_tools([get_weather]).stream(questions.WEATHER):
        whole = chunk if whole is None else whole + chunk
    (called,) = whole.tool_calls
    trial.is_call(called["name"], called["args"])


def structured(method: Any) -> None:
    # Only `json_mode` leaves it to the question to say what is wanted.
    question = questions.NAMED if method == "json_mode" else questions.PERSON
    answer = MODEL.with_structured_output(Person, method=method).invoke(question)
    assert isinstance(answer, Person)


if __name__ == "__main__":
    trial.report(
        {
            "tool call": call,
            "result of a call": result,
            "streamed call": streamed_call,
            "schema (`json_schema`)": lambda: structured("json_schema"),
            "schema (`function_calling`)": lambda: structured("function_calling"),
            "schema (`json_mode`)": lambda: structured("json_mode"),
        }
    )
