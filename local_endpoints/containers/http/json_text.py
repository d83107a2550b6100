"""JSON as serde_json writes it, and read as strictly, at the speed of Python's own parser.

TGI parses bodies with serde_json behind ``serde_path_to_error``, and clients see its messages as
plain text. Only when a body is refused does `Scanner` walk through the bytes again, to find the
words, the line and the column.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from local_endpoints.containers.http.scanner import JsonSyntaxError, Scanner

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A document as text: no spaces, and no escapes beyond the necessary ones."""


HOLE = secrets.token_hex()
"""Stands where a `Form` is filled in; random, so that no client's text is taken for it."""


class Form:
    """A document that is written many times, of which one string changes.

    Args:
        document: with `HOLE` in the string's place.
    """

    def __init__(self, document: Any) -> None:
        self._before, _, self._after = encode(document).partition(encode(HOLE))

    def filled(self, text: str) -> str:
        """The document as `encode` writes it with that text."""
        return f"{self._before}{encode(text)}{self._after}"


class Object(dict[str, Any]):
    """A JSON object that remembers every pair: serde refuses a field that comes twice."""

    # A body may hold hundreds of thousands of them.
    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def parse(body: bytes, *, make_object: Callable[[list[tuple[str, Any]]], Any] = Object) -> Any:
    """The document in ``body``.

    Args:
        body: as received.
        make_object: makes an object from its pairs.

    Raises:
        JsonSyntaxError: with the first thing that serde_json would object to.
    """
    try:
        document = json.loads(
            body.decode(),
            object_pairs_hook=make_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        Scanner(body).scan()
        raise JsonSyntaxError("expected value", 1, 0, ()) from None
    if b"\\ud" in body or b"\\uD" in body:
        # Python accepts half a surrogate pair, which no UTF-8 answer could repeat.
        Scanner(body).scan()
    return document


def _integer(digits: str) -> int | float:
    # serde_json turns integers beyond 64 bits into floats.
    if len(digits) > 20:
        return _float(digits)
    value = int(digits)
    return value if -(2**63) <= value < 2**64 else float(value)


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ValueError("number out of range")
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
