"""Function calls: to a server that was started without the flags, and to one with them."""

from __future__ import annotations

from typing import Any

from tests.local_endpoints.containers.vllm.asked.case import LEFT_OUT, Case, chat

ASK = "What is the weather in Paris?"


def function(name: str, **properties: Any) -> dict[str, Any]:
    described = {"type": "object", "properties": properties, "required": list(properties)}
    return {
        "type": "function",
        "function": {"name": name, "description": f"Do {name}", "parameters": described},
    }


WEATHER = function("get_weather", city={"type": "string"})
SUM = function("add_numbers", a={"type": "integer"}, b={"type": "integer"})
BOTH = [WEATHER, SUM]
CALL = {
    "id": "chatcmpl-tool-1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
}


def named(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


def tools(tools: Any = BOTH, choice: Any = LEFT_OUT, ask: str = ASK, **changes: Any) -> Case:
    return chat(ask, **{"max_tokens": 60, "tools": tools, "tool_choice": choice, **changes})


def answered(*messages: dict[str, Any], **changes: Any) -> Case:
    asked = [{"role": "user", "content": ASK}, *messages]
    return tools(**{"messages": asked, **changes})


def result(content: Any = "Sunny, 21 degrees", **more: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": CALL["id"], "content": content, **more}


def called(calls: Any, content: Any = None, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, "tool_calls": calls, **more}


TOOLS: dict[str, Case] = {
    "no choice": tools(),
    "no choice, no call": tools(ask="Hello, who are you?"),
    "auto": tools(choice="auto"),
    "auto, prompt shown": tools(choice="auto", return_prompt_text=True, max_tokens=1),
    "auto, the other": tools(choice="auto", ask="What is 12 plus 30?"),
    "auto in a stream": tools(choice="auto", stream=True),
    "auto in a stream, no call": tools(choice="auto", ask="Hello, who are you?", stream=True),
    "auto with usage": tools(choice="auto", stream=True, stream_options={"include_usage": True}),
    "auto, cut": tools(choice="auto", max_tokens=8),
    "auto in a stream, cut": tools(choice="auto", max_tokens=8, stream=True),
    "auto with logprobs": tools(choice="auto", logprobs=True, max_tokens=3),
    "auto, special tokens kept": tools(choice="auto", skip_special_tokens=False),
    "auto with a stop": tools(choice="auto", stop=["Paris"]),
    "none": tools(choice="none"),
    "none, prompt shown": tools(choice="none", return_prompt_text=True, max_tokens=1),
    "none in a stream": tools(choice="none", stream=True, max_tokens=4),
    "required": tools(choice="required"),
    "required, small talk": tools(choice="required", ask="Hello, who are you?"),
    "required in a stream": tools(choice="required", stream=True),
    "required, cut": tools(choice="required", max_tokens=6),
    "named": tools(choice=named("get_weather")),
    "named, prompt shown": tools(
        choice=named("get_weather"), return_prompt_text=True, max_tokens=1
    ),
    "named in a stream": tools(choice=named("get_weather"), stream=True),
    "named, cut": tools(choice=named("get_weather"), max_tokens=3),
    "named, against the question": tools(choice=named("add_numbers")),
    "named, unknown": tools(choice=named("nothing")),
    "named by a string": tools(choice="get_weather"),
    "named without a function": tools(choice={"type": "function"}),
    "named with another type": tools(choice={"type": "custom", "function": {"name": "x"}}),
    "choice null": tools(choice=None),
    "choice number": tools(choice=5),
    "choice without tools": tools(tools=LEFT_OUT, choice="auto", max_tokens=4),
    "none without tools": tools(tools=LEFT_OUT, choice="none", max_tokens=4),
    "required without tools": tools(tools=LEFT_OUT, choice="required"),
    "named without tools": tools(tools=LEFT_OUT, choice=named("get_weather")),
    "empty": tools(tools=[], max_tokens=4),
    "empty and auto": tools(tools=[], choice="auto", max_tokens=4),
    "empty and required": tools(tools=[], choice="required", max_tokens=4),
    "null": tools(tools=None, max_tokens=4),
    "no list": tools(tools="get_weather"),
    "list of strings": tools(tools=["get_weather"]),
    "without function": tools(tools=[{"type": "function"}]),
    "without name": tools(tools=[{"type": "function", "function": {"description": "x"}}]),
    "without type": tools(tools=[{"function": WEATHER["function"]}], choice="auto"),
    "of another type": tools(tools=[{"type": "web_search"}]),
    "without parameters": tools(
        tools=[{"type": "function", "function": {"name": "ping"}}], choice="required"
    ),
    "parameters null": tools(
        tools=[{"type": "function", "function": {"name": "ping", "parameters": None}}],
        choice=named("ping"),
    ),
    "parameters malformed": tools(
        tools=[
            {"type": "function", "function": {"name": "ping", "parameters": {"type": "colour"}}}
        ],
        choice="required",
    ),
    "parameters no object": tools(
        tools=[{"type": "function", "function": {"name": "ping", "parameters": "x"}}]
    ),
    "name with a space": tools(
        tools=[{"type": "function", "function": {"name": "a b"}}], choice=named("a b")
    ),
    "same name twice": tools(tools=[WEATHER, WEATHER], choice="auto"),
    "strict": tools(
        tools=[{**WEATHER, "function": {**WEATHER["function"], "strict": True}}], choice="auto"
    ),
    "one call at most": tools(choice="auto", parallel_tool_calls=False),
    "required, one call at most": tools(choice="required", parallel_tool_calls=False),
    "with a response format": tools(choice="auto", response_format={"type": "json_object"}),
    "required with a response format": tools(
        choice="required", response_format={"type": "json_object"}
    ),
    "required with structured outputs": tools(
        choice="required", structured_outputs={"choice": ["a"]}
    ),
    "two choices": tools(choice="required", n=2, temperature=0.5, seed=1),
    "result": answered(called([CALL]), result()),
    "result, prompt shown": answered(
        called([CALL]), result(), return_prompt_text=True, max_tokens=1
    ),
    "result in parts": answered(
        called([CALL]),
        result([{"type": "text", "text": "Sunny"}]),
        return_prompt_text=True,
        max_tokens=1,
    ),
    "result without tools": answered(called([CALL]), result(), tools=LEFT_OUT),
    "result in a stream": answered(called([CALL]), result(), stream=True, max_tokens=6),
    "result of two calls": answered(
        called([CALL, {**CALL, "id": "b"}]),
        result(),
        {**result("Rain"), "tool_call_id": "b"},
        return_prompt_text=True,
        max_tokens=1,
    ),
    "result of no call": answered(result(), max_tokens=4),
    "result without an id": answered(
        called([CALL]), {"role": "tool", "content": "x"}, max_tokens=4
    ),
    "result null": answered(called([CALL]), result(None), max_tokens=4),
    "result object": answered(called([CALL]), result({"degrees": 21})),
    "call, arguments an object": answered(
        called([{**CALL, "function": {"name": "get_weather", "arguments": {"city": "Paris"}}}]),
        result(),
    ),
    "call, arguments no JSON": answered(
        called([{**CALL, "function": {"name": "get_weather", "arguments": "Paris"}}]), result()
    ),
    "call, arguments empty": answered(
        called([{**CALL, "function": {"name": "get_weather", "arguments": ""}}]),
        result(),
        return_prompt_text=True,
        max_tokens=1,
    ),
    "call without an id": answered(
        called([{"type": "function", "function": CALL["function"]}]), result(), max_tokens=4
    ),
    "call without a function": answered(called([{"id": "a", "type": "function"}]), result()),
    "calls empty": answered(called([], "I see."), {"role": "user", "content": "?"}, max_tokens=4),
    "calls null": answered(called(None, "I see."), {"role": "user", "content": "?"}, max_tokens=4),
}

WITHOUT_FLAGS: dict[str, Case] = {
    name: TOOLS[name]
    for name in (
        *("no choice", "auto", "none", "required", "named", "named, unknown", "choice null"),
        *("result", "result without tools", "empty", "without type", "two choices"),
    )
}
"""What a server is asked that was not told to read calls."""
