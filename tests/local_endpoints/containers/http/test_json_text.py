"""JSON with serde_json's strictness."""

from __future__ import annotations

from typing import Any

import pytest

from local_endpoints.containers.http.json_text import HOLE, Form, Object, encode, parse
from local_endpoints.containers.http.scanner import JsonSyntaxError, Scanner, dotted


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, -2.5, 1e3, true, false, null, "x\\n\\u00e9\\ud83e\\udd99"], "b": {}}',
        " [ ] ",
        '"text"',
        "18446744073709551615",
        "\t{\r\n}\n",
    ],
)
def test_both_parsers_accept_good_documents(text: str) -> None:
    parse(text.encode())
    Scanner(text.encode()).scan()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("  ", "EOF while parsing a value at line 1 column 2"),
        ("{", "EOF while parsing an object at line 1 column 1"),
        ('{"a"', "EOF while parsing an object at line 1 column 4"),
        ('{"a":', "EOF while parsing a value at line 1 column 5"),
        ('{"a":1', "EOF while parsing an object at line 1 column 6"),
        ("[1", "EOF while parsing a list at line 1 column 2"),
        ('"abc', "EOF while parsing a string at line 1 column 4"),
        ('{"a" 1}', "expected `:` at line 1 column 6"),
        ('{"a":1 "b":2}', "expected `,` or `}` at line 1 column 8"),
        ("[1 2]", "expected `,` or `]` at line 1 column 4"),
        ('{"a":1,}', "trailing comma at line 1 column 8"),
        ("[1,]", "trailing comma at line 1 column 4"),
        ("{1:2}", "key must be a string at line 1 column 2"),
        ("{} x", "trailing characters at line 1 column 4"),
        ("x", "expected value at line 1 column 1"),
        ("[NaN]", "expected value at line 1 column 2"),
        ("Infinity", "expected value at line 1 column 1"),
        ("trux", "expected ident at line 1 column 4"),
        ("nul", "EOF while parsing a value at line 1 column 3"),
        ("[01]", "invalid number at line 1 column 3"),
        ("[1x]", "expected `,` or `]` at line 1 column 3"),
        ("1x", "trailing characters at line 1 column 2"),
        ("1.", "EOF while parsing a value at line 1 column 2"),
        ("[1.x]", "invalid number at line 1 column 4"),
        ("[1e+]", "invalid number at line 1 column 5"),
        ("-", "EOF while parsing a value at line 1 column 1"),
        ("[-]", "invalid number at line 1 column 3"),
        ("1e999", "number out of range at line 1 column 5"),
        (
            '"\t"',
            "control character (\\u0000-\\u001F) found while parsing a string at line 1 column 2",
        ),
        ('"\\x"', "invalid escape at line 1 column 3"),
        ('"\\udc00"', "lone leading surrogate in hex escape at line 1 column 7"),
        ('"\\ud800x"', "unexpected end of hex escape at line 1 column 8"),
        ('{\n "a": 1,\n "b" 2}', "expected `:` at line 3 column 6"),
        ("\ufeff{}", "expected value at line 1 column 1"),
        ("[" * 100_000, "recursion limit exceeded at line 1 column 128"),
    ],
)
def test_bad_documents_are_refused_in_serdes_words(text: str, refusal: str) -> None:
    with pytest.raises(JsonSyntaxError) as caught:
        parse(text.encode())
    assert str(caught.value) == refusal


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(JsonSyntaxError, match="invalid unicode code point at line 1 column 7"):
        parse(b'{"a":"\xff"}')


def test_the_path_of_a_syntax_error_is_known() -> None:
    with pytest.raises(JsonSyntaxError) as caught:
        parse(b'{"a": [1, {"b": tru')
    assert dotted(caught.value.path) == "a[1].b"


def test_columns_count_bytes() -> None:
    with pytest.raises(JsonSyntaxError, match="trailing characters at line 1 column 8"):
        parse('"éé" ,'.encode())


def test_integers_beyond_64_bits_become_floats_as_in_serde_json() -> None:
    assert parse(b"18446744073709551616") == float(2**64)
    assert isinstance(parse(b"18446744073709551616"), float)
    assert parse(b"18446744073709551615") == 2**64 - 1


def test_objects_remember_repeated_keys() -> None:
    document = parse(b'{"a": 1, "a": 2}')
    assert isinstance(document, Object)
    assert document.pairs == [("a", 1), ("a", 2)]


def test_documents_are_written_as_serde_writes_them() -> None:
    assert encode({"a": [1, 0.5, None], "é": '"\n🦙'}) == '{"a":[1,0.5,null],"é":"\\"\\n🦙"}'


@pytest.mark.parametrize("text", ["", "a", '"\\\n\0', "é😀 ", "\u2028"])
def test_a_form_is_filled_in_as_the_document_would_be_written(text: str) -> None:
    def document(content: str) -> dict[str, Any]:
        return {"model": "\0", "choices": [{"delta": {"content": content}}], "usage": None}

    assert Form(document(HOLE)).filled(text) == encode(document(text))
