"""Grammars in words: what they are made from, and what is refused before a compiler sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_endpoints.engine.text.grammar import Grammar, GrammarError


def test_equal_grammars_are_one() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    assert {Grammar.json_schema(schema), Grammar.json_schema(dict(schema))} == {
        Grammar.json_schema(schema)
    }
    assert Grammar.json_schema(schema) != Grammar.json_schema(schema, whitespace="[ ]?")


def test_the_order_of_properties_is_part_of_a_schema() -> None:
    one: dict[str, Any] = {"properties": {"a": True, "b": True}}
    other: dict[str, Any] = {"properties": {"b": True, "a": True}}
    assert Grammar.json_schema(one) != Grammar.json_schema(other)


@pytest.mark.parametrize("options", [[], [1], ["yes", None]])
def test_a_choice_needs_texts(options: list[Any]) -> None:
    with pytest.raises(GrammarError, match="at least one string"):
        Grammar.choice(options)


@pytest.mark.parametrize("schema", [{"const": float("nan")}, {"const": {1, 2}}, {"enum": [b""]}])
def test_a_schema_must_be_json(schema: Any) -> None:
    with pytest.raises(GrammarError, match="the schema is no JSON"):
        Grammar.json_schema(schema)


def test_a_schema_that_contains_itself_is_refused() -> None:
    schema: dict[str, Any] = {}
    schema["not"] = schema
    with pytest.raises(GrammarError, match="the schema is no JSON"):
        Grammar.json_schema(schema)


def test_a_source_has_a_longest_length() -> None:
    Grammar.regex("a" * 100_000)
    with pytest.raises(GrammarError, match="at most 100000 characters, not 100001"):
        Grammar.regex("a" * 100_001)
    with pytest.raises(GrammarError, match="at most 100000 characters"):
        Grammar.choice([str(number) for number in range(20_000)])


def test_a_message_is_one_short_paragraph() -> None:
    error = GrammarError(f"bad:\n    (\n    ^\n   1 | start: /(/\n{'x' * 5000}\nthe end")
    assert "\n" not in str(error) and "^" not in str(error) and "|" not in str(error)
    assert str(error).startswith("bad: ( x") and str(error).endswith("x the end")
    assert len(str(error)) < 700


def test_options_of_the_compiler_inside_a_schema_are_ignored() -> None:
    """Neither outlines nor xgrammar knows ``x-guidance``."""
    plain = Grammar.json_schema({"type": "string"}).for_compiler()
    spiked = Grammar.json_schema({"type": "string", "x-guidance": {"lenient": True}})
    assert json.loads(spiked.for_compiler()) == json.loads(plain)
