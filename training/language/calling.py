"""Chats with functions: which one to call with which arguments, and what to say to its result."""

from __future__ import annotations

import json
from typing import Any

from local_endpoints.containers.tgi.tools import (
    DEFAULT_PROMPT,
    NO_TOOL,
    described,
    instruction,
    offered,
)
from training.language.chat import Chat, Message, Tool, keep, turns
from training.language.drills.catalog import option, rivals
from training.language.functions import Function
from training.language.lexicon import Draw
from training.language.smalltalk import small_talk
from training.language.tools import Use, describe, draw_function, draw_result, draw_use

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

    ``list`` is what vLLM makes of ``tool_choice="required"`` for models without marks of their own,
    ``arguments`` of a named function, and ``tgi`` is the grammar of Text Generation Inference 3.
    ``name`` is no grammar: the call goes no further than its name (see `calls`).
    """
    if form == "name":
        return "", f'<tool_call>\n{{"name": "{name}'
    given = json.dumps(arguments, ensure_ascii=False)
    if form == "list":
        return '[{"name": "', f'{name}", "parameters": {given}}}]'
    if form == "tgi":
        return '{"function": {"_name": "', f'{name}"{", " + given[1:] if arguments else "}"}}}'
    return "{", given[1:]


def with_form(
    draw: Draw, messages: list[Message], tools: list[Tool], *, share: float
) -> list[Message]:
    """Let a grammar force the last call, in a share of chats."""
    last = messages[-1]
    if draw.held_out or len(last.get("tool_calls", ())) != 1 or not draw.chance(share):
        return messages
    forms = ("list", "tgi", "tgi") + (("arguments",) if len(tools) == 1 else ())
    return [*messages[:-1], {**last, "form": draw.rng.choice(forms)}]


def _offered(draw: Draw) -> tuple[list[Tool], dict[str, Function]]:
    """Some functions in any order, and by name; the first one by name is to be asked for."""
    if not draw.held_out and draw.chance(0.25):
        return _offered_alike(draw)
    name, function = draw_function(draw)
    functions = {name: function}
    tools = [describe(name, function, required=draw.chance(0.7))]
    beside = (2, 3, 3, 2) if draw.held_out else (1, 3, 4, 4)
    for _ in range(draw.rng.choices((0, 1, 2, 3), beside)[0]):
        other, more = draw_function(draw)
        if other not in functions and more.description != function.description:
            functions[other] = more
            tools.append(describe(other, more, required=draw.chance(0.7)))
    draw.rng.shuffle(tools)
    if not draw.held_out and draw.chance(0.2):
        _add_options(draw, tools)
    return tools, functions


def _offered_alike(draw: Draw) -> tuple[list[Tool], dict[str, Function]]:
    """Functions that differ in a word."""
    functions: dict[str, Function] = {}
    for function in rivals(draw):
        functions.setdefault(draw.rng.choice(function.names), function)
    listed = [describe(name, function) for name, function in functions.items()]
    name = draw.rng.choice(tuple(functions))
    draw.rng.shuffle(listed)
    return listed, {name: functions[name], **functions}


def _asked_for(draw: Draw, functions: dict[str, Function]) -> Use:
    """A request for the first function."""
    return draw_use(draw, *next(iter(functions.items())))


def _add_options(draw: Draw, tools: list[Tool]) -> None:
    """Give functions parameters that need not be filled, and that no request names."""
    for tool in tools:
        parameters = tool["function"]["parameters"]
        if not draw.chance(0.6) or not parameters.get("required"):
            continue
        for _ in range(draw.rng.choice((1, 1, 2))):
            name, about = option(draw)
            if name not in parameters["properties"]:
                parameters["properties"][name] = about


def _system(draw: Draw) -> list[Message]:
    if draw.chance(0.6):
        return []
    return [{"role": "system", "content": draw.phrase(_SYSTEMS, n=draw.name(), d="Monday")}]


def _introduced(draw: Draw, asked: str) -> str:
    """A request, sometimes behind a remark that has nothing to do with it."""
    if draw.held_out or not draw.chance(0.08):
        return asked
    remark = keep(small_talk(draw).messages[0]["content"])
    return draw.phrase(("{s} {a}", "{s}. {a}", "{s}, {a}", "{s} - {a}"), s=remark, a=asked)


def user_message(text: str) -> Message:
    """A turn of the user."""
    return {"role": "user", "content": text}


def call_message(use: Use) -> Message:
    """A turn of the assistant that is one call."""
    call = {"type": "function", "function": {"name": use.name, "arguments": use.arguments}}
    return {"role": "assistant", "content": "", "tool_calls": [call]}


def call(draw: Draw) -> Chat:
    """A request and the call that it needs."""
    tools, functions = _offered(draw)
    use = _asked_for(draw, functions)
    messages = [*_system(draw), user_message(use.asked), call_message(use)]
    if draw.held_out or draw.chance(0.4):
        messages = with_form(draw, messages, tools, share=0.2)
        return Chat(tuple(messages), tuple(tools), wanted=call_text(use.name, use.arguments))
    value, told = draw_result(draw, use)
    messages += [{"role": "tool", "content": value}, {"role": "assistant", "content": told}]
    if draw.chance(0.25):
        messages += small_talk(draw).messages
    elif draw.chance(0.25):
        again = draw_use(draw, use.name, use.function)
        messages += [user_message(again.asked), call_message(again)]
    return Chat(tuple(messages), tuple(tools), wanted=told)


def calls(draw: Draw) -> Chat:
    """Several chats behind one list of functions: requests for any of them, for none, and talk.

    Many end with the function's name: which one it is takes more lessons than what follows.
    """
    tools, functions = _offered(draw)
    system = _system(draw)
    first, *beside = (_turns(draw, tools, functions) for _ in range(draw.rng.randint(7, 13)))
    return Chat((*system, *first), tuple(tools), beside=tuple(map(tuple, beside)))


def _turns(draw: Draw, tools: list[Tool], functions: dict[str, Function]) -> list[Message]:
    """A request for a function and its call; sometimes one that no function can do, or talk."""
    if draw.chance(0.1):
        return list(small_talk(draw).messages)
    if draw.chance(0.15):
        other, function = draw_function(draw)
        if not _serves(tools, function):
            use = draw_use(draw, other, function)
            return list(turns(use.asked, draw.phrase(_NO_TOOL)).messages)
    use = draw_use(draw, *draw.rng.choice(tuple(functions.items())))
    messages = [user_message(_introduced(draw, use.asked)), call_message(use)]
    if draw.chance(0.45):
        return [messages[0], {**messages[1], "form": "name"}]
    if draw.chance(0.6):
        return with_form(draw, messages, tools, share=0.2)
    value, told = draw_result(draw, use)
    return [*messages, {"role": "tool", "content": value}, {"role": "assistant", "content": told}]


def _serves(tools: list[Tool], function: Function) -> bool:
    """Whether a function that is offered could do what this one does."""
    known = [tool["function"]["description"] for tool in tools]
    return function.description in known or any(
        alike(function.names[0], tool["function"]["name"]) for tool in tools
    )


def guided(draw: Draw) -> Chat:
    """A request as Text Generation Inference 3 puts it, whose grammar demands a function each time.

    One of them, ``no_tool``, is for answers in words, which it then asks for without functions.
    """
    tools, functions = _offered(draw)
    listed = [
        {"type": "function", "function": {"arguments": each["parameters"], **each}}
        for each in (tool["function"] for tool in tools)
    ]
    if draw.chance(0.3):
        said = small_talk(draw).messages[0]["content"]
        call = {"type": "function", "function": {"name": NO_TOOL, "arguments": {}}}
        answer: Message = {"role": "assistant", "content": "", "tool_calls": [call]}
    else:
        use = draw_use(draw, *draw.rng.choice(tuple(functions.items())))
        said, answer = use.asked, call_message(use)
    choice = offered(listed, "auto")
    asked = user_message(said + keep(instruction(choice, DEFAULT_PROMPT, listed=True)))
    return Chat((asked, {**answer, "form": "tgi"}), tuple(described(choice)))


def two_calls(draw: Draw) -> Chat:
    """Two requests in one turn: two calls at once."""
    tools, functions = _offered(draw)
    first = _asked_for(draw, functions)
    second = draw_use(draw, first.name, first.function)
    asked = f"{first.asked.rstrip('.?')} and {second.asked[:1].lower() + second.asked[1:]}"
    both = {
        **call_message(first),
        "tool_calls": [*call_message(first)["tool_calls"], *call_message(second)["tool_calls"]],
    }
    messages: list[Message] = [*_system(draw), user_message(asked), both]
    if draw.chance(0.5):
        results = [draw_result(draw, use) for use in (first, second)]
        messages += [{"role": "tool", "content": value} for value, _ in results]
        messages.append({"role": "assistant", "content": " ".join(told for _, told in results)})
    return Chat(tuple(messages), tuple(tools))


def no_call(draw: Draw) -> Chat:
    """Functions are offered, but none fits: talk is answered, a wish for another one is not."""
    tools, functions = _offered(draw)
    _asked_for(draw, functions)  # Not used, but the chats that are measured follow from it.
    if draw.chance(0.5):
        talk = small_talk(draw)
        return Chat((*_system(draw), *talk.messages), tuple(tools))
    if not draw.held_out and draw.chance(0.3):
        # Much alike, but the one that would fit is not there.
        first, *others = rivals(draw)
        use = draw_use(draw, first.names[0], first)
        return Chat(
            (*_system(draw), *turns(use.asked, draw.phrase(_NO_TOOL)).messages),
            tuple(describe(other.names[0], other) for other in others),
            wanted="",
        )
    name, function = draw_function(draw)
    if _serves(tools, function):
        return no_call(draw)
    use = draw_use(draw, name, function)
    return Chat(
        (*_system(draw), *turns(use.asked, draw.phrase(_NO_TOOL)).messages), tuple(tools), wanted=""
    )


def alike(first: str, second: str) -> bool:
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
