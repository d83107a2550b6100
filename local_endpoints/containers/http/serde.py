"""Typed reading of a parsed body, with serde's wording for what does not fit.

A `Reader` takes a value and its path and returns the Python value, or raises `Mismatch`. `read`
runs one on a body and turns everything that can go wrong into the plain-text answers of axum's
``Json`` extractor (axum/src/extract/rejection.rs).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from local_endpoints.containers.http.json_text import Object, parse
from local_endpoints.containers.http.logged import few
from local_endpoints.containers.http.scanner import JsonSyntaxError, Path, Scanner, dotted

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """Checks and converts one kind of value.

    Attributes:
        convert: from a value and its path; raises `Mismatch`.
        schema: the OpenAPI description of what is accepted.
    """

    convert: Callable[[Any, Path], Any]
    schema: Mapping[str, Any]

    def __call__(self, value: Any, path: Path) -> Any:
        """The converted value."""
        return self.convert(value, path)


class Place(Enum):
    """Where serde_json's cursor stands when a value does not fit."""

    VALUE = "after the value, or before it when it is a container"
    END = "after the value, whatever it is"
    KEY = "after a key"
    NOWHERE = "not known: the whole document was read before anything was checked"


class Mismatch(Exception):
    """A value does not fit.

    Attributes:
        reason: serde's words.
        path: of the value, or of the object for a field that is missing or comes twice.
        place: where the cursor stands.
        pair: number of the pair, for `Place.KEY`.
    """

    def __init__(
        self, reason: str, path: Path, place: Place = Place.VALUE, *, pair: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
        self.place = place
        self.pair = pair


class BodyError(Exception):
    """A body that is refused before the route sees it.

    Attributes:
        status: HTTP status.
        text: plain-text answer.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def read(body: bytes, reader: Reader) -> Any:
    """Parse ``body`` and read it.

    Raises:
        BodyError: 400 for text that is no JSON, 422 for JSON that does not fit.
    """
    try:
        try:
            return reader(parse(body), ())
        except Mismatch as mismatch:
            raise BodyError(422, _mismatch_text(body, mismatch)) from None
    except JsonSyntaxError as error:
        where = _prefix(error.path)
        raise BodyError(400, f"Failed to parse the request body as JSON: {where}{error}") from None


def _mismatch_text(body: bytes, mismatch: Mismatch) -> str:
    return (
        "Failed to deserialize the JSON body into the target type: "
        f"{_prefix(mismatch.path)}{located(body, mismatch)}"
    )


def located(body: bytes, mismatch: Mismatch) -> str:
    """What does not fit and where in ``body`` it stands, as serde_json says it."""
    if mismatch.place is Place.NOWHERE:
        return mismatch.reason
    line, column = _locate(body, mismatch)
    return f"{mismatch.reason} at line {line} column {column}"


def _prefix(path: Path) -> str:
    return f"{dotted(path)}: " if path else ""


def _locate(body: bytes, mismatch: Mismatch) -> tuple[int, int]:
    scanner = Scanner(body, mismatch.path)
    scanner.scan()
    if mismatch.place is Place.KEY:
        return scanner.position(scanner.key_ends[mismatch.pair])
    start, end = scanner.span
    if mismatch.place is Place.VALUE and body[start] in b"[{":
        return scanner.position(start)
    return scanner.position(end)


def describe(value: Any) -> str:
    """A value as serde names it when it did not expect it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"boolean `{json.dumps(value)}`"
    if isinstance(value, int):
        return f"integer `{value}`"
    if isinstance(value, float):
        return f"floating point `{value}`"
    if isinstance(value, str):
        return f"string {json.dumps(value, ensure_ascii=False)}"
    return "sequence" if isinstance(value, list) else "map"


def _wrong_type(value: Any, path: Path, expected: str) -> Mismatch:
    return Mismatch(f"invalid type: {describe(value)}, expected {expected}", path)


def _string(value: Any, path: Path) -> str:
    if not isinstance(value, str):
        raise _wrong_type(value, path, "a string")
    return value


def _boolean(value: Any, path: Path) -> bool:
    if not isinstance(value, bool):
        raise _wrong_type(value, path, "a boolean")
    return value


def _f32(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong_type(value, path, "f32")
    with np.errstate(over="ignore"):
        return float(np.float32(value))


def _integer(name: str, lowest: int, highest: int) -> Reader:
    def convert(value: Any, path: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong_type(value, path, name)
        if not lowest <= value <= highest:
            raise Mismatch(f"invalid value: {describe(value)}, expected {name}", path)
        return value

    return Reader(convert, {"type": "integer", "minimum": lowest})


anything = Reader(lambda value, path: value, {})
string = Reader(_string, {"type": "string"})
boolean = Reader(_boolean, {"type": "boolean"})
f32 = Reader(_f32, {"type": "number", "format": "float"})
i32 = _integer("i32", -(2**31), 2**31 - 1)
u32 = _integer("u32", 0, 2**32 - 1)
u64 = _integer("u64", 0, 2**64 - 1)
usize = _integer("usize", 0, 2**64 - 1)


def optional(reader: Reader) -> Reader:
    """``null``, or what ``reader`` reads."""

    def convert(value: Any, path: Path) -> Any:
        return None if value is None else reader(value, path)

    return Reader(convert, {**reader.schema, "nullable": True})


def sequence(reader: Reader) -> Reader:
    """A list of what ``reader`` reads."""

    def convert(value: Any, path: Path) -> list[Any]:
        if not isinstance(value, list):
            raise _wrong_type(value, path, "a sequence")
        return [reader(item, (*path, index)) for index, item in enumerate(value)]

    return Reader(convert, {"type": "array", "items": reader.schema})


@dataclass(frozen=True)
class Field:
    """A field of a struct.

    Attributes:
        reader: of its value.
        required: whether leaving it out is an error; otherwise it is left out of the result.
        aliases: other names for it.
    """

    reader: Reader
    required: bool = False
    aliases: tuple[str, ...] = ()


def struct(name: str, fields: Mapping[str, Field], *, log_unknown: bool = True) -> Reader:
    """A reader of objects: unknown keys are ignored, given fields come back in a dict.

    The real service ignores unknown keys in silence; here the log names them, unless
    ``log_unknown`` is off.
    """
    by_name = {
        spelled: (field_name, field.reader)
        for field_name, field in fields.items()
        for spelled in (field_name, *field.aliases)
    }
    required = [field_name for field_name, field in fields.items() if field.required]

    def convert(value: Any, path: Path) -> dict[str, Any]:
        if isinstance(value, list) and len(value) < len(fields):
            # serde also reads a struct from a list of its fields in order; no client does that.
            raise Mismatch(
                f"invalid length {len(value)}, expected struct {name} with {len(fields)} elements",
                path,
                Place.END,
            )
        if not isinstance(value, Object):
            raise _wrong_type(value, path, f"struct {name}")
        if log_unknown:
            _log_unknown(name, [key for key in value if key not in by_name])
        result: dict[str, Any] = {}
        for pair, (key, item) in enumerate(value.pairs):
            if key not in by_name:
                continue
            field_name, reader = by_name[key]
            if field_name in result:
                raise Mismatch(f"duplicate field `{field_name}`", path, Place.KEY, pair=pair)
            result[field_name] = reader(item, (*path, key))
        for field_name in required:
            if field_name not in result:
                raise Mismatch(f"missing field `{field_name}`", path, Place.END)
        return result

    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field_name: field.reader.schema for field_name, field in fields.items()},
    }
    if required:
        schema["required"] = required
    return Reader(convert, schema)


def _log_unknown(name: str, keys: list[str]) -> None:
    if keys:
        shown = ", ".join(map(repr, few(keys)))
        logger.info("%s: ignored %d unknown field(s): %s", name, len(keys), shown)
