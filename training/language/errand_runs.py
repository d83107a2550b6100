"""A real agent of smolagents that runs errands with a served model; needs no torch.

Its calls are forced by the grammar that the service's vLLM dialect makes of ``tool_choice``
"required", which is what that library asks for.
"""

from __future__ import annotations

from typing import Any

from local_endpoints.containers.vllm.chat_body import ChatBody
from local_endpoints.containers.vllm.tools import grammar_of_calls, parse
from training.language.chat import Chat
from training.language.speaker import Speaker
from training.language.trials.errand import Errand, Known
from training.language.trials.sets import Trials

Rows = list[dict[str, Any]]
MOST_STEPS = 5


def errands(speaker: Speaker, trials: Trials, *, log: Rows) -> dict[str, float]:
    """Share of a set's tasks that a tool-calling agent with two functions finishes."""
    count = len(trials.errands)
    name = f"{trials.name}: a smolagents agent finishes tasks of two steps ({count})"
    found = [run(speaker, errand, log=log, measure=name) for errand in trials.errands]
    return {name: round(sum(found) / len(found), 4)}


def run(speaker: Speaker, errand: Errand, *, log: Rows, measure: str) -> bool:
    """Whether both calls were right, in order, and the final answer names what is wanted."""
    from smolagents import LogLevel, ToolCallingAgent

    made: list[tuple[str, dict[str, Any]]] = []
    agent = ToolCallingAgent(
        tools=[_tool(known, made) for known in errand.steps],
        model=_model(speaker),
        max_steps=MOST_STEPS,
        verbosity_level=LogLevel.OFF,
    )
    result = agent.run(errand.task, return_full_result=True)
    ended = result.state == "success"
    wanted = [(known.name, known.expected) for known in errand.steps]
    right = ended and made == wanted and errand.wanted in str(result.output)
    row = {"measure": measure, "asked": errand.task, "calls": made, "answer": str(result.output)}
    log.append({**row, "ended": ended, "right": right})
    return right


def _tool(known: Known, made: list[tuple[str, dict[str, Any]]]) -> Any:
    """The function as the library wants it; it writes down how it is called."""
    from smolagents import Tool

    def forward(_self: Any, **arguments: Any) -> Any:
        made.append((known.name, arguments))
        return known.result if arguments == known.expected else "nothing found"

    inputs = {
        key: {"type": kind, "description": about} for key, (kind, about) in known.parameters.items()
    }
    members = {
        "name": known.name,
        "description": known.description,
        "inputs": inputs,
        "output_type": "any",
        "skip_forward_signature_validation": True,
        "forward": forward,
    }
    return type(known.name.title().replace("_", ""), (Tool,), members)()


def _model(speaker: Speaker) -> Any:
    """The served model as the library wants it."""
    from smolagents import ChatMessage, Model
    from smolagents.models import (
        ChatMessageToolCall,
        ChatMessageToolCallFunction,
        MessageRole,
    )

    class Served(Model):  # type: ignore[misc]
        """One answer for one list of messages, as a server gives it."""

        def generate(
            self,
            messages: list[Any],
            stop_sequences: list[str] | None = None,
            response_format: dict[str, str] | None = None,
            tools_to_call_from: list[Any] | None = None,
            **kwargs: Any,
        ) -> Any:
            """The next call."""
            sent = self._prepare_completion_kwargs(
                messages=messages,
                tools_to_call_from=tools_to_call_from,
                flatten_messages_as_text=True,
            )
            shown = [{"role": str(m["role"]), "content": m["content"]} for m in sent["messages"]]
            for message in shown:
                message["role"] = message["role"].rpartition(".")[2].lower()
            tools = sent.get("tools", [])
            body = ChatBody.model_validate(
                {"model": "", "messages": shown, "tools": tools, "tool_choice": "required"}
            )
            answer = speaker.answer(
                [Chat(tuple(shown), tuple(tools))], grammar=grammar_of_calls(body, tokens=True)
            )[0]
            calls = [
                ChatMessageToolCall(
                    id=call["id"],
                    type="function",
                    function=ChatMessageToolCallFunction(**call["function"]),
                )
                for call in parse(answer.text).calls
            ]
            return ChatMessage(role=MessageRole.ASSISTANT, content=None, tool_calls=calls)

    return Served(model_id="pocket")
