"""Tools: how they are read, what an answer must look like that calls one, and how it is read.

TGI guides the model to one JSON object, ``{"function": {"_name": ..., <arguments>}}``. Source:
router/src/infer/tool_grammar.rs, router/src/chat.rs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_endpoints.containers.http.json_text import encode, parse
from local_endpoints.containers.http.scanner import JsonSyntaxError, Path
from local_endpoints.containers.http.serde import (
    Field,
    Mismatch,
    Place,
    Reader,
    anything,
    located,
    optional,
    string,
    struct,
)
from local_endpoints.containers.tgi.errors import ToolRefused

DEFAULT_PROMPT = (
    "\nGiven the functions available, please respond with a JSON for a function call with its "
    "proper arguments that best answers the given prompt. Respond in the format {name: function "
    "name, parameters: dictionary of argument name and its value}.Do not use variables.\n"
)
"""``tool_prompt`` where a request has none."""

NO_TOOL = "no_tool"
"""What the model calls when it wants to answer in words; only ``auto`` offers it."""

_NO_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": NO_TOOL,
        "description": "Open ended response with no specific tool selected",
        "arguments": {"type": "object"},
    },
}

_function = struct(
    "FunctionDefinition",
    {
        "description": Field(optional(string)),
        "name": Field(string, required=True),
        "arguments": Field(anything, required=True, aliases=("parameters",)),
    },
)
tool = struct(
    "Tool", {"type": Field(string, required=True), "function": Field(_function, required=True)}
)
"""A tool; its ``parameters`` are called ``arguments``."""

_function_name = struct("FunctionName", {"name": Field(string, required=True)})


def _tool_choice(value: Any, path: Path) -> Any:
    if value is None or isinstance(value, str):
        return value
    try:
        if isinstance(value, dict) and value.get("type") == "function" and "function" in value:
            return _function_name(value["function"], path)["name"]
    except Mismatch:
        pass
    raise Mismatch(
        "data did not match any variant of untagged enum ToolTypeDeserializer", path, Place.END
    )


tool_choice = Reader(_tool_choice, {"nullable": True})
"""``auto``, ``none``, ``required``, a name, or an object with a name; null is ``auto``."""


def offered(tools: Sequence[Any], choice: str | None) -> list[Any]:
    """The tools that the model has to choose from; none when it answers in words.

    Raises:
        ToolRefused: there is none of the chosen name.
    """
    if choice == "none":
        return []
    if choice == "required":
        return list(tools)
    if choice in (None, "auto"):
        return [*tools, _NO_TOOL]
    chosen = [each for each in tools if each["function"]["name"] == choice][:1]
    if not chosen:
        raise ToolRefused(f"Tool with name {choice} not found")
    return chosen


def schema(tools: Sequence[Any]) -> dict[str, Any]:
    """The schema of a call to one of the tools. TGI does not require it: ``{}`` fits as well."""
    functions = [each["function"] for each in tools]
    references = [{"$ref": f"#/$functions/{function['name']}"} for function in functions]
    return {
        "$functions": {function["name"]: _call_schema(function) for function in functions},
        "properties": {"function": {"anyOf": references}},
    }


def _call_schema(function: Any) -> dict[str, Any]:
    properties: dict[str, Any] = {"_name": {"type": "string", "const": function["name"]}}
    required: list[Any] = ["_name"]
    described: dict[str, Any] = {"description": function.get("description") or ""}
    arguments = function["arguments"]
    if isinstance(arguments, dict):
        if isinstance(arguments.get("properties"), dict):
            properties |= arguments["properties"]
        if isinstance(arguments.get("required"), list):
            required += arguments["required"]
        # The router looks for the text "true"; expressions know of no more properties anyway.
        described["additionalProperties"] = arguments.get("additionalProperties") == "true"
    return {**described, "properties": properties, "required": required}


def described(tools: Sequence[Any]) -> list[dict[str, Any]]:
    """Tools as the template and the instruction get them: the arguments are text."""
    return [
        {
            "type": each["type"],
            "function": {
                "description": each["function"].get("description"),
                "name": each["function"]["name"],
                "arguments": encode(each["function"]["arguments"]),
            },
        }
        for each in tools
    ]


def instruction(tools: Sequence[Any], prompt: str, *, listed: bool) -> str:
    """What is put behind the last message.

    Args:
        tools: as offered.
        prompt: the request's own, or the default.
        listed: whether the template lists the tools itself.
    """
    return f"\n---\n{prompt}" if listed else f"\n---\n{encode(described(tools))}\n{prompt}"


@dataclass(frozen=True)
class Call:
    """A call that the model made."""

    name: str
    arguments: dict[str, Any]

    @property
    def text(self) -> str:
        """The arguments as JSON."""
        return encode(self.arguments)


_named = struct("ToolCall", {"_name": Field(string, required=True)}, log_unknown=False)


def _tool_call(value: Any, path: Path) -> Call:
    name = _named(value, path)["_name"]
    return Call(name, {key: item for key, item in value.items() if key != "_name"})


_answer = struct(
    "Call", {"function": Field(Reader(_tool_call, {}), required=True)}, log_unknown=False
)


def read_call(text: str) -> Call:
    """The call in a whole answer.

    Raises:
        ValueError: there is none; the message is serde_json's.
    """
    body = text.encode()
    try:
        call: Call = _answer(parse(body), ())["function"]
    except Mismatch as mismatch:
        raise ValueError(located(body, mismatch)) from None
    except JsonSyntaxError as error:
        raise ValueError(str(error)) from None
    return call


def parsed(text: str) -> Call:
    """The same for an answer that is not streamed.

    Raises:
        ToolRefused: there is none, for example because the token limit cut it.
    """
    try:
        return read_call(text)
    except ValueError as error:
        raise ToolRefused(f"Failed to parse generated text: {error} {encode(text)}") from None


class CallText:
    """A call that is written piece by piece, and what of it each piece tells.

    The router tries to read what has come so far with both braces closed: the first time that this
    succeeds, the name is known. Real vocabularies have one token for the quote behind the name and
    the comma after it; where a pocket model writes two, they are taken for one here, because the
    router would repeat the comma: ``{,``.
    """

    def __init__(self) -> None:
        self._text = ""
        self._name: str | None = None  # Read, but not told yet.
        self._told = False

    def push(self, piece: str) -> tuple[str | None, str] | None:
        """Add a piece; returns the name, where this piece completes it, and the arguments' text."""
        self._text += piece
        if self._told:
            return None, self._arguments(piece)
        if self._name is not None:
            name, self._name, self._told = self._name, None, True
            return name, "{" + self._arguments(piece.removeprefix(","))
        opened = self._text.rstrip(" \t\r\n,}")
        call = _readable(opened + "}}")
        if call is None:
            return None
        if opened == self._text:
            self._name = call.name
            return None
        self._told = True
        return call.name, "{"

    def _arguments(self, piece: str) -> str:
        if _readable(self._text) is None:
            return piece
        # The call is whole: its last brace is not the arguments' own.
        self._told = False
        return piece.rstrip().removesuffix("}")


def _readable(text: str) -> Call | None:
    """The call in a text, if it is one; asked with every piece, so the quick look comes first."""
    if not text.rstrip().endswith("}"):
        return None
    try:
        json.loads(text)
        return read_call(text)
    except ValueError:
        return None
