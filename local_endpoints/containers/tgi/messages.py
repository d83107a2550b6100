"""Chat messages: reading them, and flattening their content to one string each.

TGI hands its template one string per message: text parts joined, each image part written as a
Markdown image (router/src/lib.rs, ``From<Message> for TextMessage``). A text-only model then reads
that Markdown as text.
"""

from __future__ import annotations

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

_NO_VARIANT = "data did not match any variant of untagged enum MessageBody"

_named = struct(
    "Message",
    {"role": Field(string, required=True), "name": Field(optional(string))},
    log_unknown=False,
)


def _message(value: Any, path: Path) -> dict[str, str]:
    role = _named(value, path)["role"]
    assert isinstance(value, Object)
    content = _content(value.get("content"))
    if content is None:
        content = _tool_calls(value.get("tool_calls"))
    if content is None:
        raise Mismatch(_NO_VARIANT, path, Place.END)
    return {"role": role, "content": content}


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


def _tool_calls(value: Any) -> str | None:
    """Earlier tool calls, which the template sees as their JSON."""
    if not isinstance(value, list) or not all(_is_tool_call(call) for call in value):
        return None
    return encode(value)


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
"""A message, read as ``{"role": ..., "content": <one string>}``; its ``name`` is dropped."""
