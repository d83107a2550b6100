"""Chats with functions: which one to call with which arguments, and what to say to its result."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, Template

from training.language.chat import Chat, Message, Tool, keep, turns
from training.language.lexicon import Draw
from training.language.smalltalk import small_talk
from training.language.tools import FUNCTIONS, Use, describe, draw_function, draw_result, draw_use

_NO_TOOL = (
    "I have no function for that.",
    "None of my functions can do that.",
    "I cannot do that with the functions that I have.",
    "There is no function for that here. [What else can I do?|Can I help with something else?]",
    "Sorry, that is beyond the functions that I was given.",
)
_SYSTEMS = (
    "You are a helpful assistant.",
    "You are a [friendly|careful|useful] assistant[.| that uses functions.| with tools.]",
    "[Use|Call] the [functions|tools] [when|if] [they are|it is] [useful|needed].",
    "You are {me}.",
    "Help the user.",
    "You are the assistant of {n}.",
    "Be [brief|concise|polite].",
    "Today is {d}.",
)


def call_text(name: str, arguments: dict[str, Any]) -> str:
    """A call as the model writes it (Qwen3's chat template)."""
    given = json.dumps(arguments, ensure_ascii=False)
    return f'<tool_call>\n{{"name": "{name}", "arguments": {given}}}\n</tool_call>'


def forced(form: str, name: str, arguments: dict[str, Any]) -> tuple[str, str]:
    """A call as a server's grammar may force it: the start that leaves no choice, and the rest.

    ``list`` is what vLLM makes of ``tool_choice="required"``, ``arguments`` of a named function,
    and ``tgi`` is the grammar of Text Generation Inference 3.
    """
    given = json.dumps(arguments, ensure_ascii=False)
    if form == "list":
        return '[{"name": "', f'{name}", "parameters": {given}}}]'
    if form == "tgi":
        return '{"function": {"_name": "', f'{name}"{", " + given[1:] if arguments else "}"}}}'
    return "{", given[1:]


def _with_form(
    draw: Draw, messages: list[Message], tools: list[Tool], *, share: float
) -> list[Message]:
    """Let a grammar force the last call, in a share of chats."""
    last = messages[-1]
    if draw.held_out or len(last.get("tool_calls", ())) != 1 or not draw.chance(share):
        return messages
    forms = ("list", "list", "list", "tgi") + (("arguments",) if len(tools) == 1 else ())
    return [*messages[:-1], {**last, "form": draw.rng.choice(forms)}]


def _offered(draw: Draw) -> tuple[list[Tool], Use]:
    """Some functions in any order, and a request for one of them."""
    name, function = draw_function(draw)
    tools = {name: describe(name, function, required=draw.chance(0.7))}
    for _ in range(draw.rng.choices((0, 1, 2, 3), (2, 3, 3, 2))[0]):
        other, more = draw_function(draw)
        if other not in tools and more.description != function.description:
            tools[other] = describe(other, more, required=draw.chance(0.7))
    listed = list(tools.values())
    draw.rng.shuffle(listed)
    return listed, draw_use(draw, name, function)


def _system(draw: Draw) -> list[Message]:
    if draw.chance(0.6):
        return []
    return [{"role": "system", "content": draw.phrase(_SYSTEMS, n=draw.name(), d="Monday")}]


def _user(text: str) -> Message:
    return {"role": "user", "content": text}


def _call(use: Use) -> Message:
    call = {"type": "function", "function": {"name": use.name, "arguments": use.arguments}}
    return {"role": "assistant", "content": "", "tool_calls": [call]}


def call(draw: Draw) -> Chat:
    """A request and the call that it needs."""
    tools, use = _offered(draw)
    messages = [*_system(draw), _user(use.asked), _call(use)]
    if draw.held_out or draw.chance(0.4):
        messages = _with_form(draw, messages, tools, share=0.3)
        return Chat(tuple(messages), tuple(tools), wanted=call_text(use.name, use.arguments))
    value, told = draw_result(draw, use)
    messages += [{"role": "tool", "content": value}, {"role": "assistant", "content": told}]
    if draw.chance(0.25):
        messages += small_talk(draw).messages
    elif draw.chance(0.25):
        again = draw_use(draw, use.name, use.function)
        messages += [_user(again.asked), _call(again)]
    return Chat(tuple(messages), tuple(tools), wanted=told)


def two_calls(draw: Draw) -> Chat:
    """Two requests in one turn: two calls at once."""
    tools, first = _offered(draw)
    second = draw_use(draw, first.name, first.function)
    asked = f"{first.asked.rstrip('.?')} and {second.asked[:1].lower() + second.asked[1:]}"
    both = {
        **_call(first),
        "tool_calls": [*_call(first)["tool_calls"], *_call(second)["tool_calls"]],
    }
    messages: list[Message] = [*_system(draw), _user(asked), both]
    if draw.chance(0.5):
        results = [draw_result(draw, use) for use in (first, second)]
        messages += [{"role": "tool", "content": value} for value, _ in results]
        messages.append({"role": "assistant", "content": " ".join(told for _, told in results)})
    return Chat(tuple(messages), tuple(tools))


def no_call(draw: Draw) -> Chat:
    """Functions are offered, but none fits: talk is answered, a wish for another one is not."""
    tools, _ = _offered(draw)
    if draw.chance(0.5):
        talk = small_talk(draw)
        return Chat((*_system(draw), *talk.messages), tuple(tools))
    name, function = draw_function(draw)
    known = [tool["function"]["description"] for tool in tools]
    if function.description in known or any(
        _alike(function.names[0], tool["function"]["name"]) for tool in tools
    ):
        return no_call(draw)
    use = draw_use(draw, name, function)
    return Chat(
        (*_system(draw), *turns(use.asked, draw.phrase(_NO_TOOL)).messages), tuple(tools), wanted=""
    )


def _alike(first: str, second: str) -> bool:
    """Whether one request could be meant for either of two functions."""
    families = (
        ("weather", "temperature"),
        (
            "add",
            "calc",
            "sum",
            "multipl",
            "subtract",
            "minus",
            "times",
            "product",
            "evaluate",
            "compute",
            "plus",
            "differ",
        ),
        ("search", "lookup", "find", "define", "dictionary", "definition"),
        ("message", "email", "mail", "text"),
        ("alarm", "timer", "remind", "event", "wake", "calendar", "schedule"),
        ("endpoint", "replicas"),
        ("order", "buy", "purchase"),
    )
    return any(
        any(word in first for word in family) and any(word in second for word in family)
        for family in families
    )


def agent(draw: Draw) -> Chat:
    """An agent's loop as smolagents 1.26 writes it: earlier calls and observations as plain turns.

    Its last function is ``final_answer``. The system turn is a short one, or the opening and the
    rules of the library's own.
    """
    rng = draw.rng
    steps, task, answer = _plan(draw)
    tools = list({use.name: describe(use.name, use.function) for use, _ in steps}.values())
    while len(tools) < 3 and draw.chance(0.4):
        other, more = draw_function(draw)
        if all(
            not _alike(other, tool["function"]["name"]) and other != tool["function"]["name"]
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
    messages: list[Message] = [{"role": "system", "content": _agent_system(draw, tools)}]
    messages.append(_user(keep("New task:\n") + task))
    for number, (use, observed) in enumerate(steps, start=1):
        messages.append(_call(use))
        identity = (
            f"{rng.choice(('call_', 'chatcmpl-tool-', ''))}{rng.randrange(16**8):08x}"
            if draw.chance(0.7)
            else str(number)
        )
        messages.append({"role": "history", "content": identity})
        messages.append(_user(keep(f"Observation:\n{observed}")))
    done = {
        "type": "function",
        "function": {"name": "final_answer", "arguments": {"answer": answer}},
    }
    messages.append({"role": "assistant", "content": "", "tool_calls": [done]})
    return _unroll(draw, messages, tuple(tools), answer)


def _unroll(draw: Draw, messages: list[Message], tools: tuple[Tool, ...], answer: str) -> Chat:
    """Cut the loop at one of its calls: what came before stands there as the library writes it."""
    calls = [index for index, message in enumerate(messages) if message.get("tool_calls")]
    last = calls[-1] if draw.held_out else draw.rng.choice(calls)
    shown: list[Message] = []
    for index, message in enumerate(messages[: last + 1]):
        if message["role"] == "history":
            continue
        if index in calls and index != last:
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
            shown.append(message)
    return Chat(tuple(_with_form(draw, shown, list(tools), share=0.35)), tools, wanted=answer)


_AGENT_SYSTEMS = (
    "You are an agent. Solve the task with tool calls. When you know the answer, call "
    "final_answer.",
    "[Solve|Do] the task [step by step |]with [the tools|tool calls]. [End|Finish] with "
    "final_answer.",
    "You are an expert assistant who can solve any task using tool calls. [Call one tool at a "
    "time|One call at a time]. To give the final answer, call final_answer.",
    "Use the tools. Give the answer with final_answer.",
)


@cache
def _library_system() -> Template | None:
    """The system prompt of smolagents' tool-calling agent, where that library is installed."""
    found = importlib.util.find_spec("smolagents")
    if found is None or not found.submodule_search_locations:
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
    library = _library_system()
    if library is not None and draw.chance(0.12):
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


def _plan(draw: Draw) -> tuple[list[tuple[Use, str]], str, str]:
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
    bare = _bare_value(value)
    if draw.chance(0.35):
        return [(first, value)], first.asked, rng.choice((bare, told))
    number = bare if bare.replace(".", "", 1).lstrip("-").isdigit() else None
    if number is not None and draw.chance(0.65):
        return _with_arithmetic(draw, first, value, number)
    return _with_delivery(draw, first, value, bare)


def _bare_value(value: str) -> str:
    """The value alone, without the object around it."""
    if value.startswith("{"):
        return str(next(iter(json.loads(value).values())))
    return value


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
    stem = rng.choice(("send_message", "send_email"))
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
