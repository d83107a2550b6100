"""From a JSON schema to a regular expression, as TGI's router compiles every schema.

Source: outlines-core at ba10c61, which TGI 3.3 is built with (src/json_schema). An answer follows
the expression and nothing else: properties come in the schema's order, there is at most one space
where JSON allows any, and keywords that are not read here (``minimum``, ``uniqueItems``, …) have no
effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local_endpoints.containers.http.json_text import encode

WHITESPACE = "[ ]?"
STRING_CHARACTER = r'([^"\\\x00-\x1F\x7F-\x9F]|\\["\\])'
STRING = f'"{STRING_CHARACTER}*"'
INTEGER = "(-)?(0|[1-9][0-9]*)"
NUMBER = rf"({INTEGER})(\.[0-9]+)?([eE][+-][0-9]+)?"

FORMATS: Mapping[str, str] = {
    "date-time": r'"(-?(?:[1-9][0-9]*)?[0-9]{4})-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])'
    r'T(2[0-3]|[01][0-9]):([0-5][0-9]):([0-5][0-9])(\.[0-9]{3})?(Z)?"',
    "date": r'"(?:\d{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[1-2][0-9]|3[0-1])"',
    "time": r'"(2[0-3]|[01][0-9]):([0-5][0-9]):([0-5][0-9])(\\.[0-9]+)?(Z)?"',
    "uuid": '"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"',
}

LONGEST = 100_000
"""Characters of an expression; more than the engine takes."""

DEEPEST = 60
"""Schemas in each other. TGI sets no limit: a schema that refers to itself ends its router."""

_MOST_MADE = 10 * LONGEST
"""Characters of all expressions that are made on the way; a reference repeats what it names."""

_FREE_DEPTH = 2
"""How deep a value goes that the schema leaves open."""


class SchemaError(ValueError):
    """A schema that outlines-core does not compile; the message is its own."""


def regex_from_schema(schema: Any) -> str:
    """The expression that matches the JSON which ``schema`` allows.

    Raises:
        SchemaError: it uses what is not supported, or needs too long an expression.
    """
    return _Compiler(schema).compile(schema, 0)


class _Compiler:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._made = 0
        self._keywords: Mapping[str, Callable[[Any, int], str]] = {
            "properties": self._properties,
            "allOf": lambda schema, depth: f"({''.join(self._each('allOf', schema, depth))})",
            "anyOf": lambda schema, depth: f"({'|'.join(self._each('anyOf', schema, depth))})",
            "oneOf": self._one_of,
            "prefixItems": self._prefix_items,
            "enum": self._enum,
            "const": lambda schema, depth: _literal(schema["const"], "const"),
            "$ref": self._reference,
            "type": self._type,
        }
        self._types: Mapping[str, Callable[[Any, int], str]] = {
            "string": lambda schema, depth: _string(schema),
            "number": lambda schema, depth: _number(schema),
            "integer": lambda schema, depth: _integer(schema),
            "array": self._array,
            "object": self._object,
            "boolean": lambda schema, depth: "(true|false)",
            "null": lambda schema, depth: "null",
        }

    def compile(self, schema: Any, depth: int) -> str:
        """The expression of one schema in the whole."""
        regex = self._compile(schema, depth)
        self._made += len(regex)
        if len(regex) > LONGEST or self._made > _MOST_MADE:
            raise SchemaError(f"the expression has more than {LONGEST} characters")
        return regex

    def _compile(self, schema: Any, depth: int) -> str:
        """The same without a limit; the first keyword decides."""
        if not isinstance(schema, dict):
            raise SchemaError("Invalid JSON Schema: expected an object")
        if depth > DEEPEST:
            raise SchemaError(f"schemas may stand {DEEPEST} deep in each other, and not in itself")
        if not schema:
            names = ("boolean", "null", "number", "integer", "string", "array", "object")
            return "|".join(f"({self._types[name]({}, depth + 1)})" for name in names)
        for name, keyword in self._keywords.items():
            if name in schema:
                return keyword(schema, depth + 1)
        raise SchemaError(
            f"Unsupported JSON Schema structure {encode(schema)} \nMake sure it is valid to the "
            "JSON Schema specification and check if it's supported by Outlines.\nIf it should be "
            "supported, please open an issue."
        )

    def _properties(self, schema: Any, depth: int) -> str:
        properties = schema["properties"]
        if not isinstance(properties, dict):
            raise SchemaError("'properties' not found or not an object")
        required = schema.get("required")
        required = required if isinstance(required, list) else []
        pairs = [
            f'{WHITESPACE}"{_escape(name)}"{WHITESPACE}:{WHITESPACE}{self.compile(value, depth)}'
            for name, value in properties.items()
        ]
        last = max((place for place, name in enumerate(properties) if name in required), default=-1)
        if last < 0:
            body = f"({'|'.join(_each_as_the_last(pairs))})?"
        else:
            body = "".join(
                pair if name in required else f"({pair})?"
                for name, pair in zip(properties, _commas_around(pairs, last), strict=True)
            )
        return rf"\{{{body}{WHITESPACE}\}}"

    def _each(self, keyword: str, schema: Any, depth: int) -> list[str]:
        if not isinstance(schema[keyword], list):
            raise SchemaError(f"'{keyword}' must be an array")
        return [self.compile(each, depth) for each in schema[keyword]]

    def _one_of(self, schema: Any, depth: int) -> str:
        return f"({'|'.join(f'(?:{each})' for each in self._each('oneOf', schema, depth))})"

    def _prefix_items(self, schema: Any, depth: int) -> str:
        items = f"{WHITESPACE},{WHITESPACE}".join(self._each("prefixItems", schema, depth))
        return rf"\[{WHITESPACE}{items}{WHITESPACE}\]"

    def _enum(self, schema: Any, depth: int) -> str:
        if not isinstance(schema["enum"], list):
            raise SchemaError("'enum' must be an array")
        return f"({'|'.join(_literal(each, 'enum') for each in schema['enum'])})"

    def _reference(self, schema: Any, depth: int) -> str:
        path = schema["$ref"]
        if not isinstance(path, str):
            raise SchemaError("'$ref' must be a string")
        base, *fragments = path.split("#")
        if len(fragments) > 1:
            raise SchemaError(f"Invalid reference format: {path}")
        if fragments and base and base != self._root.get("$id"):
            raise SchemaError(f"External references are not supported: {path}")
        found = self._root
        for part in filter(None, (fragments[0] if fragments else base).split("/")):
            if not isinstance(found, dict) or part not in found:
                raise SchemaError(f"Invalid reference path: {part}")
            found = found[part]
        return self.compile(found, depth)

    def _type(self, schema: Any, depth: int) -> str:
        name = schema["type"]
        if not isinstance(name, str):
            raise SchemaError("'type' must be a string")
        if name not in self._types:
            raise SchemaError(f"Unsupported type: {name}")
        return self._types[name](schema, depth)

    def _object(self, schema: Any, depth: int) -> str:
        if _count(schema, "maxProperties") == 0:
            return rf"\{{{WHITESPACE}\}}"
        values = schema.get("additionalProperties", True)
        if values is True:
            kinds = ("string", "number", "boolean", "null")
            value = f"({'|'.join(self._open(kinds, schema, depth))})"
        else:
            value = self.compile(values, depth)
        pair = f"{STRING}{WHITESPACE}:{WHITESPACE}{value}"
        optional = "" if _count(schema, "minProperties") else "?"
        pairs = f"({pair}({WHITESPACE},{WHITESPACE}{pair}){{0,}}){optional}"
        return rf"\{{{WHITESPACE}{pairs}{WHITESPACE}\}}"

    def _array(self, schema: Any, depth: int) -> str:
        least, most = _count(schema, "minItems") or 0, _count(schema, "maxItems")
        if most == 0:
            return rf"\[{WHITESPACE}\]"
        if "items" in schema:
            item = self.compile(schema["items"], depth)
        else:
            kinds = ("boolean", "null", "number", "integer", "string")
            item = "|".join(self._open(kinds, schema, depth))
        repeats = f"{{{max(least - 1, 0)},{'' if most is None else most - 1}}}"
        optional = "" if least else "?"
        items = f"(({item})(,{WHITESPACE}({item})){repeats}){optional}"
        return rf"\[{WHITESPACE}{items}{WHITESPACE}\]"

    def _open(self, kinds: tuple[str, ...], schema: Any, depth: int) -> Iterator[str]:
        """What stands where the schema says nothing: some plain kinds, and a few levels more."""
        for kind in kinds:
            yield self._types[kind]({}, depth)
        left = _count(schema, "depth")
        left = _FREE_DEPTH if left is None else left
        if left > 0:
            for kind in ("object", "array"):
                yield self.compile({"type": kind, "depth": left - 1}, depth)


def _each_as_the_last(pairs: list[str]) -> Iterator[str]:
    """Any of some pairs in their order, told apart by which is the last."""
    before = ""
    for pair in pairs:
        yield before + pair
        before += f"({pair}{WHITESPACE},)?"


def _commas_around(pairs: list[str], last: int) -> Iterator[str]:
    """Pairs with their commas, on the side of the last that must be there."""
    for place, pair in enumerate(pairs):
        before = f"{WHITESPACE}," if place > last else ""
        yield f"{before}{pair}{f'{WHITESPACE},' if place < last else ''}"


def _literal(value: Any, keyword: str) -> str:
    if isinstance(value, (dict, list)):
        raise SchemaError(f"Unsupported data type in {keyword}: {_debug(value)}")
    return _escape(encode(value))


def _string(schema: Any) -> str:
    if "minLength" in schema or "maxLength" in schema:
        least, most = _count(schema, "minLength") or 0, _count(schema, "maxLength")
        if most is not None and least > most:
            raise SchemaError("maxLength must be greater than or equal to minLength")
        return f'"{STRING_CHARACTER}{{{least},{"" if most is None else most}}}"'
    if isinstance(pattern := schema.get("pattern"), str):
        anchored = len(pattern) > 1 and pattern.startswith("^") and pattern.endswith("$")
        return f'("{pattern[1:-1] if anchored else pattern}")'
    if isinstance(form := schema.get("format"), str):
        if form not in FORMATS:
            raise SchemaError(f"Format {form} is not supported by Outlines")
        return FORMATS[form]
    return STRING


def _number(schema: Any) -> str:
    whole = _digits(schema, "Integer", first=1, free="*", no_least=1)
    fraction = _digits(schema, "Fraction", first=0, free="+", no_least=0)
    exponent = _digits(schema, "Exponent", first=0, free="+", no_least=0)
    return rf"((-)?(0|[1-9][0-9]{whole}))(\.[0-9]{fraction})?([eE][+-][0-9]{exponent})?"


def _integer(schema: Any) -> str:
    return f"(-)?(0|[1-9][0-9]{_digits(schema, '', first=1, free='*', no_least=0)})"


def _digits(schema: Any, part: str, *, first: int, free: str, no_least: int) -> str:
    """How often a digit comes; outlines' own keywords, such as ``maxDigitsFraction``.

    Args:
        schema: of a number.
        part: of the number.
        first: digits that the expression has before.
        free: the answer when nothing is said.
        no_least: the least number when only the most is said.
    """
    bounds = [_count(schema, f"{bound}Digits{part}") for bound in ("min", "max")]
    least, most = (None if bound is None else max(bound - first, 0) for bound in bounds)
    if least is not None and most is not None and most < least:
        raise SchemaError("max bound must be greater than or equal to min bound")
    if not least and not most:
        return free
    return f"{{{least or no_least},{most or ''}}}"


def _count(schema: Any, keyword: str) -> int | None:
    """A whole number from 0; outlines takes no notice of anything else."""
    value = schema.get(keyword)
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if whole else None


def _escape(text: str) -> str:
    # Rust's regex::escape; Python's own escapes spaces, too, which Rust does not read.
    return re.sub(r"[\\.+*?()|\[\]{}^$#&\-~]", r"\\\g<0>", text)


def _debug(value: Any) -> str:
    """A value as serde_json prints it for debugging."""
    if isinstance(value, dict):
        inner = ", ".join(f"{encode(name)}: {_debug(item)}" for name, item in value.items())
        return f"Object {{{inner}}}"
    if isinstance(value, list):
        return f"Array [{', '.join(map(_debug, value))}]"
    if value is None:
        return "Null"
    name = {bool: "Bool", str: "String"}.get(type(value), "Number")
    return f"{name}({encode(value)})"
