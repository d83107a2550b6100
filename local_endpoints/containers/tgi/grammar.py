"""The shape of ``grammar`` and ``response_format``: ``{"type": ..., "value": ...}``.

Only the shape is read here. Guided decoding itself is not implemented, and a well-formed grammar
is refused by the validation as TGI does under ``DISABLE_GRAMMAR_SUPPORT``.
"""

from __future__ import annotations

from typing import Any

from local_endpoints.containers.http.json_text import Object
from local_endpoints.containers.http.scanner import Path
from local_endpoints.containers.http.serde import (
    Field,
    Mismatch,
    Place,
    Reader,
    anything,
    describe,
    string,
    struct,
)

KINDS = ("json", "json_object", "regex", "json_schema")
"""``json_object`` is an alias of ``json``."""

_json_schema = struct(
    "JsonSchemaConfig", {"name": Field(anything), "schema": Field(anything, required=True)}
)


def _grammar(value: Any, path: Path) -> dict[str, Any]:
    if not isinstance(value, Object):
        raise Mismatch(
            f"invalid type: {describe(value)}, expected adjacently tagged enum GrammarType", path
        )
    if "type" not in value:
        raise Mismatch("missing field `type`", path, Place.END)
    kind = string(value["type"], (*path, "type"))
    if kind not in KINDS:
        known = ", ".join(f"`{name}`" for name in KINDS)
        raise Mismatch(f"unknown variant `{kind}`, expected one of {known}", (*path, "type"))
    if "value" not in value:
        raise Mismatch("missing field `value`", path, Place.END)
    content = value["value"]
    if kind == "regex":
        content = string(content, (*path, "value"))
    elif kind == "json_schema":
        content = _json_schema(content, (*path, "value"))
    return {"type": kind, "value": content}


grammar = Reader(
    _grammar,
    {
        "type": "object",
        "required": ["type", "value"],
        "properties": {"type": {"type": "string", "enum": list(KINDS)}, "value": {}},
    },
)
"""A grammar, read as ``{"type": ..., "value": ...}``."""
