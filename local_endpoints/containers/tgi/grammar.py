"""``grammar`` and ``response_format``: ``{"type": ..., "value": ...}``, and what they ask for.

Source: TGI 3.3, router/src/lib.rs (``GrammarType``) and router/src/validation.rs (``validate``).
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from local_endpoints.containers.http.json_text import Object, parse
from local_endpoints.containers.http.scanner import JsonSyntaxError, Path
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
from local_endpoints.containers.text.errors import InvalidRequest
from local_endpoints.containers.tgi.schema_regex import SchemaError, regex_from_schema
from local_endpoints.engine.text.grammar import Grammar, GrammarError

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

_META = jsonschema_rs.validator_for({"$ref": "https://json-schema.org/draft/2020-12/schema"})
"""Checks schemas; the router's own library, behind a binding, so the texts are the router's."""


def guided(grammar: dict[str, Any]) -> Grammar:
    """What the engine shall follow: an expression, whatever was given.

    Args:
        grammar: as read.

    Raises:
        InvalidRequest: it is none, in the router's words.
    """
    kind, value = grammar["type"], grammar["value"]
    try:
        return Grammar.regex(value if kind == "regex" else _regex(_schema(kind, value)))
    except GrammarError as error:
        # The router sets no limit of its own.
        raise InvalidRequest(f"grammar is not valid: {error}") from None


def _schema(kind: str, value: Any) -> Any:
    if kind == "json_schema":
        return value["schema"]
    if isinstance(value, str):
        try:
            return parse(value.encode())
        except JsonSyntaxError as error:
            raise InvalidRequest(f"grammar is not valid: {error}") from None
    if not isinstance(value, dict):
        raise InvalidRequest("grammar is not supported")
    return value


def _regex(schema: Any) -> str:
    try:
        _META.validate(schema)
    except jsonschema_rs.ValidationError as error:
        raise InvalidRequest(f"grammar is not valid: {error.message}") from None
    if not isinstance(schema, dict) or "properties" not in schema:
        raise InvalidRequest("grammar is not valid: Grammar must have a 'properties' field")
    try:
        return regex_from_schema(schema)
    except SchemaError as error:
        raise InvalidRequest(f"cannot compile regex from schema: {error}") from None
