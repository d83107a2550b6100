"""Structured output: today's names, yesterday's names, and what is malformed."""

from __future__ import annotations

from typing import Any

from tests.local_endpoints.containers.vllm.asked.case import Case, chat

CITY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 12},
        "people": {"type": "integer", "minimum": 0, "maximum": 99},
    },
    "required": ["city", "people"],
    "additionalProperties": False,
}
NUMBER = 'root ::= "yes " digit+\ndigit ::= [0-9]'
LARK = 'start: "yes" | "no"'
ASK = "Name a city as JSON."


def formatted(response_format: Any, **changes: Any) -> Case:
    return chat(ASK, **{"max_tokens": 60, "response_format": response_format, **changes})


def schema(described: Any, **more: Any) -> Case:
    named = {"name": "city", "schema": described, **more}
    return formatted({"type": "json_schema", "json_schema": named})


def shaped(structured_outputs: Any, **changes: Any) -> Case:
    return chat(ASK, **{"max_tokens": 60, "structured_outputs": structured_outputs, **changes})


STRUCTURED: dict[str, Case] = {
    "format text": formatted({"type": "text"}, max_tokens=2),
    "format null": formatted(None, max_tokens=2),
    "format object": formatted({"type": "json_object"}),
    "format object in a stream": formatted({"type": "json_object"}, stream=True, max_tokens=5),
    "format object, huggingface_hub's": formatted(
        {"type": "json_object", "value": CITY}, max_tokens=5
    ),
    "format schema": schema(CITY),
    "format schema, strict": schema(CITY, strict=True),
    "format schema, cut": formatted(
        {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY}}, max_tokens=4
    ),
    "format schema in a stream": formatted(
        {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY}}, stream=True
    ),
    "format schema, empty": schema({}),
    "format schema, no name": formatted({"type": "json_schema", "json_schema": {"schema": CITY}}),
    "format schema, no schema": formatted({"type": "json_schema", "json_schema": {"name": "c"}}),
    "format schema, nothing": formatted({"type": "json_schema"}),
    "format schema as a string": schema("{}"),
    "format schema, unknown type": schema({"type": "colour"}),
    "format schema, broken pattern": schema({"type": "string", "pattern": "(["}),
    "format schema, impossible": schema({"type": "integer", "minimum": 5, "maximum": 1}),
    "format schema, reference to nowhere": schema({"$ref": "#/$defs/nothing"}),
    "format schema, unsupported": schema(
        {"type": "object", "patternProperties": {"^a": {"type": "string"}}, "minProperties": 3}
    ),
    "format schema, multipleOf": schema({"type": "integer", "multipleOf": 7}),
    "format schema, uniqueItems": schema({"type": "array", "uniqueItems": True, "items": {}}),
    "format schema, string format": schema({"type": "string", "format": "date"}),
    "format schema, unknown string format": schema({"type": "string", "format": "colour"}),
    "format schema, enum": schema({"enum": ["red", "blue"]}),
    "format schema, array": schema(
        {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3}
    ),
    "format regex": formatted({"type": "regex", "value": "[a-z]+"}),
    "format grammar": formatted({"type": "grammar", "grammar": NUMBER}),
    "format unknown": formatted({"type": "xml"}),
    "format without type": formatted({"json_schema": {"name": "city", "schema": CITY}}),
    "format as a string": formatted("json_object"),
    "format empty": formatted({}),
    "format structural tag": formatted(
        {
            "type": "structural_tag",
            "structures": [{"begin": "<a>", "schema": CITY, "end": "</a>"}],
            "triggers": ["<a>"],
        },
        max_tokens=5,
    ),
    "format structural tag, malformed": formatted({"type": "structural_tag"}),
    "json": shaped({"json": CITY}),
    "json as a string": shaped({"json": '{"type": "integer"}'}),
    "json as a broken string": shaped({"json": "{"}),
    "json number": shaped({"json": 5}),
    "json, unknown type": shaped({"json": {"type": "colour"}}),
    "json object": shaped({"json_object": True}, max_tokens=6),
    "json object false": shaped({"json_object": False}, max_tokens=6),
    "regex": shaped({"regex": "[A-Z][a-z]{2,5}"}),
    "regex, cut": shaped({"regex": "[a-z]{40}"}, max_tokens=3),
    "regex, in a stream": shaped({"regex": "[A-Z][a-z]{2,5}"}, stream=True),
    "regex, broken": shaped({"regex": "(["}),
    "regex, with anchors": shaped({"regex": "^[a-z]{3}$"}),
    "regex, look-ahead": shaped({"regex": "(?=a)[a-z]+"}, max_tokens=4),
    "regex, back reference": shaped({"regex": "(a)\\1"}, max_tokens=4),
    "regex, empty": shaped({"regex": ""}, max_tokens=4),
    "regex number": shaped({"regex": 5}),
    "choice": shaped({"choice": ["red", "blue"]}),
    "choice of one": shaped({"choice": ["red"]}),
    "choice of none": shaped({"choice": []}),
    "choice of numbers": shaped({"choice": [1, 2]}),
    "choice no list": shaped({"choice": "red"}),
    "choice with quotes": shaped({"choice": ['a "b"', "c\\d", "e\nf"]}),
    "choice, prefix of another": shaped({"choice": ["red", "redder"]}),
    "choice, two answers": shaped({"choice": ["red", "blue"]}, n=2, temperature=1, seed=1),
    "choice with logprobs": shaped({"choice": ["red", "blue"]}, logprobs=True, top_logprobs=2),
    "choice with min tokens": shaped({"choice": ["red", "blue"]}, min_tokens=10),
    "choice with a stop": shaped({"choice": ["red", "blue"]}, stop=["e"]),
    "grammar": shaped({"grammar": NUMBER}, max_tokens=6),
    "grammar in Lark": shaped({"grammar": LARK}),
    "grammar, broken": shaped({"grammar": "root ::= ("}),
    "grammar, no root": shaped({"grammar": 'a ::= "b"'}),
    "grammar, unknown rule": shaped({"grammar": "root ::= colour"}),
    "grammar, empty": shaped({"grammar": ""}, max_tokens=4),
    "grammar number": shaped({"grammar": 5}),
    "structural tag": shaped({"structural_tag": "{}"}),
    "two at once": shaped({"regex": "a", "choice": ["a"]}),
    "none": shaped({}),
    "null": shaped(None, max_tokens=2),
    "all null": shaped({"json": None, "regex": None}),
    "no object": shaped("json"),
    "unknown kind": shaped({"colour": "red"}),
    "unknown kind beside": shaped({"choice": ["a"], "colour": "red"}),
    "backend named": shaped({"choice": ["a"], "backend": "guidance"}),
    "no white space": shaped({"json": CITY, "disable_any_whitespace": True}),
    "white space pattern": shaped({"json": CITY, "whitespace_pattern": " "}),
    "beside a format": shaped({"regex": "[a-z]+"}, response_format={"type": "json_object"}),
    "beside a text format": shaped({"choice": ["a"]}, response_format={"type": "text"}),
    "guided_json": chat(ASK, guided_json=CITY),
    "guided_regex": chat(ASK, guided_regex="[0-9]+"),
    "guided_choice": chat(ASK, guided_choice=["red", "blue"]),
    "guided_grammar": chat(ASK, guided_grammar=NUMBER),
    "guided_json in extra_body": chat(ASK, extra_body={"guided_json": CITY}),
}
