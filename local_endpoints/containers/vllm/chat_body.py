"""The body of ``/v1/chat/completions`` (entrypoints/openai/chat_completion/protocol.py)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_serializer, model_validator
from pydantic_core.core_schema import SerializerFunctionWrapHandler

from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.containers.vllm.fields import (
    GenerationBody,
    OpenAIModel,
    check_counts,
    check_structured_outputs,
)
from local_endpoints.containers.vllm.message_types import ChatMessage


class Function(OpenAIModel):
    """A function that the model may call."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None

    @model_serializer(mode="wrap")
    def _serialize(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        known = {k: v for k, v in handler(self).items() if k in type(self).model_fields}
        if self.strict is None:
            del known["strict"]
        return known


class Tool(OpenAIModel):
    """An entry of ``tools``."""

    type: Literal["function"] = "function"
    function: Function

    def described(self) -> dict[str, Any]:
        """As the chat template sees it."""
        return {"type": self.type, "function": self.function.model_dump()}


class NamedFunction(OpenAIModel):
    """The function of a named choice."""

    name: str


class NamedTool(OpenAIModel):
    """``tool_choice`` that names a function."""

    function: NamedFunction
    type: Literal["function"] = "function"


ToolChoice = Literal["none", "auto", "required"] | NamedTool | None


MAX_MESSAGES = 4096
"""More than any context here takes; the real server has no such limit, and 30 kB of memory for each
message that is none."""


def _countable(given: Any) -> Any:
    if isinstance(given, list) and len(given) > MAX_MESSAGES:
        raise Refused(f"The local container takes up to {MAX_MESSAGES} messages, not {len(given)}.")
    return given


class TemplatedBody(OpenAIModel):
    """What becomes a prompt through the chat template."""

    messages: Annotated[list[ChatMessage], BeforeValidator(_countable)]
    add_generation_prompt: bool = True
    continue_final_message: bool = False
    add_special_tokens: bool = False
    chat_template: str | None = None
    chat_template_kwargs: dict[str, Any] | None = None
    tools: list[Tool] | None = None

    @model_validator(mode="before")
    @classmethod
    def _check_messages(cls, data: Any) -> Any:
        if isinstance(data, dict):
            if data.get("continue_final_message") and data.get("add_generation_prompt"):
                raise Refused(
                    "Cannot set both `continue_final_message` and `add_generation_prompt` to True."
                )
            messages = data.get("messages")
            for message in messages if isinstance(messages, list) else ():
                if isinstance(message, dict):
                    # An older name of the same field.
                    reasoning = message.pop("reasoning_content", None)
                    if reasoning is not None and message.get("reasoning") is None:
                        message["reasoning"] = reasoning
        return data

    @model_validator(mode="after")
    def _read_tool_calls(self) -> TemplatedBody:
        for message in self.messages:
            if isinstance(message, dict) and message.get("tool_calls") is not None:
                # pydantic validates the items only when somebody asks for them.
                told: dict[str, Any] = message  # type: ignore[assignment]
                told["tool_calls"] = list(told["tool_calls"])
        return self


class ChatBody(GenerationBody, TemplatedBody):
    """The body of ``/v1/chat/completions``."""

    logprobs: bool | None = False
    top_logprobs: int | None = 0
    max_completion_tokens: int | None = None
    tool_choice: ToolChoice = "none"
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = (
        None
    )
    include_reasoning: bool = True
    parallel_tool_calls: bool | None = True
    echo: bool = False
    documents: list[dict[str, str]] | None = None
    media_io_kwargs: dict[str, dict[str, Any]] | None = None
    mm_processor_kwargs: dict[str, Any] | None = None
    return_prompt_text: bool | None = None
    return_assistant_tokens_mask: bool = Field(False)

    @property
    def limit(self) -> tuple[str, int | None]:
        """Name and value of the field that limits the answer."""
        if self.max_completion_tokens is not None:
            return "max_completion_tokens", self.max_completion_tokens
        return "max_tokens", self.max_tokens

    @property
    def chosen_function(self) -> str | None:
        """The function that ``tool_choice`` names."""
        return self.tool_choice.function.name if isinstance(self.tool_choice, NamedTool) else None

    @model_validator(mode="before")
    @classmethod
    def _check_chat(cls, data: Any) -> Any:
        if isinstance(data, dict):
            _check_logprobs(data)
            constrained = check_structured_outputs(data.get("structured_outputs"))
            choice = data.get("tool_choice", "none")
            if constrained and choice not in ("none", "auto", "required"):
                raise Refused(
                    "You can only either use constraints for structured outputs or tools, not both."
                )
            _check_tools(data)
            messages = data.get("messages", [])
            if not isinstance(messages, (list, str, dict)):
                raise Refused(f"{type(messages).__name__!r} object is not iterable")
        return data


def _check_logprobs(data: dict[str, Any]) -> None:
    if data.get("logprob_token_ids") and not data.get("logprobs"):
        raise Refused(
            "when using `logprob_token_ids`, `logprobs` must be set to true.", "logprob_token_ids"
        )
    check_counts(data, ("prompt_logprobs", "top_logprobs"))
    top = data.get("top_logprobs")
    if top is not None and (top == -1 or top > 0) and not data.get("logprobs"):
        raise Refused("when using `top_logprobs`, `logprobs` must be set to true.", "top_logprobs")


def _check_tools(data: dict[str, Any]) -> None:
    tools = data.get("tools")
    if tools == []:
        raise Refused(
            "`tools` must not be an empty array. Either provide at least one tool or omit the "
            "field entirely.",
            "tools",
        )
    if "tool_choice" not in data and tools:
        data["tool_choice"] = "auto"
    choice = data.get("tool_choice")
    if choice is None or choice == "none":
        return
    if tools is None:
        raise Refused("When using `tool_choice`, `tools` must be set.", "tool_choice")
    if isinstance(choice, dict):
        _check_named(choice, tools)
    elif choice not in ("auto", "required"):
        raise Refused(
            f'Invalid value for `tool_choice`: {choice}! Only named tools, "none", "auto" or '
            '"required" are supported.',
            "tool_choice",
        )


def _check_named(choice: dict[str, Any], tools: Any) -> None:
    usage = 'Correct usage: `{"type": "function", "function": {"name": "my_function"}}`'
    function = choice.get("function")
    if not isinstance(function, dict):
        raise Refused(
            f"Invalid value for `function`: `{function}` in `tool_choice`! {usage}",
            "tool_choice.function",
        )
    if "name" not in function:
        raise Refused(
            f"Expected field `name` in `function` in `tool_choice`! {usage}",
            "tool_choice.function.name",
        )
    name = function["name"]
    if not isinstance(name, str) or not name:
        raise Refused(
            f"Invalid `name` in `function`: `{name}` in `tool_choice`! {usage}",
            "tool_choice.function.name",
        )
    try:
        found = any(tool["function"]["name"] == name for tool in tools)
    except (KeyError, TypeError) as error:
        raise Refused(str(error)) from None
    if not found:
        raise Refused(
            "The tool specified in `tool_choice` does not match any of the specified `tools`",
            "tool_choice",
        )
