"""Structured output: ``response_format`` and ``structured_outputs`` as a grammar of the engine
(vllm/sampling_params.py, ``_validate_structured_outputs``)."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.containers.vllm.fields import ResponseFormat, StructuredOutputs
from local_endpoints.engine.text.grammar import Grammar, GrammarError
from local_endpoints.engine.text.part import TextEngine

logger = logging.getLogger(__name__)

_NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_VALUES = ("enum", "const", "default", "examples", "required")
_OPEN = {"additionalProperties", "unevaluatedProperties", "patternProperties"}
_OPEN |= {"allOf", "anyOf", "oneOf", "$ref"}
"""Keywords beside which an object may have properties that it does not name."""


def grammar_of(given: StructuredOutputs | None, form: ResponseFormat | None) -> Grammar | None:
    """What an answer must look like; None for anything.

    The options for whitespace and further properties change nothing, as in vLLM 0.30, whose back
    ends look at those of the server only.

    Raises:
        Refused: the two contradict each other, or a constraint is empty or malformed.
    """
    merged = _merged(given, form)
    if merged is None:
        return None
    _check_empty(merged)
    try:
        if merged.json is not None:
            return Grammar.json_schema(closed(_schema(merged.json)))
        if merged.json_object:
            return Grammar.json_object()
        if merged.regex is not None:
            return Grammar.regex(merged.regex)
        if merged.choice is not None:
            return Grammar.choice(merged.choice)
        return Grammar.lark(merged.grammar or "")
    except GrammarError as error:
        raise Refused(f"Grammar error: {error.said}") from None


async def check_grammar(engine: TextEngine, grammar: Grammar, *, calls: bool = False) -> None:
    """Raises: Refused in vLLM's words when the engine cannot follow a grammar.

    Args:
        engine: compiles it.
        grammar: what an answer must look like.
        calls: whether it was made of functions, where vLLM's words say nothing of the reason: they
            are those of a `KeyError` on its way to another back end. The log has the reason.
    """
    if not calls and grammar.kind == "lark":
        try:
            grammar.for_compiler()
        except GrammarError as error:
            raise Refused(
                "Invalid grammar specification: Failed to convert the grammar from GBNF to Lark: "
                f"{error.said}"
            ) from None
    try:
        await asyncio.to_thread(engine.check, grammar)
    except GrammarError as error:
        if calls:
            logger.warning("the parameters of a function cannot be followed: %s", error)
            raise Refused("Invalid grammar specification: 'triggers'") from None
        raise Refused(f"Grammar error: {error.said}") from None


def _merged(
    given: StructuredOutputs | None, form: ResponseFormat | None
) -> StructuredOutputs | None:
    """Both in one: a response format is one more constraint, so the two exclude each other."""
    if form is None or form.type == "text":
        return given
    constraint: dict[str, Any] = {"json_object": True}
    if form.type == "json_schema":
        assert form.json_schema is not None
        constraint = {"json": form.json_schema.json_schema}
    before = vars(given) if given is not None else {}
    return StructuredOutputs(**{**before, **constraint})


def _check_empty(given: StructuredOutputs) -> None:
    if given.choice == []:
        raise Refused("Choice '[]' cannot be an empty list")
    if given.grammar is not None and not given.grammar.strip():
        raise Refused("structured_outputs.grammar cannot be an empty string")
    if isinstance(given.json, str) and not given.json.strip():
        raise Refused("structured_outputs.json cannot be an empty string")
    if given.json_object is False:
        raise Refused(
            "structured_outputs.json_object must be True if set; omit structured_outputs to "
            "disable structured outputs"
        )
    if given.regex and "\x00" in given.regex:
        raise Refused("structured_outputs.regex must not contain a NUL character ('\\x00')")


def _schema(given: str | dict[str, Any]) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise Refused("Invalid JSON grammar specification.") from None


def closed(schema: Any) -> Any:
    """A schema whose objects have no other properties than those that it names.

    vLLM's default back end, xgrammar, works in its strict mode, which generates no others.
    """
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {
        key: {name: closed(each) for name, each in value.items()}
        if key in _NAMED and isinstance(value, dict)
        else value
        if key in _VALUES
        else closed(value)
        for key, value in schema.items()
    }
    if "properties" in result and not result.keys() & _OPEN:
        result["additionalProperties"] = False
    return result
