"""Expressions from schemas: what they match, and what is refused in which words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from local_endpoints.containers.tgi.schema_regex import SchemaError, regex_from_schema

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def matches(schema: Any, text: str) -> bool:
    return re.fullmatch(regex_from_schema(schema), text) is not None


MATCHED: list[tuple[Any, list[str], list[str]]] = [
    (TEXT, ['""', '"é 😀"', r'"a\"b\\"'], ["a", '"a\nb"', r'"\n"', '"a"b"']),
    (NUMBER, ["0", "-12"], ["01", "1.0", "+1", ""]),
    ({"type": "number"}, ["0", "-1.50", "2e+3"], [".5", "1.", "2e3"]),
    ({"type": "boolean"}, ["true", "false"], ["True"]),
    ({"type": "null"}, ["null"], ["None"]),
    ({"type": "string", "minLength": 2, "maxLength": 3}, ['"ab"', '"abc"'], ['"a"', '"abcd"']),
    ({"type": "string", "pattern": "^[a-z]+$"}, ['"ab"'], ['"aB"', "ab"]),
    ({"type": "string", "format": "date"}, ['"2026-11-26"'], ['"2026-13-26"']),
    ({"type": "string", "format": "uuid"}, ['"01234567-89ab-cdef-0123-456789abcdef"'], ['"0"']),
    ({"type": "integer", "minDigits": 2, "maxDigits": 3}, ["12", "123"], ["1", "1234"]),
    ({"type": "number", "maxDigitsFraction": 2}, ["1.25"], ["1.255"]),
    ({"enum": ["a.b", 1, None]}, ['"a.b"', "1", "null"], ['"axb"', "2"]),
    ({"const": "a b"}, ['"a b"'], ['"a"']),
    ({"anyOf": [TEXT, NUMBER]}, ['"x"', "3"], ["null"]),
    ({"oneOf": [TEXT, NUMBER]}, ['"x"', "3"], ["null"]),
    ({"type": "array", "items": NUMBER}, ["[]", "[1]", "[ 1, 2 ]"], ["[1 ,2]", "[1,]", "1"]),
    ({"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 3}, ["[1,2,3]"], ["[1]"]),
    ({"type": "array", "maxItems": 0}, ["[ ]"], ["[1]"]),
    ({"prefixItems": [TEXT, NUMBER]}, ['["a" , 1]'], ['["a"]', '[1,"a"]']),
    ({"type": "array"}, ['[1,"a",[true,{"b":null}]]'], ["[a]"]),
    ({"type": "object"}, ["{}", '{"a": {"b": [1]}}'], ['{"a"}', "{,}"]),
    ({"type": "object", "additionalProperties": NUMBER}, ['{"a":1 , "b": 2}'], ['{"a":"b"}']),
    ({"type": "object", "minProperties": 1, "additionalProperties": TEXT}, ['{"a":"b"}'], ["{}"]),
    ({"type": "object", "maxProperties": 0}, ["{ }"], ['{"a":1}']),
    ({}, ["1", '"a"', "null", "[1]", '{"a":1}'], ["a"]),
]


@pytest.mark.parametrize(("schema", "good", "bad"), MATCHED, ids=lambda value: str(value)[:40])
def test_an_expression_matches_what_the_schema_allows(
    schema: Any, good: list[str], bad: list[str]
) -> None:
    assert [text for text in good if not matches(schema, text)] == []
    assert [text for text in bad if matches(schema, text)] == []


def test_required_properties_come_in_the_schemas_order() -> None:
    schema = {"properties": {"a": NUMBER, "b": TEXT, "c": NUMBER}, "required": ["b", "a"]}
    assert matches(schema, '{"a": 1, "b": "x"}')
    assert matches(schema, '{ "a" : 1 , "b" : "x" , "c" : 2 }')
    assert not matches(schema, '{"b": "x", "a": 1}')
    assert not matches(schema, '{"a": 1}')
    assert not matches(schema, '{"a":  1, "b": "x"}')  # one space at most


@pytest.mark.parametrize("text", ["{}", '{"a":1}', '{"c":2}', '{"a":1,"c":2}', '{"b":"","c":2}'])
def test_without_required_ones_any_properties_may_come(text: str) -> None:
    assert matches({"properties": {"a": NUMBER, "b": TEXT, "c": NUMBER}}, text)


def test_references_are_followed_within_the_schema() -> None:
    schema = {
        "$id": "x.json",
        "properties": {"a": {"$ref": "#/$defs/n"}, "b": {"$ref": "x.json#/$defs/n"}},
        "required": ["a", "b"],
        "$defs": {"n": NUMBER},
    }
    assert matches(schema, '{"a":1,"b":2}')


def test_bounds_have_no_effect() -> None:
    assert matches({"type": "integer", "minimum": 5}, "1")


REFUSED: list[tuple[Any, str]] = [
    (True, "Invalid JSON Schema: expected an object"),
    ({"properties": {"a": True}}, "Invalid JSON Schema: expected an object"),
    ({"type": "object", "additionalProperties": False}, "Invalid JSON Schema: expected an object"),
    ({"type": ["string", "null"]}, "'type' must be a string"),
    ({"type": "strin"}, "Unsupported type: strin"),
    ({"type": "string", "format": "email"}, "Format email is not supported by Outlines"),
    (
        {"type": "string", "minLength": 3, "maxLength": 2},
        "maxLength must be greater than or equal to minLength",
    ),
    (
        {"type": "integer", "minDigits": 3, "maxDigits": 2},
        "max bound must be greater than or equal to min bound",
    ),
    ({"enum": [[1, "a"]]}, 'Unsupported data type in enum: Array [Number(1), String("a")]'),
    ({"const": {"a": None}}, 'Unsupported data type in const: Object {"a": Null}'),
    ({"anyOf": 1}, "'anyOf' must be an array"),
    ({"enum": 1}, "'enum' must be an array"),
    ({"properties": []}, "'properties' not found or not an object"),
    ({"$ref": 1}, "'$ref' must be a string"),
    ({"$ref": "#/$defs/x"}, "Invalid reference path: $defs"),
    ({"$ref": "http://x/y#/z"}, "External references are not supported: http://x/y#/z"),
    ({"$ref": "a#b#c"}, "Invalid reference format: a#b#c"),
    (
        {"minimum": 3},
        'Unsupported JSON Schema structure {"minimum":3} \nMake sure it is valid to the JSON '
        "Schema specification and check if it's supported by Outlines.\nIf it should be "
        "supported, please open an issue.",
    ),
    ({"$ref": "#"}, "schemas may stand 60 deep in each other, and not in itself"),
]


@pytest.mark.parametrize(("schema", "text"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_not_supported_is_refused(schema: Any, text: str) -> None:
    with pytest.raises(SchemaError) as raised:
        regex_from_schema(schema)
    assert str(raised.value) == text


def test_an_expression_that_explodes_is_refused_in_time() -> None:
    names = [f"p{each}" for each in range(20_000)]
    large = {"type": "string", "pattern": "a" * 90_000}
    schema: Any = {"properties": {name: {"$ref": "#/x"} for name in names}, "x": large}
    with pytest.raises(SchemaError, match="more than 100000 characters"):
        regex_from_schema(schema)
    schema = TEXT
    for _ in range(12):
        schema = {"properties": {name: schema for name in "abcdefgh"}}
    with pytest.raises(SchemaError, match="more than 100000 characters"):
        regex_from_schema(schema)
