"""Calls of functions in the text of a model: the Hermes form, as Qwen's models write it
(tool_parsers/hermes_tool_parser.py, tool_parsers/structural_tag_registry.py)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from local_endpoints.containers.vllm.answers import random_id
from local_endpoints.containers.vllm.chat_body import ChatBody, Tool
from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.containers.vllm.structured import closed
from local_endpoints.engine.text.grammar import Grammar

logger = logging.getLogger(__name__)

OPENING, CLOSING = "<tool_call>", "</tool_call>"
_CALL = re.compile(r"<tool_call>(.*?)</tool_call>|<tool_call>(.*)", re.DOTALL)
_NAME = re.compile(r'"name"\s*:\s*"([^"]+)"')
_ARGUMENTS = re.compile(r'"arguments"\s*:\s*')


def new_id() -> str:
    """The id of a call."""
    return f"chatcmpl-tool-{random_id()}"


def check_choice(body: ChatBody, parser: str | None) -> None:
    """Raises: Refused when calls would have to be read and no parser was started."""
    choice = body.tool_choice
    if parser is not None or choice in (None, "none"):
        return
    if choice == "auto":
        raise Refused(
            '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
        )
    name = body.chosen_function
    wanted = '"required"' if name is None else f'function "{name}"'
    raise Refused(f"tool_choice={wanted} requires --tool-call-parser to be set")


def grammar_of_calls(body: ChatBody, *, tokens: bool) -> Grammar | None:
    """What an answer must look like when a call is required; None where the model is free.

    Args:
        body: with its tools and the choice among them.
        tokens: whether the marks around a call are tokens of the model.
    """
    if not body.tools or body.tool_choice in (None, "none", "auto"):
        return None
    name = body.chosen_function
    tools = [tool for tool in body.tools if name in (None, tool.function.name)]
    rules = [f"call_{place}: {_call_rule(tool, tokens)}" for place, tool in enumerate(tools)]
    calls = " | ".join(f"call_{place}" for place in range(len(tools)))
    start = f"start: {calls}" if name else f"start: ({calls})+"
    return Grammar.lark("\n".join([start, *rules]))


def _call_rule(tool: Tool, tokens: bool) -> str:
    function = tool.function
    free = function.strict is False or function.parameters is None
    schema = json.dumps({} if free else closed(function.parameters))
    before = f'\n{{"name": {json.dumps(function.name)}, "arguments": '
    opening, closing = (OPENING, CLOSING) if tokens else map(json.dumps, (OPENING, CLOSING))
    return f'{opening} {json.dumps(before)} %json {schema} "}}\\n" {closing}'


@dataclass(frozen=True)
class Parsed:
    """A finished text, read.

    Attributes:
        content: what stands before the calls; None for nothing.
        calls: as OpenAI has them.
    """

    content: str | None
    calls: list[dict[str, Any]]


def parse(text: str) -> Parsed:
    """The calls in a text; one that is no JSON makes the whole text content."""
    if OPENING not in text:
        return Parsed(text, [])
    try:
        raw = [json.loads(closed_one or open_one) for closed_one, open_one in _CALL.findall(text)]
        calls = [
            call_object(each["name"], json.dumps(each["arguments"], ensure_ascii=False))
            for each in raw
        ]
    except (ValueError, KeyError, TypeError):
        logger.warning("a tool call in the answer cannot be read: it is passed on as text")
        return Parsed(text, [])
    content = text[: text.find(OPENING)]
    return Parsed(content if content.strip() else None, calls)


def call_object(name: str, arguments: str) -> dict[str, Any]:
    """A call in a whole answer."""
    return {
        "id": new_id(),
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


@dataclass
class CallStream:
    """Reads a growing text and says what is new: content before the calls, names, pieces of
    arguments.

    Attributes:
        called: whether any call has begun.
    """

    called: bool = False
    _text: str = ""
    _shown: int = 0
    _names: list[str] = field(default_factory=list)
    _arguments: list[str] = field(default_factory=list)

    def add(self, text: str) -> dict[str, Any] | None:
        """What a text has more of, as the delta of a message; None for nothing."""
        self._text += text
        content = self._content()
        calls: list[dict[str, Any]] = []
        for place, (body, complete) in enumerate(_regions(self._text)):
            if place >= len(self._names):
                name = _NAME.search(body)
                if name is None:
                    break
                self._names.append(name.group(1))
                self._arguments.append("")
                calls.append(
                    {
                        "id": new_id(),
                        "type": "function",
                        "index": place,
                        "function": {"name": name.group(1)},
                    }
                )
            if more := self._more(place, body, complete):
                calls.append({"index": place, "function": {"arguments": more}})
        self.called = self.called or bool(calls)
        if not content and not calls:
            return None
        delta: dict[str, Any] = {"content": content}
        if calls:
            delta["tool_calls"] = calls
        return delta

    def _content(self) -> str | None:
        """Text before the first call that was not shown, without what may be its mark's start."""
        end = self._text.find(OPENING)
        if end < 0:
            end = len(self._text) - _overlap(self._text, OPENING)
        if end <= self._shown:
            return None
        content, self._shown = self._text[self._shown : end], end
        return content

    def _more(self, place: int, body: str, complete: bool) -> str:
        match = _ARGUMENTS.search(body)
        if match is None:
            return ""
        arguments = body[match.end() :]
        if complete:
            arguments = arguments.rstrip().removesuffix("}").rstrip()
        sent = self._arguments[place]
        if len(arguments) <= len(sent):
            return ""
        self._arguments[place] = arguments
        return arguments[len(sent) :]


def _regions(text: str) -> list[tuple[str, bool]]:
    """The JSON of each call so far, and whether it is complete."""
    regions: list[tuple[str, bool]] = []
    start = text.find(OPENING)
    while start >= 0:
        start += len(OPENING)
        end = text.find(CLOSING, start)
        if end < 0:
            body = text[start : len(text) - _overlap(text, CLOSING)].strip()
            regions.append((body, _is_json(body)))
            break
        regions.append((text[start:end].strip(), True))
        start = text.find(OPENING, end)
    return regions


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _overlap(text: str, mark: str) -> int:
    """How many characters at the end of a text may be the start of a mark."""
    return next((n for n in range(len(mark) - 1, 0, -1) if text.endswith(mark[:n])), 0)


def first_only(calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What ``parallel_tool_calls: false`` leaves."""
    return [call for place, call in enumerate(calls) if call.get("index", place) == 0]
