"""``smolagents``: one call by each of its two models for servers."""

from __future__ import annotations

from smolagents import ChatMessage, InferenceClientModel, Model, OpenAIModel, Tool

from tests.clients.asking import questions, trial


class Weather(Tool):  # type: ignore[misc]
    """The tool."""

    name = "get_weather"
    description = "Get the current weather of a city."
    inputs = {"city": {"type": "string", "description": "a city"}}  # noqa: RUF012
    output_type = "string"

    def forward(self, city: str) -> str:
        """Never reached: only the call is looked at."""
        return questions.RESULT


def called(model: Model) -> None:
    question = ChatMessage(role="user", content=[{"type": "text", "text": questions.WEATHER}])
    answer = model.generate([question], tools_to_call_from=[Weather()])
    (call,) = answer.tool_calls or []
    trial.is_call(call.function.name, call.function.arguments)


def by_openai() -> None:
    called(OpenAIModel(trial.MODEL, api_base=trial.OPENAI_URL, api_key=trial.TOKEN))


def by_huggingface_hub() -> None:
    # It takes an address in the place of a model's name, not beside it.
    called(InferenceClientModel(trial.URL, api_key=trial.TOKEN))


if __name__ == "__main__":
    trial.report(
        {
            "call, `OpenAIModel`": by_openai,
            "call, `InferenceClientModel(url)`": by_huggingface_hub,
        }
    )
