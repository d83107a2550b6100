"""Tools without a server: what is offered, what a call must look like, and how it is read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from local_endpoints.containers.tgi.errors import ToolRefused
from local_endpoints.containers.tgi.schema_regex import regex_from_schema
from local_endpoints.containers.tgi.tools import CallText, offered, parsed, schema


def function(name: str, **properties: Any) -> dict[str, Any]:
    arguments = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


WEATHER = function("weather", city={"type": "string"})
TIME = function("time")


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (None, ["weather", "time", "no_tool"]),
        ("auto", ["weather", "time", "no_tool"]),
        ("required", ["weather", "time"]),
        ("none", []),
        ("time", ["time"]),
    ],
)
def test_the_choice_says_what_is_offered(choice: str | None, names: list[str]) -> None:
    tools = offered([WEATHER, TIME], choice)
    assert [tool["function"]["name"] for tool in tools] == names


def test_of_two_tools_with_one_name_the_first_is_taken() -> None:
    assert offered([TIME, function("time", zone={"type": "string"})], "time") == [TIME]


CALLS = [
    ('{"function":{"_name":"weather","city":"Oslo"}}', True),
    ('{ "function" : { "_name" : "weather", "city" : "Oslo" } }', True),
    ('{"function": {"_name": "time"}}', True),
    ('{"function": {"_name": "no_tool"}}', True),
    ("{}", True),  # TGI does not require the call.
    ('{"function": {"city": "Oslo", "_name": "weather"}}', False),
    ('{"function": {"_name": "weather"}}', False),
    ('{"function": {"_name": "time", "city": "Oslo"}}', False),
    ('{"function": {"_name": "other"}}', False),
]


@pytest.mark.parametrize(("text", "fits"), CALLS)
def test_a_call_has_its_name_first_and_then_its_arguments(text: str, fits: bool) -> None:
    regex = regex_from_schema(schema(offered([WEATHER, TIME], "auto")))
    assert (re.fullmatch(regex, text) is not None) == fits


def test_a_tools_own_definitions_are_out_of_reach() -> None:
    tool = function("f", a={"$ref": "#/$defs/x"})
    tool["function"]["arguments"]["$defs"] = {"x": {"type": "string"}}
    with pytest.raises(ValueError, match=r"^Invalid reference path: \$defs$"):
        regex_from_schema(schema([tool]))


def test_a_tool_without_a_schema_takes_nothing() -> None:
    tool = {"type": "function", "function": {"name": "f", "arguments": "anything"}}
    assert re.fullmatch(regex_from_schema(schema([tool])), '{"function": {"_name": "f"}}')


def test_a_call_is_read() -> None:
    call = parsed('{"function": {"_name": "weather", "city": "Oslo", "days": [1, 2]}}')
    assert (call.name, call.text) == ("weather", '{"city":"Oslo","days":[1,2]}')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{}", 'missing field `function` at line 1 column 2 "{}"'),
        ("", 'EOF while parsing a value at line 1 column 0 ""'),
        (
            '{"function": {"_na',
            'EOF while parsing a string at line 1 column 18 "{\\"function\\": {\\"_na"',
        ),
        ('{"function":{}}', 'missing field `_name` at line 1 column 14 "{\\"function\\":{}}"'),
    ],
)
def test_what_is_no_call_is_a_tool_error(text: str, reason: str) -> None:
    with pytest.raises(ToolRefused) as raised:
        parsed(text)
    assert raised.value.reason == f"Failed to parse generated text: {reason}"


def told(*pieces: str) -> list[tuple[str | None, str]]:
    text = CallText()
    return [pushed for piece in pieces if (pushed := text.push(piece)) is not None]


def test_a_call_is_told_from_the_token_that_completes_its_name() -> None:
    """The tokens are those of a test in router/src/chat.rs."""
    pieces = ['{"', "function", '":', ' {"', "_", "name", '":', ' "', "get", "_weather", '",']
    pieces += [' "', "location", '":', ' "', "San", " Francisco", ",", " CA", '"}}']
    first, *rest = told(*pieces)
    assert first == ("get_weather", "{")
    assert len(rest) == len(pieces) - 11
    assert {name for name, _ in rest} == {None}
    joined = first[1] + "".join(arguments for _, arguments in rest)
    assert joined == '{ "location": "San Francisco, CA"}'


@pytest.mark.parametrize(
    ("pieces", "arguments"),
    [
        (('{"function":{"_name":"f', '"', ",", '"a":1', "}", "}"), '{"a":1}'),
        (('{"function":{"_name":"f', '"', ', "a', '":1}', "}"), '{ "a":1}'),
        (('{"function":{"_name":"f', '"', "}", "}"), "{}"),
        (('{"function":{"_name":"f', '"', "}}"), "{}"),
        (('{"function":{"_name":"f"', ",", '"a":{}}', "} "), '{"a":{}}'),
    ],
)
def test_the_arguments_are_json_however_small_the_tokens_are(
    pieces: tuple[str, ...], arguments: str
) -> None:
    (name, first), *rest = told(*pieces)
    assert name == "f"
    assert first + "".join(text for _, text in rest) == arguments


def test_a_call_whose_name_never_ends_tells_nothing() -> None:
    assert told('{"function":', '{"_name":"f') == []
