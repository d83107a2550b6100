"""Chat messages: reading them, and flattening their content to one string each.

TGI hands its template one string per message: text parts joined, each image part written as a
Markdown image (router/src/lib.rs, ``From<Message> for TextMessage``). A text-only model then reads
that Markdown as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_endpoints.containers.http.json_text import Object, encode
from local_endpoints.containers.http.scanner import Path
from local_endpoints.containers.http.serde import (
    Field,
    Mismatch,
    Place,
    Reader,
    optional,
    string,
    struct,
)
from local_endpoints.containers.tgi.markdown import markdown_image


@dataclass(frozen=True)
class Message:
    """A message as the template gets it; its ``name`` is dropped.

    Attributes:
        role: who says it.
        content: one string; of calls, their JSON.
        call_ids: of earlier tool calls; empty for a message with content of its own.
    """

    role: str
    content: str
    call_ids: Sequence[str] = ()

    def templated(self) -> dict[str, str]:
        """The variables of a template."""
        return {"role": self.role, "content": self.content}


_NO_VARIANT = "data did not match any variant of untagged enum MessageBody"

_named = struct(
    "Message",
    {"role": Field(string, required=True), "name": Field(optional(string))},
    log_unknown=False,
)


def _message(value: Any, path: Path) -> Message:
    role = _named(value, path)["role"]
    assert isinstance(value, Object)
    content = _content(value.get("content"))
    if content is not None:
        return Message(role, content)
    calls = value.get("tool_calls")
    if not isinstance(calls, list) or not all(map(_is_tool_call, calls)):
        raise Mismatch(_NO_VARIANT, path, Place.END)
    return Message(role, encode(list(map(_call, calls))), [call["id"] for call in calls])


def _content(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return None
    parts = [_part(part) for part in value]
    return None if None in parts else "".join(part for part in parts if part)


def _part(value: Any) -> str | None:
    """The text of a content part; None when it is of no known type."""
    if not isinstance(value, dict):
        return None
    if value.get("type") == "text" and isinstance(value.get("text"), str):
        text: str = value["text"]
        return text
    if value.get("type") == "image_url" and isinstance(value.get("image_url"), dict):
        url = value["image_url"].get("url")
        return markdown_image(url) if isinstance(url, str) else None
    return None


def _call(call: Any) -> dict[str, Any]:
    """A call as the router writes it out again. Arguments that came as text become text in text."""
    function = call["function"]
    arguments = function["arguments" if "arguments" in function else "parameters"]
    return {
        "id": call["id"],
        "type": call["type"],
        "function": {
            "description": function.get("description"),
            "name": function["name"],
            "arguments": encode(arguments),
        },
    }


def _is_tool_call(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("function"), dict):
        return False
    function = value["function"]
    named = all(isinstance(name, str) for name in (value.get("id"), value.get("type")))
    return (
        named
        and isinstance(function.get("name"), str)
        and ("arguments" in function or "parameters" in function)
    )


_PART = {
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"type": "string", "enum": ["text", "image_url"]},
        "text": {"type": "string"},
        "image_url": {"type": "object", "properties": {"url": {"type": "string"}}},
    },
}

message = Reader(
    _message,
    {
        "type": "object",
        "required": ["role"],
        "properties": {
            **_named.schema["properties"],
            "content": {"oneOf": [{"type": "string"}, {"type": "array", "items": _PART}]},
            "tool_calls": {"type": "array", "items": {"type": "object"}},
        },
    },
)
"""A message, read as a `Message`."""
