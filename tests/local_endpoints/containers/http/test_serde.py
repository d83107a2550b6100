"""Typed reading: serde's words for what does not fit."""

from __future__ import annotations

import json
import logging
import tracemalloc
from typing import Any

import pytest

from local_endpoints.containers.http.serde import (
    BodyError,
    Field,
    Reader,
    boolean,
    f32,
    i32,
    optional,
    read,
    sequence,
    string,
    struct,
    u32,
    u64,
)

PREFIX = "Failed to deserialize the JSON body into the target type: "

INNER = struct("Inner", {"number": Field(u32, required=True), "name": Field(optional(string))})
OUTER = struct(
    "Outer",
    {
        "text": Field(string, required=True),
        "limit": Field(optional(u32), aliases=("bound",)),
        "share": Field(optional(f32)),
        "whole": Field(i32),
        "seed": Field(optional(u64)),
        "flag": Field(boolean),
        "list": Field(sequence(string)),
        "inner": Field(INNER),
    },
)


def refused(text: str, reader: Reader = OUTER) -> str:
    with pytest.raises(BodyError) as caught:
        read(text.encode(), reader)
    assert caught.value.status == 422
    assert caught.value.text.startswith(PREFIX)
    return caught.value.text.removeprefix(PREFIX)


def test_what_fits_comes_back_under_its_name() -> None:
    body = {"text": "a", "bound": 3, "share": 1, "inner": {"number": 4, "name": None}, "x": [1]}
    assert read(json.dumps(body).encode(), OUTER) == {
        "text": "a",
        "limit": 3,
        "share": 1.0,
        "inner": {"number": 4, "name": None},
    }


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("{}", "missing field `text` at line 1 column 2"),
        ('{"text": 1}', "text: invalid type: integer `1`, expected a string at line 1 column 10"),
        ('{"text": null}', "text: invalid type: null, expected a string at line 1 column 13"),
        (
            '{"text": ["a"]}',
            "text: invalid type: sequence, expected a string at line 1 column 9",
        ),
        ('{"text": {}}', "text: invalid type: map, expected a string at line 1 column 9"),
        (
            '{"text":"a","limit":-1}',
            "limit: invalid value: integer `-1`, expected u32 at line 1 column 22",
        ),
        (
            '{"text":"a","bound":1.5}',
            "bound: invalid type: floating point `1.5`, expected u32 at line 1 column 23",
        ),
        (
            '{"text":"a","limit":5000000000}',
            "limit: invalid value: integer `5000000000`, expected u32 at line 1 column 30",
        ),
        (
            '{"text":"a","share":"x"}',
            'share: invalid type: string "x", expected f32 at line 1 column 23',
        ),
        (
            '{"text":"a","share":true}',
            "share: invalid type: boolean `true`, expected f32 at line 1 column 24",
        ),
        (
            '{"text":"a","flag":"yes"}',
            'flag: invalid type: string "yes", expected a boolean at line 1 column 24',
        ),
        (
            '{"text":"a","flag":null}',
            "flag: invalid type: null, expected a boolean at line 1 column 23",
        ),
        (
            '{"text":"a","list":"x"}',
            'list: invalid type: string "x", expected a sequence at line 1 column 22',
        ),
        (
            '{"text":"a","list":["x",2]}',
            "list[1]: invalid type: integer `2`, expected a string at line 1 column 25",
        ),
        (
            '{"text":"a","inner":{"name":"b"}}',
            "inner: missing field `number` at line 1 column 32",
        ),
        (
            '{"text":"a",\n"inner":{"number":true}}',
            "inner.number: invalid type: boolean `true`, expected u32 at line 2 column 22",
        ),
        (
            '{"text":"a","inner":null}',
            "inner: invalid type: null, expected struct Inner at line 1 column 24",
        ),
        (
            '{"text":"a","seed":18446744073709551616}',
            "seed: invalid type: floating point `1.8446744073709552e+19`, expected u64 "
            "at line 1 column 39",
        ),
        ('{"limit":1,"bound":2,"text":"a"}', "duplicate field `limit` at line 1 column 18"),
        ('"text"', 'invalid type: string "text", expected struct Outer at line 1 column 6'),
        ("[]", "invalid length 0, expected struct Outer with 8 elements at line 1 column 2"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(text: str, refusal: str) -> None:
    assert refused(text) == refusal


def test_the_first_problem_in_the_text_is_named() -> None:
    assert refused('{"flag": 1, "text": 2}').startswith("flag: ")
    assert refused('{"text": 2, "flag": 1}').startswith("text: ")


def test_text_that_is_no_json_is_a_400() -> None:
    with pytest.raises(BodyError) as caught:
        read(b'{"text": ', OUTER)
    assert caught.value.status == 400
    assert caught.value.text == (
        "Failed to parse the request body as JSON: "
        "text: EOF while parsing a value at line 1 column 9"
    )


def test_a_misfit_beside_too_deep_nesting_is_a_400_and_no_crash() -> None:
    with pytest.raises(BodyError) as caught:
        read(b'{"text": 1, "x": ' + b"[" * 200 + b"]" * 200 + b"}", OUTER)
    assert caught.value.status == 400
    assert "recursion limit exceeded" in caught.value.text


def test_ignored_fields_are_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        read(b'{"text": "secret", "parameters": {"a": "secret"}}', OUTER)
    assert "Outer: ignored 1 unknown field(s): 'parameters'" in caplog.text
    assert "secret" not in caplog.text


def test_schemas_describe_what_is_read() -> None:
    properties: Any = OUTER.schema["properties"]
    assert properties["limit"] == {"type": "integer", "minimum": 0, "nullable": True}
    assert OUTER.schema["required"] == ["text"]
    assert properties["list"] == {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    "rest",
    [
        "[" * 100 + "1," * 5_000 + "1" + "]" * 100,
        "[" + '{"a": 0},' * 3_000 + "0]",
        "{" + ",".join(f'"{i}": 0' for i in range(3_000)) + "}",
    ],
)
def test_a_refusal_takes_memory_in_proportion_to_the_body(rest: str) -> None:
    body = f'{{"text": 1, "x": {rest}}}'.encode()
    tracemalloc.start()
    try:
        with pytest.raises(BodyError, match="text: invalid type"):
            read(body, OUTER)
        assert tracemalloc.get_traced_memory()[1] < 100 * len(body)
    finally:
        tracemalloc.stop()
