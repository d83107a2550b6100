"""An agent's loop: calls, observations, and a final answer (smolagents 1.26)."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jinja2 import Environment, Template

from training.language.calling import alike, call_message, call_text, user_message
from training.language.chat import Chat, Message, Tool, keep
from training.language.drills.errands import Plan, bare_value, two_steps
from training.language.functions import FUNCTIONS
from training.language.lexicon import Draw, is_held_out
from training.language.pairs import errands
from training.language.tools import Use, describe, draw_function, draw_result, draw_use


def agent(draw: Draw) -> Chat:
    """An agent's loop as smolagents 1.26 writes it: earlier calls and observations as plain turns.

    Its last function is ``final_answer``. The system turn is a short one, or the opening and the
    rules of the library's own.
    """
    rng = draw.rng
    if draw.held_out or draw.chance(0.25):
        plans = [_plan(draw)]
    else:
        plans = errands(draw, rng.randint(4, 7))
    steps = plans[0][0]
    tools = list({use.name: describe(use.name, use.function) for use, _ in steps}.values())
    while len(tools) < 3 and draw.chance(0.4):
        other, more = draw_function(draw)
        if all(
            not alike(other, tool["function"]["name"]) and other != tool["function"]["name"]
            for tool in tools
        ):
            tools.append(describe(other, more))
    rng.shuffle(tools)
    final = {
        "type": "function",
        "function": {
            "name": "final_answer",
            "description": "Provides a final answer to the given problem.",
            "parameters": {
                "type": "object",
                "properties": {
                    "answer": {"type": "string", "description": "The final answer to the problem"}
                },
                "required": ["answer"],
            },
        },
    }
    tools.append(final)
    system: Message = {"role": "system", "content": _agent_system(draw, tools)}
    first, *beside = [_unroll(draw, _loop(draw, plan)) for plan in plans]
    given = [bare_value(observed) for use, observed in steps if use.function.result != "done"]
    return Chat(
        (system, *first),
        tuple(tools),
        wanted=given[-1] if given else "",
        beside=tuple(map(tuple, beside)),
    )


def _loop(draw: Draw, plan: Plan) -> list[Message]:
    """The whole loop of a plan, with the identity of each call in a turn of its own behind it."""
    rng = draw.rng
    steps, task, answer = plan
    messages = [user_message(keep("New task:\n") + task)]
    for number, (use, observed) in enumerate(steps, start=1):
        messages.append(call_message(use))
        identity = (
            f"{rng.choice(('call_', 'chatcmpl-tool-', ''))}{rng.randrange(16**8):08x}"
            if draw.chance(0.7)
            else str(number)
        )
        messages.append({"role": "history", "content": identity})
        messages.append(user_message(keep(f"Observation:\n{observed}")))
    done = {
        "type": "function",
        "function": {"name": "final_answer", "arguments": {"answer": answer}},
    }
    messages.append({"role": "assistant", "content": "", "tool_calls": [done]})
    return messages


def _unroll(draw: Draw, messages: list[Message]) -> list[Message]:
    """Cut the loop at one of its calls: what came before stands there as the library writes it."""
    calls = [index for index, message in enumerate(messages) if message.get("tool_calls")]
    last = calls[-1] if draw.held_out else draw.rng.choice(calls)
    # Half of the loops teach every call on the way, before it is shown as the library writes it:
    # three lessons for the reading of one long prompt.
    taught = not draw.held_out and draw.chance(0.5)
    if taught:
        last = calls[-1]
    shown: list[Message] = []
    for index, message in enumerate(messages[: last + 1]):
        if message["role"] == "history":
            continue
        if index in calls and index != last:
            if taught:
                shown.append(_forced(draw, message))
            identity = messages[index + 1]["content"]
            listed = [
                {"id": identity, "type": "function", "function": call["function"]}
                for call in message["tool_calls"]
            ]
            raw = "\n".join(
                call_text(call["function"]["name"], call["function"]["arguments"])
                for call in message["tool_calls"]
            )
            before = draw.rng.choices(("", "\n", f"{raw}\n"), (6, 2, 2))[0]
            shown.append(
                {"role": "assistant", "content": f"{before}Calling tools:\n{listed}", "given": True}
            )
        else:
            shown.append(_forced(draw, message) if index == last else message)
    return shown


def _forced(draw: Draw, message: Message) -> Message:
    """A call in the form that a server makes of ``tool_choice="required"``, mostly."""
    if draw.held_out or not draw.chance(0.75):
        return message
    return {**message, "form": "tgi" if draw.chance(0.1) else "list"}


_AGENT_SYSTEMS = (
    "You are an agent. Solve the task with tool calls. When you know the answer, call "
    "final_answer.",
    "[Solve|Do] the task [step by step |]with [the tools|tool calls]. [End|Finish] with "
    "final_answer.",
    "You are an expert assistant who can solve any task using tool calls. [Call one tool at a "
    "time|One call at a time]. To give the final answer, call final_answer.",
    "Use the tools. Give the answer with final_answer.",
)


_VERSION = "1.26"


@cache
def _library_system() -> Template | None:
    """The system prompt of smolagents' tool-calling agent, where version 1.26 is installed."""
    found = importlib.util.find_spec("smolagents")
    if found is None or not found.submodule_search_locations:
        return None
    if not importlib.metadata.version("smolagents").startswith(f"{_VERSION}."):
        return None
    path = Path(found.submodule_search_locations[0]) / "prompts" / "toolcalling_agent.yaml"
    return Environment().from_string(
        yaml.safe_load(path.read_text(encoding="utf-8"))["system_prompt"]
    )


@dataclass(frozen=True)
class _Described:
    """A function as the library's prompt shows it."""

    tool: Tool

    def to_tool_calling_prompt(self) -> str:
        function = self.tool["function"]
        inputs = function["parameters"]["properties"]
        return (
            f"{function['name']}: {function['description']}\n    Takes inputs: {inputs}\n"
            "    Returns an output of type: string"
        )


def _agent_system(draw: Draw, tools: list[Tool]) -> str:
    # Drawn in any case: what follows must not hang on what is installed.
    wished = draw.chance(0.12 if draw.held_out else 0.5)
    library = _library_system() if wished else None
    if library is not None:
        return library.render(
            tools={tool["function"]["name"]: _Described(tool) for tool in tools},
            managed_agents={},
            custom_instructions=None,
        )
    text = draw.phrase(_AGENT_SYSTEMS)
    if draw.chance(0.4):
        lines = [f"- {_Described(tool).to_tool_calling_prompt()}" for tool in tools]
        text += (
            "\n"
            + draw.phrase(("You [only |]have [access to |]these tools:", "Tools:"))
            + "\n"
            + "\n".join(lines)
        )
    if draw.chance(0.3):
        text += draw.phrase(
            (
                "\nHere are the rules you should always follow:\n1. ALWAYS provide a tool "
                "call.\n2. Always use the right arguments.\n3. Never re-do a call.",
                "\nNow Begin!",
                "\nNever call the same tool twice with the same arguments.",
            )
        )
    return text


def _plan(draw: Draw) -> Plan:
    """Steps with their observations, the task that needs them, and the answer."""
    rng = draw.rng
    name, function = draw_function(draw)
    first = draw_use(draw, name, function)
    while function.result == "done" and draw.chance(0.8):
        name, function = draw_function(draw)
        first = draw_use(draw, name, function)
    value, told = draw_result(draw, first)
    if function.result == "done":
        return (
            [(first, value)],
            first.asked,
            draw.phrase(
                (
                    "Done.",
                    "It is done.",
                    "The task is done.",
                    told.replace("[", "(").replace("]", ")"),
                )
            ),
        )
    bare = bare_value(value)
    if draw.chance(0.35 if draw.held_out else 0.15):
        return [(first, value)], first.asked, rng.choice((bare, told))
    if not draw.held_out and draw.chance(0.6):
        return two_steps(draw, first, value, bare)
    number = bare if bare.replace(".", "", 1).lstrip("-").isdigit() else None
    if number is not None and draw.chance(0.65):
        return _with_arithmetic(draw, first, value, number)
    return _with_delivery(draw, first, value, bare)


def _with_arithmetic(
    draw: Draw, first: Use, value: str, number: str
) -> tuple[list[tuple[Use, str]], str, str]:
    rng = draw.rng
    names = {
        "add": ("add {b} to it", "plus {b}", "and add {b}", "and increase it by {b}"),
        "multiply": ("multiply it by {b}", "times {b}", "and multiply that by {b}"),
        "subtract": ("subtract {b} from it", "minus {b}", "and take {b} away"),
    }
    stem = rng.choice(tuple(names))
    function = next(f for f in FUNCTIONS if f.names[0] == stem)
    name = rng.choice(function.names)
    if rng.random() < 0.3:
        name = stem
    other = rng.randint(2, 60)
    left: int | float = float(number) if "." in number else int(number)
    result = {"add": left + other, "multiply": left * other, "subtract": left - other}[stem]
    if isinstance(result, float):
        result = round(result, 2)
    said = rng.choice(names[stem]).replace("{b}", str(other))
    asked = first.asked.rstrip("?.! ")
    if said.startswith(("plus", "times", "minus", "and")):
        task = f"{asked}, {said}?"
    else:
        task = rng.choice((f"{asked}? Then {said}.", f"{asked}. Take the result and {said}."))
    second = Use(name, function, "", {"a": left, "b": other}, {})
    return [(first, value), (second, str(result))], task, str(result)


def _with_delivery(
    draw: Draw, first: Use, value: str, bare: str
) -> tuple[list[tuple[Use, str]], str, str]:
    rng = draw.rng
    known = ("send_message", "send_email")
    stem = rng.choice([each for each in known if draw.held_out or not is_held_out(each)])
    function = next(f for f in FUNCTIONS if f.names[0] == stem)
    name = rng.choice(function.names)
    who = (
        draw.name() if stem == "send_message" else f"{draw.strange()}@{draw.strange()}.com".lower()
    )
    arguments = (
        {"recipient": who, "text": bare} if stem == "send_message" else {"to": who, "subject": bare}
    )
    asked = first.asked.rstrip("?.! ")
    orders = (
        "[Send|Tell|Write] the [answer|result] to {n}.",
        "Then [send|write] it to {n}.",
        "Let {n} know.",
    )
    task = f"{asked}? {draw.phrase(orders, n=keep(who))}"
    second = Use(name, function, "", arguments, {})
    done = rng.choice(("ok", "sent", "done", "Message sent."))
    return (
        [(first, value), (second, done)],
        task,
        draw.phrase(("[Done|Sent]: {r}.", "I sent {r} to {n}.", "{r}"), r=bare, n=who),
    )
