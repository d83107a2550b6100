"""``pydantic-ai``: an output type by its three modes, and a tool."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput, PromptedOutput
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.usage import UsageLimits

from tests.clients.asking import questions, trial

MODEL = OpenAIChatModel(
    trial.MODEL, provider=OpenAIProvider(base_url=trial.OPENAI_URL, api_key=trial.TOKEN)
)
SETTINGS: Any = {"temperature": 0, "max_tokens": 200}


class Person(BaseModel):
    """A person."""

    who: str
    years: int


def answered(output_type: Any) -> None:
    agent: Agent[None, Any] = Agent(MODEL, output_type=output_type, model_settings=SETTINGS)
    assert isinstance(agent.run_sync(questions.PERSON).output, Person)


def call() -> None:
    agent = Agent(MODEL, model_settings=SETTINGS)
    asked: list[str] = []

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """Get the current weather of a city."""
        asked.append(city)
        return questions.RESULT

    # Some models call again and again.
    limits = UsageLimits(request_limit=3)
    assert agent.run_sync(questions.WEATHER, usage_limits=limits).output and asked


if __name__ == "__main__":
    trial.report(
        {
            "output_type (a tool)": lambda: answered(Person),
            "output_type (`NativeOutput`)": lambda: answered(NativeOutput(Person)),
            "output_type (`PromptedOutput`)": lambda: answered(PromptedOutput(Person)),
            "tool and result": call,
        }
    )
